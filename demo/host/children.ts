// Owns the processes that a host starts, and that none of them outlives us.
// Must not know what they run.
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { OWN_GROUP, atExit, signalGroup } from './farewell';
import { until } from './until';

export interface ChildPlan {
	/** Said in messages: `n8n start`. */
	label: string;
	node: string;
	args: readonly string[];
	env: NodeJS.ProcessEnv;
	/** File that receives both outputs. */
	log: string;
	/** Removed when we die without a chance to clean up. */
	removes?: string;
}

/** One running Node process in a process group of its own. */
export class Child {
	readonly label: string;
	readonly log: string;
	/** Exit code or signal, once it ended. */
	exited: string | undefined;
	private readonly process: ChildProcess;
	private readonly forgetExit: () => void;

	constructor(plan: ChildPlan) {
		this.label = plan.label;
		this.log = plan.log;
		const output = fs.openSync(plan.log, 'a');
		const leash = ['--require', path.join(__dirname, 'leash.cjs')];
		const env = plan.removes ? { ...plan.env, CRM_ERP_LEASH_REMOVES: plan.removes } : plan.env;
		this.process = spawn(plan.node, [...leash, ...plan.args], { env, stdio: ['ignore', output, output], ...OWN_GROUP });
		fs.closeSync(output);
		this.forgetExit = atExit(() => signalGroup(this.process.pid, 'SIGKILL'));
		this.process.once('error', (error) => this.ended(error.message));
		this.process.once('exit', (code, signal) => this.ended(String(code ?? signal)));
	}

	/** Process id, or 0 when it never started. */
	get pid(): number {
		return this.process.pid ?? 0;
	}

	/** Throws with the end of the log when the process is no more. */
	assertAlive(): void {
		if (this.exited !== undefined) throw new ChildEnded(`${this.label} ended (${this.exited}). End of ${this.log}:\n${this.tail()}`);
	}

	/** Last lines of the log. */
	tail(lines = 30): string {
		try {
			return fs.readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
		} catch {
			return '';
		}
	}

	/** Asks it to end, and makes it after `patience` ms. */
	async end(patience = 20_000): Promise<void> {
		if (this.exited !== undefined) return;
		this.process.kill('SIGTERM');
		const gone = await until(() => this.exited !== undefined, { timeout: patience, every: 50, what: `the end of ${this.label}` }).catch(() => false);
		if (!gone) await this.kill();
	}

	/** Ends it at once, as a power cut would. */
	async kill(): Promise<void> {
		if (this.exited !== undefined) return;
		signalGroup(this.process.pid, 'SIGKILL');
		await until(() => this.exited !== undefined, { timeout: 10_000, every: 20, what: `the end of ${this.label}` });
	}

	private ended(how: string): void {
		this.exited ??= how;
		// A crashed n8n leaves its task runner in the group.
		signalGroup(this.process.pid, 'SIGKILL');
		this.forgetExit();
	}
}

/** A process that was needed is gone; waiting longer is pointless. */
export class ChildEnded extends Error {}
