// Owns building sqlite3's native binding, the only native part of n8n that npm does not bring ready-made.
// Must not know n8n's installation.
import fs from 'node:fs';
import path from 'node:path';
import { type Artifact, type Progress, fromCache } from './cache';
import { type Node24, fetchNode24 } from './node24';
import { npm, npmCli, onPath, runTool } from './npm';

const VERSION = '5.1.7';
const BINDING = 'node_sqlite3.node';

/** Throws a sentence that names what the compiler run will miss. */
export function checkCompiler(): void {
	if (process.platform === 'win32') return; // node-gyp looks for Visual Studio and Python itself, and says so
	const missing = [
		['python3', ['python3', 'python']],
		['make', ['make', 'gmake']],
		['a C++ compiler (g++)', ['g++', 'c++', 'clang++']],
	] as const;
	const names = missing.filter(([, programs]) => !programs.some((program) => onPath(program))).map(([name]) => name);
	if (names.length === 0) return;
	const hint = process.platform === 'darwin' ? 'xcode-select --install' : 'apt-get install python3 make g++   (Fedora: dnf install python3 make gcc-c++)';
	throw new Error(`n8n's database driver sqlite3 has to be compiled, and this machine lacks ${names.join(', ')}. Install it and run this again:\n  ${hint}`);
}

/** Path of the compiled binding. It is N-API: one serves every n8n line and every Node. */
export async function sqliteBinding(node: Node24, progress: Progress): Promise<string> {
	return path.join(await fromCache(artifactOf(node), progress), BINDING);
}

/** Puts the binding where the sqlite3 package of an installation looks for it. */
export function placeBinding(binding: string, installation: string): void {
	const folder = path.join(installation, 'node_modules', 'sqlite3', 'build', 'Release');
	fs.mkdirSync(folder, { recursive: true });
	fs.copyFileSync(binding, path.join(folder, BINDING));
}

function artifactOf(node: Node24): Artifact {
	return {
		name: `sqlite3-${VERSION}`,
		recipe: `sqlite3@${VERSION} node-gyp rebuild`,
		async build(folder, progress) {
			checkCompiler();
			const work = path.join(folder, 'work');
			fs.mkdirSync(work);
			fs.writeFileSync(path.join(work, 'package.json'), '{"private":true}\n');
			const what = `sqlite3 ${VERSION}`;
			progress(`${what}: fetching the source`);
			const args = ['install', '--prefix', work, '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--omit=optional', `sqlite3@${VERSION}`];
			await npm(args, { node: node.node, cwd: work, what, progress });
			fs.copyFileSync(await compile(path.join(work, 'node_modules', 'sqlite3'), node, progress), path.join(folder, BINDING));
			fs.rmSync(work, { recursive: true, force: true });
		},
	};
}

async function compile(source: string, node: Node24, progress: Progress): Promise<string> {
	// npm's own node-gyp: the 8.x that sqlite3 asks for needs Python's distutils, gone since Python 3.12.
	const gyp = path.join(path.dirname(npmCli()), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
	if (!fs.existsSync(gyp)) throw new Error(`npm came without node-gyp (${gyp} is missing): install the npm of nodejs.org.`);
	const headers = node.headers ?? (await fetchNode24(progress)).headers;
	if (!headers) throw new Error('Node\'s headers (include/node) are missing, sqlite3 cannot be compiled.');
	progress(`sqlite3 ${VERSION}: compiling (one to six minutes)`);
	await runTool(node.node, [gyp, 'rebuild', `--nodedir=${headers}`], { node: node.node, cwd: source, what: `sqlite3 ${VERSION}, compiling`, progress, every: 15 });
	const binding = path.join(source, 'build', 'Release', BINDING);
	if (!fs.existsSync(binding)) throw new Error(`sqlite3 was compiled, but ${binding} is not there.`);
	return binding;
}
