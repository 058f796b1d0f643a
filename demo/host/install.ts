// Owns installing a pinned n8n into the cache: versions, recipe, what it needs of the machine.
// Must not know how n8n is driven. Command line: node --import tsx demo/host/install.ts 2|1
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Artifact, type Progress, artifactFolder, cacheFolder, fromCache, isCached } from './cache';
import { type Node24, findNode24 } from './node24';
import { freeGigabytes, npm } from './npm';
import { checkCompiler, placeBinding, sqliteBinding } from './sqlite3';

/** The two lines of n8n that the pack supports. */
export type Line = '2' | '1';

export interface InstalledHost {
	/** n8n's start script. */
	bin: string;
	/** The Node 24 to run it with. */
	node: string;
	/** n8n's version. */
	version: string;
}

/** Disk while installing, GB: the installation and npm's own cache of the same packages. */
const HOSTS: Readonly<Record<Line, { version: string; disk: number; minutes: string }>> = {
	'2': { version: '2.41.1', disk: 4.5, minutes: '3 to 8' },
	'1': { version: '1.123.81', disk: 3, minutes: '2 to 6' },
};

// xlsx: n8n takes it from a vendor's web site, the registry has 0.18.5. linkedom: later ones ask for a package
// that registries miss. n8n uses both in nodes that this project has no part in.
const OVERRIDES = { linkedom: '0.18.12', xlsx: '0.18.5' };

/** n8n of that line under Node 24, installed first when the cache has it not. */
export async function installHost(line: Line, progress: Progress): Promise<InstalledHost> {
	const { version } = HOSTS[line];
	const plan = planOf(line);
	if (!isCached(plan)) checkMachine(line);
	const node = await findNode24(progress);
	const folder = await fromCache(artifactOf(line, node), progress);
	return { bin: path.join(folder, 'node_modules', 'n8n', 'bin', 'n8n'), node: node.node, version };
}

/** Whether that line is in the cache already: starting it then needs no network and no patience. */
export function isInstalled(line: Line): boolean {
	return isCached(planOf(line));
}

function planOf(line: Line): Pick<Artifact, 'name' | 'recipe'> {
	const manifest = { private: true, dependencies: { n8n: HOSTS[line].version }, overrides: OVERRIDES };
	return { name: `n8n-${HOSTS[line].version}`, recipe: JSON.stringify(manifest) };
}

/** Before minutes of downloading: is there room, and a compiler? */
function checkMachine(line: Line): void {
	const { version, disk } = HOSTS[line];
	checkCompiler();
	const root = cacheFolder();
	fs.mkdirSync(root, { recursive: true });
	const free = freeGigabytes(root);
	if (free !== undefined && free < disk) {
		throw new Error(`n8n ${version} needs about ${disk} GB in ${root}, where ${free.toFixed(1)} GB are free. Make room, or set CRM_ERP_CACHE to a folder on a larger disk.`);
	}
}

function artifactOf(line: Line, node: Node24): Artifact {
	const { version, minutes } = HOSTS[line];
	const plan = planOf(line);
	return {
		...plan,
		async build(folder, progress) {
			// First what may be missing on the machine, then the long part.
			const binding = await sqliteBinding(node, progress);
			progress(`n8n ${version}: installing into ${artifactFolder(plan)} (once; ${minutes} minutes)`);
			fs.writeFileSync(path.join(folder, 'package.json'), plan.recipe);
			const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=http'];
			await npm(args, { node: node.node, cwd: folder, what: `n8n ${version}`, progress, measure: (fetched) => measure(folder, fetched) });
			placeBinding(binding, folder);
			checkDatabase(folder, node);
			progress(`n8n ${version}: installed, ${countPackages(folder)} packages`);
		},
	};
}

/** npm first asks for every package's description (about a thousand), then fetches and unpacks. */
function measure(folder: string, fetched: number): string {
	const unpacked = countPackages(folder);
	return unpacked === 0 ? `${fetched} answers of the npm registry` : `${unpacked} packages unpacked`;
}

/** Top-level packages: cheap to count, and enough to see movement. */
function countPackages(folder: string): number {
	const modules = path.join(folder, 'node_modules');
	const names = namesIn(modules).filter((name) => !name.startsWith('.'));
	return names.reduce((sum, name) => sum + (name.startsWith('@') ? namesIn(path.join(modules, name)).length : 1), 0);
}

function namesIn(folder: string): string[] {
	try {
		return fs.readdirSync(folder);
	} catch {
		return [];
	}
}

function checkDatabase(folder: string, node: Node24): void {
	const script = 'const {Database}=require("sqlite3"); new Database(":memory:").get("select 1 as one",(e,row)=>process.exit(row?.one===1?0:1))';
	try {
		execFileSync(node.node, ['-e', script], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 });
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`n8n was installed, but its database driver does not load: ${reason}`);
	}
}

async function main(): Promise<void> {
	const line = process.argv[2] ?? '2';
	if (line !== '1' && line !== '2') throw new Error('usage: node --import tsx demo/host/install.ts 2|1');
	const host = await installHost(line, (text) => console.error(text));
	console.log(JSON.stringify(host));
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
