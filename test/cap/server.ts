// Owns starting and stopping the CAP server of the tests (test/cap/erp), and plain OData calls to it. Shares nothing
// with the pack's own client, so that neither can hide the other's mistakes.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import type { Clock } from '../../nodes/core/http';

const START_MS = 60_000;

/** The service's path. */
export const SERVICE = '/odata/v4/erp';

export const USER = { username: 'integration', password: 'integration-pw' };
/** A person there. */
const CLERK = { username: 'clerk', password: 'clerk-pw' };

export type Row = Record<string, unknown>;

/** A call as the server saw it. */
export interface SeenCall {
	method: string;
	/** Path and query, decoded. */
	url: string;
	headers: Record<string, string | undefined>;
	status: number;
	body?: unknown;
	/** Whether its answer told where the list goes on. */
	nextLink: boolean;
	answer: string;
}

/** What `fetch` takes. */
export interface PlainCall {
	url: string;
	init: { method: string; headers?: Record<string, string>; body?: string };
}

/** One part of a `$batch`. */
export interface SeenPart {
	id: string;
	method: string;
	url: string;
	headers?: Record<string, string>;
	body?: unknown;
}

/** The server refused a plain call. */
export class CapRefusal extends Error {
	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

export class CapServer {
	/** How much its clock is ahead of the machine's, in ms. */
	private ahead = 0;

	private constructor(
		private readonly child: ChildProcessWithoutNullStreams,
		private readonly port: number,
	) {}

	get host(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Below which all calls go: `http://127.0.0.1:4711/odata/v4/erp`. */
	get url(): string {
		return `${this.host}${SERVICE}`;
	}

	/** @param settings of CAP that differ from those in erp/.cdsrc.json */
	static async start(settings: object = {}): Promise<CapServer> {
		// Under NODE_ENV=test, which jest sets, CAP would take settings of its own for tests.
		const { NODE_ENV: _, ...env } = process.env;
		const child = spawn(process.execPath, [path.join(__dirname, 'erp', 'start.cjs')], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...env, CDS_CONFIG: JSON.stringify(settings) } });
		return new CapServer(child, await portOf(child));
	}

	async stop(): Promise<void> {
		if (this.child.exitCode !== null) return;
		const ended = new Promise((resolve) => this.child.once('close', resolve));
		this.child.kill();
		await ended;
	}

	/** Time that this server and its client share: nobody waits, it moves when somebody sleeps. */
	clock(): Clock {
		return {
			now: () => Date.now() + this.ahead,
			sleep: async (ms) => {
				this.ahead += ms;
				await fetch(`${this.host}/clock?ahead=${this.ahead}`, { method: 'POST' });
			},
			random: () => Math.random(),
		};
	}

	/** What arrived since the last time this was asked; a clerk's plain calls are left out. */
	async calls(): Promise<SeenCall[]> {
		const response = await fetch(`${this.host}/calls`);
		return ((await response.json()) as SeenCall[]).filter(({ headers }) => headers['x-clerk'] === undefined);
	}

	/** How a clerk makes a plain call. */
	clerk(method: string, where: string, body?: Row): PlainCall {
		const headers: Record<string, string> = { authorization: `Basic ${Buffer.from(`${CLERK.username}:${CLERK.password}`).toString('base64')}`, 'x-clerk': '1' };
		if (method !== 'GET') headers['content-type'] = 'application/json';
		if (method !== 'GET' && where !== '/$batch') headers['if-match'] = '*';
		return { url: this.url + where, init: { method, headers, body: body && JSON.stringify(body) } };
	}

	/** A clerk's plain call; throws what the server refuses. */
	async call(method: string, where: string, body?: Row): Promise<Row> {
		const { url, init } = this.clerk(method, where, body);
		const response = await fetch(url, init);
		const text = await response.text();
		if (!response.ok) throw new CapRefusal(response.status, `${method} ${where}: HTTP ${response.status} ${text}`);
		return text === '' ? {} : (JSON.parse(text) as Row);
	}

	/** All records that fit, over all pages. */
	async all(entity: string, filter?: string): Promise<Row[]> {
		const rows: Row[] = [];
		let next: string | undefined = `${entity}${filter ? `?$filter=${encodeURIComponent(filter)}` : ''}`;
		while (next !== undefined) {
			const page = await this.call('GET', `/${next}`);
			rows.push(...(page.value as Row[]));
			next = page['@odata.nextLink'] as string | undefined;
		}
		return rows;
	}
}

async function portOf(child: ChildProcessWithoutNullStreams): Promise<number> {
	let said = '';
	return await new Promise((resolve, reject) => {
		const give = (reason: string): void => {
			child.kill();
			reject(new Error(`The CAP server of the tests ${reason}. Is everything installed (npm ci)? It said:\n${said || 'nothing'}`));
		};
		const timer = setTimeout(() => give(`did not start within ${START_MS / 1000} s`), START_MS);
		child.stderr.on('data', (chunk) => (said += String(chunk)));
		child.stdout.on('data', (chunk) => {
			said += String(chunk);
			const port = /listening on (\d+)/.exec(said)?.[1];
			if (port === undefined) return;
			clearTimeout(timer);
			resolve(Number(port));
		});
		child.once('error', (error) => give(`could not be started: ${error.message}`));
		child.once('exit', (code) => {
			clearTimeout(timer);
			give(`ended with code ${code}`);
		});
	});
}
