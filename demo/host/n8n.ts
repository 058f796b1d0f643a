// Owns one n8n host: its processes, its user folder, its owner. What is done inside it is `desk`.
// Must not know our nodes, our simulators or the templates.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Anything, ApiKeys, NewApiKey, Scopes, Settings } from './answers';
import { N8nApi } from './api';
import { Child, ChildEnded, type ChildPlan } from './children';
import { Desk } from './desk';
import { atExit } from './farewell';
import type { InstalledHost } from './install';
import { type PackMode, placePack } from './pack';
import { freePort, hostEnvironment, lineOf, storedEncryptionKey } from './settings';
import { until } from './until';

export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

export interface HostOptions extends InstalledHost {
	/** The node package to put in before the start. */
	pack?: { folder: string; mode: PackMode };
	/** n8n's user folder; a temporary one unless told. */
	userFolder?: string;
	/** Keep the user folder at the end; by default only a given one is kept. */
	keep?: boolean;
	/** Port of the editor; a free one unless told. */
	port?: number;
	/** More environment for every process: queue mode, database. */
	env?: Readonly<Record<string, string>>;
	owner?: Partial<Owner>;
}

/** A further n8n process on the same user folder: queue mode's worker or webhook process. */
export interface Extra {
	child: Child;
	/** Where it listens. */
	url: string;
}

const OWNER: Owner = { email: 'owner@example.com', password: 'Crm-erp-demo-1', firstName: 'Demo', lastName: 'Owner' };
const KEY_LABEL = 'crm-erp';

/**
 * A real n8n on loopback. `await host.start()` and it is up, with an owner signed in;
 * the methods of `Desk` (workflows, credentials, executions) are its own. `await host.stop()` leaves nothing behind.
 */
export class N8nHost extends Desk {
	readonly userFolder: string;
	/** Sign-in of the editor. */
	readonly owner: Owner;
	/** ms from spawn to ready, of the last start. */
	bootMs = 0;
	private readonly options: HostOptions;
	private readonly keep: boolean;
	private readonly encryptionKey: string;
	private readonly extras: Extra[] = [];
	private main: Child | undefined;
	private brokerPort = 0;
	private packPlaced = false;
	private connected: N8nApi | undefined;
	private readonly forgetExit: () => void;

	constructor(options: HostOptions) {
		super(lineOf(options.version));
		this.options = options;
		this.keep = options.keep ?? options.userFolder !== undefined;
		this.userFolder = options.userFolder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-n8n-'));
		this.forgetExit = atExit(() => this.removeFolder());
		this.owner = { ...OWNER, ...options.owner };
		this.encryptionKey = storedEncryptionKey(this.userFolder) ?? randomUUID();
	}

	/** n8n's version. */
	get version(): string {
		return this.options.version;
	}

	/** Address of the editor. */
	get url(): string {
		return this.api.url;
	}

	/** n8n's log of all its starts. */
	get logFile(): string {
		return path.join(this.userFolder, 'n8n.log');
	}

	protected override get api(): N8nApi {
		if (!this.connected) throw new Error('The n8n host was not started.');
		return this.connected;
	}

	/** Last lines of the log. */
	override tail(lines = 30): string {
		return this.main?.tail(lines) ?? '';
	}

	/** Boots n8n and signs the owner in. `timeout` in ms; a first boot takes 5 to 30 s. */
	async start(timeout = 180_000): Promise<this> {
		fs.mkdirSync(path.join(this.userFolder, '.n8n'), { recursive: true });
		if (this.options.pack && !this.packPlaced) await this.installPackage(this.options.pack.folder, this.options.pack.mode);
		this.connected ??= new N8nApi(`http://127.0.0.1:${this.options.port ?? (await freePort())}`);
		this.brokerPort ||= await freePort();
		await this.boot(timeout);
		await this.signIn();
		return this;
	}

	/** Puts a node package into the user folder; n8n reads it at its next start. Returns the package's name. */
	async installPackage(folder: string, mode: PackMode): Promise<string> {
		this.packPlaced = true;
		return await placePack(folder, path.join(this.userFolder, '.n8n'), mode);
	}

	/** Ends n8n in order and starts it again on the same data and address. */
	async restart(): Promise<this> {
		await this.main?.end();
		return await this.start();
	}

	/** Ends n8n's main process as a power cut would. `start` brings it back on the same data. */
	async kill(): Promise<void> {
		await this.main?.kill();
	}

	/** Ends all processes and removes the user folder unless it is to be kept. */
	async stop(): Promise<void> {
		await Promise.all(this.extras.map(async (extra) => await extra.child.end()));
		await this.main?.end();
		this.removeFolder();
		this.forgetExit();
	}

	/** Starts a worker (queue mode's environment must be in the host's `env`) and waits until it is ready. */
	async startWorker(concurrency = 5, env: Readonly<Record<string, string>> = {}): Promise<Extra> {
		const port = await freePort();
		const health = { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port), N8N_WORKER_SERVER_ADDRESS: '127.0.0.1' };
		return await this.startExtra(['worker', `--concurrency=${concurrency}`], port, { ...health, ...env });
	}

	/** Starts a webhook process (queue mode) and waits until it is ready. */
	async startWebhook(env: Readonly<Record<string, string>> = {}): Promise<Extra> {
		const port = await freePort();
		return await this.startExtra(['webhook'], port, { N8N_PORT: String(port), ...env });
	}

	private removeFolder(): void {
		if (!this.keep) fs.rmSync(this.userFolder, { recursive: true, force: true, maxRetries: 3 });
	}

	private async startExtra(args: readonly string[], port: number, env: Readonly<Record<string, string>>): Promise<Extra> {
		const log = path.join(this.userFolder, `n8n-${args[0]}-${port}.log`);
		const broker = { N8N_RUNNERS_BROKER_PORT: String(await freePort()) };
		const extra = { child: this.spawn(args, log, { ...broker, ...env }), url: `http://127.0.0.1:${port}` };
		this.extras.push(extra);
		await ready(extra.child, extra.url, 120_000);
		return extra;
	}

	private async boot(timeout: number): Promise<void> {
		if (this.main && this.main.exited === undefined) throw new Error(`n8n is running already at ${this.url}.`);
		const started = Date.now();
		this.main = this.spawn(['start'], this.logFile, {}, this.keep ? undefined : this.userFolder);
		await ready(this.main, this.url, timeout);
		this.bootMs = Date.now() - started;
	}

	private spawn(args: readonly string[], log: string, env: Readonly<Record<string, string>>, removes?: string): Child {
		const { node, bin, version } = this.options;
		const place = { node, version, userFolder: this.userFolder, encryptionKey: this.encryptionKey, port: Number(new URL(this.url).port), brokerPort: this.brokerPort };
		const plan: ChildPlan = { label: `n8n ${args[0]}`, node, args: [bin, ...args], log, removes, env: { ...hostEnvironment(place), ...this.options.env, ...env } };
		return new Child(plan);
	}

	private async signIn(): Promise<void> {
		this.forget();
		const settings = await until(async () => await this.api.rest('GET', '/settings', Settings), {
			timeout: 60_000,
			what: 'n8n\'s settings page',
			detail: () => this.tail(),
		});
		if (settings.userManagement?.showSetupOnFirstLoad) await this.api.rest('POST', '/owner/setup', Anything, this.owner);
		else await this.api.rest('POST', '/login', Anything, { emailOrLdapLoginId: this.owner.email, password: this.owner.password });
		if (!this.api.apiKey) await this.makeApiKey();
	}

	/** A key is shown only once: a kept user folder gets a new one for the old. */
	private async makeApiKey(): Promise<void> {
		const old = (await this.api.rest('GET', '/api-keys', ApiKeys)).filter((key) => key.label === KEY_LABEL);
		for (const key of old) await this.api.rest('DELETE', `/api-keys/${key.id}`, Anything);
		const scopes = await this.api.rest('GET', '/api-keys/scopes', Scopes);
		this.api.apiKey = (await this.api.rest('POST', '/api-keys', NewApiKey, { label: KEY_LABEL, expiresAt: null, scopes })).rawApiKey;
	}
}

/** /healthz answers while migrations still run; readiness does not. */
async function ready(child: Child, url: string, timeout: number): Promise<void> {
	await until(
		async () => {
			child.assertAlive();
			return (await fetch(`${url}/healthz/readiness`, { signal: AbortSignal.timeout(5_000) })).ok;
		},
		{ timeout, what: `${child.label} at ${url}`, tolerates: (error) => !(error instanceof ChildEnded), detail: () => child.tail() },
	);
}
