// Owns a real Odoo 14 of one's own: installed once into the cache, started on loopback with a database fresh from its
// template, stopped without a trace. Must not know the pack's nodes.
// Command line: node --import tsx test/real/odoo14.ts [--check]
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type Artifact, type Progress, artifactFolder, cacheFolder, fromCache } from '../../demo/host/cache';
import { until } from '../../demo/host/until';
import { CannotSetUp, checkMachine, debian } from './debian';
import { OdooUser, readVersion } from './jsonrpc';
import { Namespace, NamespaceEnded, scriptPath } from './namespace';
import { ADMIN, INTEGRATION, seed } from './seed';
import { stage } from './stage';

const DATABASE = 'crm_erp';
const TEMPLATE_DATABASE = 'crm_erp_template';
const MODULES = ['sale_management', 'account', 'l10n_generic_coa', 'stock', 'sale_stock', 'crm'];
const RUN_PREFIX = 'odoo-14-run-';

export interface RealOdoo {
	url: string;
	database: string;
	login: string;
	password: string;
	/** Of the user `admin`. */
	adminPassword: string;
	/** As the server says it, e.g. `14.0`. */
	version: string;
	/** The last lines the server wrote. */
	log(): string;
	/** Ends the server and removes this run's data. */
	stop(): Promise<void>;
}

/**
 * Starts a real Odoo 14 with its own database, made from a template for this run alone; several may run at once.
 * Installs it first when the cache has it not (minutes, 3 GB). Throws `CannotSetUp` where that is impossible.
 */
export async function setUpOdoo14(progress: Progress): Promise<RealOdoo> {
	checkMachine();
	const system = await fromCache(debian, progress);
	const template = await fromCache(templateOf(), progress);
	removeAbandonedRuns();
	const port = await freePort();
	const folder = fs.mkdtempSync(path.join(cacheFolder(), RUN_PREFIX));
	const args = [system, scriptPath('odoo14.sh'), folder, template, 'run', String(port), TEMPLATE_DATABASE, DATABASE];
	const server = new Namespace({ label: 'Odoo 14', script: 'enter.sh', args, folder });
	const url = `http://127.0.0.1:${port}`;
	try {
		const version = await stage(progress, 'Odoo 14: starting with a fresh database', () => 'waiting', () => untilReady(server, url, DATABASE));
		return { url, database: DATABASE, ...INTEGRATION, adminPassword: ADMIN.password, version, log: () => server.tail(100), stop: () => server.close() };
	} catch (error) {
		await server.close();
		throw error;
	}
}

/** The template: a stopped PostgreSQL cluster and Odoo's files, made again when the seed or the scripts change. */
function templateOf(): Artifact {
	const sources = ['odoo14.sh', 'seed.ts'].map((name) => fs.readFileSync(path.join(__dirname, name), 'utf8'));
	return {
		name: 'odoo-14-template',
		recipe: [debian.recipe, ...MODULES, ...sources].join('\n'),
		async build(folder, progress) {
			let step = 'making a PostgreSQL cluster';
			const onLine = (line: string): void => {
				const [, name, place] = /Loading module (\S+) \((\d+\/\d+)\)/.exec(line) ?? [];
				if (name && place) step = `module ${place}, ${name}`;
			};
			const title = `Odoo 14, step 3 of 3: a database with ${MODULES.join(', ')} (once; about a minute)`;
			await stage(progress, title, () => step, () => buildTemplate(folder, onLine));
		},
	};
}

async function buildTemplate(folder: string, onLine: (line: string) => void): Promise<void> {
	const port = await freePort();
	const args = [artifactFolder(debian), scriptPath('odoo14.sh'), folder, '-', 'build', String(port), TEMPLATE_DATABASE, MODULES.join(',')];
	const server = new Namespace({ label: 'Odoo 14 (template)', script: 'enter.sh', args, onLine });
	try {
		const url = `http://127.0.0.1:${port}`;
		await untilReady(server, url, TEMPLATE_DATABASE, 900_000);
		await seed(url, TEMPLATE_DATABASE);
	} finally {
		await server.close();
	}
	if (server.status !== '0') server.assertAlive();
}

/** Waits until the server answers and the database can be logged in to; its version. */
async function untilReady(server: Namespace, url: string, database: string, timeout = 120_000): Promise<string> {
	const look = async (): Promise<string> => {
		server.assertAlive();
		const version = await readVersion(url);
		// The first login loads the database's registry.
		await OdooUser.login(url, database, ADMIN.login, ADMIN.password);
		return version;
	};
	const tolerates = (error: unknown): boolean => !(error instanceof NamespaceEnded);
	return await until(look, { timeout, every: 200, what: 'Odoo 14\'s first answer', tolerates, detail: () => server.tail() });
}

async function freePort(): Promise<number> {
	const probe = net.createServer();
	await new Promise<void>((resolve, reject) => {
		probe.once('error', reject);
		probe.listen(0, '127.0.0.1', resolve);
	});
	const address = probe.address();
	await new Promise((resolve) => probe.close(resolve));
	if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
	return address.port;
}

/** Folders of runs that a power cut ended: a living run holds its lock; a minute's grace for one that is starting. */
function removeAbandonedRuns(): void {
	const root = cacheFolder();
	for (const name of fs.readdirSync(root).filter((entry) => entry.startsWith(RUN_PREFIX))) {
		const folder = path.join(root, name);
		const age = Date.now() - (fs.statSync(folder, { throwIfNoEntry: false })?.ctimeMs ?? Date.now());
		if (age > 60_000) spawnSync('flock', ['-n', path.join(folder, 'lock'), 'rm', '-rf', folder], { stdio: 'ignore' });
	}
}

async function main(): Promise<void> {
	const server = await setUpOdoo14((text) => console.error(text));
	if (process.argv.includes('--check')) {
		console.log(`Odoo ${await readVersion(server.url)}`);
		await server.stop();
		return;
	}
	console.log(`ODOO_URL=${server.url}\nODOO_DB=${server.database}\nODOO_LOGIN=${server.login}\nODOO_PASSWORD=${server.password}`);
	console.error(`Odoo ${server.version} is up: in the browser as admin, password ${server.adminPassword}. Ctrl-C ends it and removes its data.`);
	await new Promise<void>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
	});
	await server.stop();
}

if (require.main === module) {
	main().catch((error: unknown) => {
		if (error instanceof CannotSetUp) console.error(`${error.message}\nA server of your own can be named instead: ODOO_URL, ODOO_DB, ODOO_LOGIN, ODOO_PASSWORD.`);
		else console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
