// Owns running a shell script in namespaces of its own (mounts, processes, IPC), so that neither a mount nor a process
// can outlive it: the script is on a lifeline (a pipe) that the kernel cuts when this process dies in any way.
// Must not know what the script does.
import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface Plan {
	/** Said in messages. */
	label: string;
	/** A script beside this file, run by `sh -eu`. */
	script: string;
	args: readonly string[];
	/** Folder that belongs to this run alone: locked while it lives, removed at its end. */
	folder?: string;
	env?: NodeJS.ProcessEnv;
	/** Sees every line of output. */
	onLine?: (line: string) => void;
}

const KEPT_LINES = 400;
const UNSHARE = ['--mount', '--propagation', 'private', '--pid', '--ipc', '--fork', '--kill-child'];

/** Path of a script of this folder. */
export function scriptPath(name: string): string {
	return path.join(__dirname, name);
}

/** One running script. */
export class Namespace {
	/** Exit status or signal, once it ended. */
	status: string | undefined;
	/** Resolves when it ended, well or not. */
	readonly ended: Promise<void>;
	private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
	private readonly lines: string[] = [];

	constructor(private readonly plan: Plan) {
		const { script, args, folder = '-', env = process.env } = plan;
		const command = ['sh', '-u', scriptPath('lifeline.sh'), folder, scriptPath(script), ...args];
		// detached: Ctrl-C in a terminal goes to this process alone, which then ends the script in order.
		this.child = spawn('unshare', [...UNSHARE, ...command], { env: { ...env, PATH: `${env.PATH ?? ''}:/usr/sbin:/sbin` }, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
		this.child.stdin.on('error', () => undefined); // the script may end first
		for (const stream of [this.child.stdout, this.child.stderr]) this.readLines(stream);
		this.ended = new Promise((resolve) => {
			const end = (status: string): void => {
				this.status ??= status;
				resolve();
			};
			this.child.once('error', (error) => end(error.message));
			this.child.once('close', (code, signal) => end(String(code ?? signal)));
		});
	}

	/** The last lines it wrote. */
	tail(count = 20): string {
		return this.lines.slice(-count).join('\n');
	}

	/** Throws, with the end of the output, when it is not running any more. */
	assertAlive(): void {
		if (this.status !== undefined) throw new NamespaceEnded(`${this.plan.label} ended with ${this.status}. The end of its output:\n${this.tail()}`);
	}

	/** Ends the script in order; returns when nothing of it is left. */
	async close(): Promise<void> {
		this.child.stdin.end();
		// lifeline.sh itself waits 20 s before it uses force; this is for the case that even that is stuck.
		const force = setTimeout(() => this.child.kill('SIGKILL'), 40_000);
		await this.ended;
		clearTimeout(force);
	}

	private readLines(stream: Readable): void {
		let rest = '';
		stream.setEncoding('utf8');
		stream.on('data', (chunk: string) => {
			// Some tools redraw a line with \r.
			const lines = (rest + chunk).split(/[\r\n]+/);
			rest = lines.pop() ?? '';
			for (const line of lines) this.keep(line);
		});
		stream.once('end', () => this.keep(rest));
	}

	private keep(line: string): void {
		if (line.trim() === '') return;
		this.lines.push(line);
		if (this.lines.length > KEPT_LINES) this.lines.shift();
		this.plan.onLine?.(line);
	}
}

/** The script is gone; waiting longer is pointless. */
export class NamespaceEnded extends Error {}

/** Runs a script to its end; throws with the end of its output when it did not end well. */
export async function runToEnd(plan: Plan): Promise<void> {
	const namespace = new Namespace(plan);
	await namespace.ended;
	if (namespace.status !== '0') namespace.assertAlive();
}

/** Why namespaces cannot be made here, or nothing. Containers without CAP_SYS_ADMIN forbid them. */
export function whyNoNamespaces(): string | undefined {
	const probe = spawnSync('unshare', [...UNSHARE, 'sh', '-c', 'mount -t tmpfs tmpfs /tmp'], { encoding: 'utf8', timeout: 20_000 });
	if (probe.status === 0) return undefined;
	return probe.error?.message ?? (probe.stderr.trim() || `unshare ended with ${probe.status ?? probe.signal}`);
}
