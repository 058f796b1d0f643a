// Owns the Debian 11 system that Odoo 14 comes from: what is missing for it on this machine, the mirror, the cached
// chroot with its packages. Must not know Odoo's data.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Artifact, type Progress, cacheFolder, isCached } from '../../demo/host/cache';
import { freeGigabytes, onPath } from '../../demo/host/npm';
import { runToEnd, scriptPath, whyNoNamespaces } from './namespace';
import { stage } from './stage';

const SUITE = 'bullseye';
const PACKAGES = ['odoo-14', 'postgresql-13'];
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';
// Where Debian moves releases that are no longer supported.
const ARCHIVE_MIRROR = 'http://archive.debian.org/debian';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const DISK_GIGABYTES = 3;

/** The machine lacks something; `missing` says what, one sentence each. */
export class CannotSetUp extends Error {
	constructor(readonly missing: readonly string[]) {
		super(['A real Odoo 14 cannot be set up on this machine:', ...missing.map((text) => `  - ${text}`)].join('\n'));
	}
}

/** The chroot with Odoo 14 and PostgreSQL 13, as an artifact of the cache. */
export const debian: Artifact = {
	name: 'odoo-14-debian',
	// The layout number stands for the scripts: raise it when what they make changes.
	recipe: [SUITE, ...PACKAGES, 'layout 1'].join(' '),
	async build(folder, progress) {
		await installDebootstrap(progress);
		const env = await proxyEnvironment();
		const mirror = await findMirror(env);
		await makeBaseSystem(folder, mirror, env, progress);
		await addPackages(folder, env, progress);
	},
};

/** Throws `CannotSetUp` with everything that can be known before the first download. */
export function checkMachine(): void {
	const missing = missingAlways();
	if (missing.length === 0) {
		const reason = whyNoNamespaces();
		if (reason) missing.push(`the right to make mount and process namespaces (containers need CAP_SYS_ADMIN, e.g. docker run --privileged): ${reason}`);
	}
	if (!isCached(debian)) missing.push(...missingForInstall());
	if (missing.length > 0) throw new CannotSetUp(missing);
}

function missingAlways(): string[] {
	const missing: string[] = [];
	if (process.platform !== 'linux') return [`Linux: this is ${process.platform}`];
	if (process.arch !== 'x64') missing.push(`an amd64 processor: this is ${process.arch}`);
	if (process.getuid?.() !== 0) missing.push('root: debootstrap and chroot need it. Run it as root, e.g. `sudo npm run test:real`');
	const tools = ['unshare', 'mount', 'chroot', 'flock'].filter((tool) => !findTool(tool));
	if (tools.length > 0) missing.push(`${tools.join(', ')}: from the packages util-linux, mount and coreutils`);
	return missing;
}

function missingForInstall(): string[] {
	const missing: string[] = [];
	if (!hasDebootstrap() && !findTool('apt-get')) missing.push('debootstrap with Debian\'s keyring, wget and gpgv, or apt-get to install them');
	const free = freeGigabytes(existingFolder(cacheFolder()));
	if (free !== undefined && free < DISK_GIGABYTES) {
		missing.push(`about ${DISK_GIGABYTES} GB in ${cacheFolder()}, where ${free.toFixed(1)} GB are free. Make room, or set CRM_ERP_CACHE to a folder on a larger disk`);
	}
	return missing;
}

/** The folder or the nearest one above it that exists. */
function existingFolder(folder: string): string {
	return fs.existsSync(folder) ? folder : existingFolder(path.dirname(folder));
}

/** Like PATH, and where root's tools are when PATH is a user's. */
function findTool(name: string): string | undefined {
	return onPath(name) ?? [`/usr/sbin/${name}`, `/sbin/${name}`].find((file) => fs.existsSync(file));
}

function hasDebootstrap(): boolean {
	return ['debootstrap', 'wget', 'gpgv'].every((tool) => findTool(tool)) && fs.existsSync(KEYRING);
}

/** Runs a short program; its output, or why it did not end well. Never blocks: the cache's lock has a heartbeat. */
async function ask(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<{ output: string; reason?: string }> {
	try {
		const { stdout } = await promisify(execFile)(program, [...args], { env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
		return { output: stdout };
	} catch (error) {
		const text = error instanceof Error ? error.message : String(error);
		return { output: '', reason: text.trim().split('\n').at(-1) ?? text };
	}
}

async function installDebootstrap(progress: Progress): Promise<void> {
	if (hasDebootstrap()) return;
	progress('Odoo 14: installing debootstrap with apt-get');
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	// Some other repository of the machine may be out of reach; the install tells whether that matters.
	await ask('apt-get', ['-q', 'update'], env);
	const { reason } = await ask('apt-get', ['-q', '-y', '--no-install-recommends', 'install', 'debootstrap', 'debian-archive-keyring', 'wget', 'gpgv'], env);
	if (!hasDebootstrap()) throw new CannotSetUp([`debootstrap with Debian's keyring, wget and gpgv: apt-get could not install them (${reason ?? 'no reason given'})`]);
}

/** The environment with apt's proxy in it, for wget and for the apt inside. */
async function proxyEnvironment(): Promise<NodeJS.ProcessEnv> {
	const env = { ...process.env };
	for (const scheme of ['http', 'https']) {
		if (env[`${scheme}_proxy`] || !findTool('apt-config')) continue;
		const { output } = await ask('apt-config', ['shell', 'PROXY', `Acquire::${scheme}::Proxy`]);
		const proxy = /^PROXY='(.+)'/.exec(output)?.[1];
		if (proxy && proxy !== 'DIRECT') env[`${scheme}_proxy`] = proxy;
	}
	return env;
}

/**
 * The first mirror that has Debian 11: `CRM_ERP_DEBIAN_MIRROR` alone when it is set, else those of the machine's apt,
 * Debian's own, and its archive.
 */
async function findMirror(env: NodeJS.ProcessEnv): Promise<string> {
	const chosen = process.env.CRM_ERP_DEBIAN_MIRROR;
	const candidates = chosen ? [chosen.replace(/\/$/, '')] : [...new Set([...mirrorsOfApt(), DEFAULT_MIRROR, ARCHIVE_MIRROR])];
	const refusals: string[] = [];
	for (const mirror of candidates) {
		const { reason } = await ask('wget', ['-nv', '-T', '20', '-t', '2', '-O', '/dev/null', `${mirror}/dists/${SUITE}/Release`], env);
		if (reason === undefined) return mirror;
		refusals.push(`${mirror} (${reason})`);
	}
	throw new CannotSetUp([`a Debian mirror that has ${SUITE}; tried ${refusals.join(', ')}. Set CRM_ERP_DEBIAN_MIRROR to one`]);
}

/** URIs that end in `/debian`, from apt's configuration in both of its notations. */
export function mirrorsOfApt(folder = '/etc/apt'): string[] {
	const parts = path.join(folder, 'sources.list.d');
	const files = [path.join(folder, 'sources.list'), ...(fs.existsSync(parts) ? fs.readdirSync(parts).map((name) => path.join(parts, name)) : [])];
	const texts = files.filter((file) => /\.(list|sources)$/.test(file) && fs.existsSync(file)).map((file) => fs.readFileSync(file, 'utf8'));
	const lines = texts.flatMap((text) => text.split('\n')).filter((line) => !line.trimStart().startsWith('#'));
	return lines.flatMap((line) => [...line.matchAll(/\bhttps?:\/\/\S+?\/debian(?=\/?(\s|$))/g)].map(([uri]) => uri));
}

async function makeBaseSystem(folder: string, mirror: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
	let last = '';
	const plan = { label: 'debootstrap', script: 'debootstrap.sh', args: [SUITE, folder, mirror, KEYRING], env, onLine: (line: string) => (last = line) };
	await stage(progress, `Odoo 14, step 1 of 3: Debian 11 from ${mirror} (once; about a minute)`, () => last.replace(/^I: /, ''), () => runToEnd(plan));
}

async function addPackages(folder: string, env: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
	let total = 0;
	const count = { fetched: 0, unpacked: 0, configured: 0 };
	const onLine = (line: string): void => {
		total ||= Number(/(\d+) newly installed/.exec(line)?.[1] ?? 0);
		if (line.startsWith('Get:')) count.fetched += 1;
		if (line.startsWith('Unpacking ')) count.unpacked += 1;
		if (line.startsWith('Setting up ')) count.configured += 1;
	};
	const measure = (): string => (total === 0 ? 'reading package lists' : `of ${total} packages ${Math.min(count.fetched, total)} fetched, ${count.unpacked} unpacked, ${count.configured} set up`);
	const plan = { label: 'apt-get', script: 'enter.sh', args: [folder, scriptPath('packages.sh'), '-', '-', ...PACKAGES], env, onLine };
	await stage(progress, `Odoo 14, step 2 of 3: ${PACKAGES.join(' and ')} with what they need, 220 MB (once; about two minutes)`, measure, () => runToEnd(plan));
}
