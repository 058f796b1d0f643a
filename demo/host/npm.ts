// Owns calling npm from the demo: which npm, with which environment, progress, and its failures in words.
// Must not know what is installed.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Progress } from './cache';
import { OWN_GROUP, atExit, signalGroup } from './farewell';

export interface Run {
	/** Node binary that runs npm; scripts see it first on PATH. Default: the running one. */
	node?: string;
	cwd: string;
	/** Said in messages: `n8n 2.41.1`. */
	what: string;
	progress: Progress;
	/** Added to each progress line: how far it is. `fetched` counts npm's answered requests (log level http). */
	measure?: (fetched: number) => string;
	/** Seconds between progress lines. */
	every?: number;
}

/** Runs npm; resolves when it ended well, else throws a sentence with the reason npm gave. */
export async function npm(args: readonly string[], run: Run): Promise<void> {
	const output = await runTool(run.node ?? process.execPath, [npmCli(), ...args], run, npmReason);
	// npm 11 on a full disk: truncated files, a warning, and success.
	if (/TAR_ENTRY_ERROR (ENOSPC|EDQUOT|EIO)/.test(output)) throw new Error(`${run.what}: ${npmReason(output)}`);
}

/** Runs a program with progress lines; returns its output (the last 200 kB), which also makes the message when it fails. */
export async function runTool(program: string, args: readonly string[], run: Run, reasonOf: (output: string) => string = lastLines): Promise<string> {
	const started = Date.now();
	let output = '';
	let fetched = 0;
	const keep = (chunk: Buffer): void => {
		const text = chunk.toString();
		fetched += text.split(/npm http (?:fetch|cache) /).length - 1;
		output = (output + text).slice(-200_000);
	};
	const line = (): void => {
		const seconds = Math.round((Date.now() - started) / 1000);
		run.progress([`${run.what}: ${seconds} s`, run.measure?.(fetched)].filter(Boolean).join(', '));
	};
	const child = spawn(program, args, { cwd: run.cwd, env: toolEnv(run.node ?? process.execPath), stdio: ['ignore', 'pipe', 'pipe'], ...OWN_GROUP });
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	const forgetExit = atExit(() => signalGroup(child.pid, 'SIGKILL'));
	const timer = setInterval(line, (run.every ?? 5) * 1000);
	try {
		const status = await new Promise<string>((resolve, reject) => {
			child.once('error', reject);
			child.once('close', (code, signal) => resolve(String(code ?? signal)));
		});
		if (status !== '0') throw new Error(`${run.what}: ${reasonOf(output)} (${path.basename(program)} ended with ${status})`);
		return output;
	} finally {
		clearInterval(timer);
		forgetExit();
	}
}

/** Path of npm's own script: run through a chosen Node instead of npm's shebang, which would take the first on PATH. */
export function npmCli(): string {
	const beside = path.dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath,
		path.join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		path.join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		onPath('npm'),
		'/usr/share/nodejs/npm/bin/npm-cli.js',
	];
	const found = candidates.find((file) => file?.endsWith('npm-cli.js') && fs.existsSync(file));
	if (!found) throw new Error('npm was not found beside Node nor on PATH. Install npm (it comes with Node from nodejs.org).');
	return found;
}

/** Real path of a program on PATH, or nothing. */
export function onPath(program: string): string | undefined {
	const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
	const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
	for (const file of folders.flatMap((folder) => names.map((name) => path.join(folder, name)))) {
		if (fs.existsSync(file)) return fs.realpathSync(file);
	}
	return undefined;
}

/**
 * The environment for npm in another folder. `npm start` exports what belongs to this package
 * (npm_package_*, npm_lifecycle_*, local-prefix), which must not steer a second npm; registry, proxy and CA stay.
 */
export function toolEnv(node: string): NodeJS.ProcessEnv {
	const own = /^(npm_package_|npm_lifecycle_|npm_command$|npm_config_(local_prefix|prefix|global|dry_run|workspace|omit|include|nodedir)$|INIT_CWD$)/i;
	const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
	return { ...env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
}

const REASONS: ReadonlyArray<readonly [RegExp, string]> = [
	[/ENOSPC|EDQUOT/, 'the disk is full. Free some space, or set CRM_ERP_CACHE to a folder on a larger disk'],
	[/EACCES|EPERM/, 'no right to write there'],
	[/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/, 'the npm registry cannot be reached. Check the network, the proxy and `npm config get registry`'],
	[/CERT_|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/, 'the npm registry\'s certificate is not trusted. Set npm\'s `cafile`'],
	[/E401|E403/, 'the npm registry refuses access. Check `npm config get registry` and its token'],
	[/E404|ETARGET/, 'the npm registry does not have a package that is needed'],
];

function npmReason(output: string): string {
	const errors = output.split('\n').filter((text) => /^npm (error|ERR!)|TAR_ENTRY_ERROR/.test(text));
	const text = errors.join('\n') || output;
	const known = REASONS.find(([pattern]) => pattern.test(text))?.[1];
	const telling = errors.filter((line) => /TAR_ENTRY_ERROR|(error|ERR!) (code|network request|404|notarget|nospc)/.test(line));
	return known ? [`${known}.`, ...telling.slice(0, 4)].join('\n') : lastLines(text);
}

function lastLines(output: string, count = 15): string {
	return output.trimEnd().split('\n').slice(-count).join('\n');
}

/** Free space where the folder is (or will be), in GB; nothing when it cannot be asked. */
export function freeGigabytes(folder: string): number | undefined {
	try {
		const { bavail, bsize } = fs.statfsSync(folder);
		return (bavail * bsize) / 1e9;
	} catch {
		return undefined;
	}
}

/** Version a binary answers to `--version`, or nothing when it does not run here. */
export function versionOf(binary: string): string | undefined {
	try {
		return execFileSync(binary, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }).trim();
	} catch {
		return undefined;
	}
}
