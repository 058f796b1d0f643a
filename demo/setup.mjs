// Owns what a fresh clone needs before anything of it runs: a Node that is new enough, dependencies, the built pack.
// Must not need any of them itself: plain JavaScript, Node's own modules only. Command line: node demo/setup.mjs
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const CHECKOUT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = [20, 19];
const BUILT_FROM = ['nodes', 'credentials', 'workflows', 'package.json', 'gulpfile.js', 'tsconfig.json'];

/**
 * Brings a checkout to where the pack can be run and tested; quick when nothing has to be done.
 * @param {{ log?: (text: string) => void, checkout?: string }} [options] `log` receives progress lines for a person.
 * @returns {Promise<{ installed: boolean, built: boolean }>} what had to be done
 */
export async function setUp({ log = () => undefined, checkout = CHECKOUT } = {}) {
	checkNode(process.versions.node);
	const release = await holdTurn(checkout, log);
	try {
		const installed = !hasDependencies(checkout);
		if (installed) await installDependencies(checkout, log);
		const built = !isBuilt(checkout);
		if (built) await build(checkout, log);
		return { installed, built };
	} finally {
		release();
	}
}

/** Throws a sentence when this Node is too old. */
export function checkNode(version) {
	const [major, minor] = version.split('.').map(Number);
	if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
	throw new Error(`This needs Node ${OLDEST_NODE.join('.')} or newer; you run ${version}. Install a current Node from https://nodejs.org and try again.`);
}

/**
 * Whether node_modules holds what package-lock.json says. npm itself notes there what it installed, as its last step,
 * so an install done by hand counts, an interrupted one does not.
 */
export function hasDependencies(checkout) {
	const wanted = packagesIn(path.join(checkout, 'package-lock.json'));
	if (!wanted) throw new Error(`${checkout} has no readable package-lock.json: the clone is not complete.`);
	const present = packagesIn(path.join(checkout, 'node_modules', '.package-lock.json'));
	if (!present) return false;
	// Optional packages are for other platforms, or may have been left out.
	return Object.entries(wanted).every(([name, { version, optional, devOptional }]) => name === '' || (optional || devOptional ? true : present[name]?.version === version));
}

async function installDependencies(checkout, log) {
	const modules = path.join(checkout, 'node_modules');
	log('Installing the dependencies (once; one to three minutes)');
	const [program, ...first] = npmCommand();
	const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
	const npm = async (...args) =>
		await run(program, [...first, ...args, ...flags], checkout, 'The dependencies were not installed.', (seconds) =>
			log(`Installing the dependencies: ${seconds} s, ${countPackages(modules)} packages`),
		);
	try {
		await npm('ci');
	} catch (error) {
		// `npm ci` refuses a lock file that lacks packages for other platforms; `npm install` takes what fits here
		// and, with --no-save, leaves the lock file as it is.
		if (!/npm ci. can only install packages when/.test(error.message)) throw error;
		log('The lock file does not cover everything in package.json; installing as near to it as possible');
		await npm('install', '--no-save');
	}
	log(`Installed ${countPackages(modules)} packages`);
}

/** Whether dist was built from exactly what is in the checkout now. */
export function isBuilt(checkout) {
	return read(builtMarker(checkout)) === sourceHash(checkout);
}

async function build(checkout, log) {
	log('Building the pack');
	const gulp = path.join(checkout, 'node_modules', 'gulp', 'bin', 'gulp.js');
	await run(process.execPath, [gulp, 'build'], checkout, 'The pack was not built.', (seconds) => log(`Building the pack: ${seconds} s`));
	// After the build: it keeps the lists in package.json and the templates in order.
	fs.mkdirSync(path.dirname(builtMarker(checkout)), { recursive: true });
	fs.writeFileSync(builtMarker(checkout), sourceHash(checkout));
	log('Built the pack');
}

function builtMarker(checkout) {
	return path.join(checkout, 'dist', '.built-from');
}

/** One hash over names and contents of all files the build reads. */
function sourceHash(checkout) {
	const hash = createHash('sha256');
	for (const file of BUILT_FROM.flatMap((name) => filesUnder(checkout, name))) {
		hash.update(`${file}\0`).update(fs.readFileSync(path.join(checkout, file))).update('\0');
	}
	return hash.digest('hex');
}

function filesUnder(checkout, name) {
	const place = fs.statSync(path.join(checkout, name), { throwIfNoEntry: false });
	if (!place) return [];
	if (!place.isDirectory()) return [name];
	return fs
		.readdirSync(path.join(checkout, name))
		.sort()
		.flatMap((entry) => filesUnder(checkout, `${name}/${entry}`));
}

/** Runs a program; its output is shown only when it did not succeed. `tick` gets the seconds, every five. */
async function run(program, args, cwd, failed, tick) {
	const started = Date.now();
	const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' && program === 'npm' });
	let output = '';
	const keep = (chunk) => (output = (output + chunk).slice(-20_000));
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	const timer = setInterval(() => tick(Math.round((Date.now() - started) / 1000)), 5_000);
	try {
		const status = await new Promise((resolve, reject) => {
			child.once('error', (error) => reject(new Error(`${failed} ${program} cannot be started: ${error.message}`)));
			child.once('close', (code, signal) => resolve(code ?? signal));
		});
		// npm 11 on a full disk: truncated files, a warning, and success. The install must not pass for whole.
		const torn = /TAR_ENTRY_ERROR (ENOSPC|EDQUOT|EIO)/.test(output);
		if (torn) fs.rmSync(path.join(cwd, 'node_modules', '.package-lock.json'), { force: true });
		if (status !== 0 || torn) throw new Error(`${failed} ${hintFor(output)}\n${endOf(output)}`);
	} finally {
		clearInterval(timer);
	}
}

/** The end of an output; npm's own reason stands before its usage page. */
function endOf(output) {
	const lines = output.trimEnd().split('\n');
	const reasons = lines.filter((line) => /^npm error (code|`)/.test(line));
	return [...reasons, ...lines.slice(-25)].join('\n');
}

function hintFor(output) {
	if (/ENOSPC|EDQUOT/.test(output)) return 'The disk is full.';
	if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(output)) return 'The npm registry cannot be reached: check the network, the proxy and `npm config get registry`.';
	return 'What it said last:';
}

/** npm by the script that started us, else the one on PATH. */
function npmCommand() {
	const script = process.env.npm_execpath;
	return script && /npm-cli\.c?js$/.test(script) && fs.existsSync(script) ? [process.execPath, script] : ['npm'];
}

/** `npm start` and `npm test` at once: the second waits. A lock whose process is gone is taken over. */
async function holdTurn(checkout, log) {
	const name = createHash('sha256').update(fs.realpathSync(checkout)).digest('hex').slice(0, 16);
	const lock = path.join(os.tmpdir(), `crm-erp-setup-${name}.lock`);
	for (let told = false; ; told = true) {
		try {
			fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
			return () => fs.rmSync(lock, { force: true });
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
		}
		const owner = Number(read(lock));
		// A file without a number is one that is being written now, or was torn by a crash long ago.
		const age = Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
		if (owner ? !lives(owner) : age > 10_000) fs.rmSync(lock, { force: true });
		else {
			if (!told) log(`Another process (${owner}) is setting up this checkout, waiting`);
			await new Promise((done) => setTimeout(done, 500));
		}
	}
}

function lives(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error.code !== 'ESRCH';
	}
}

function packagesIn(file) {
	try {
		return JSON.parse(read(file) ?? '').packages;
	} catch {
		return undefined;
	}
}

function countPackages(modules) {
	const names = (folder) => (fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => !name.startsWith('.')) : []);
	return names(modules).reduce((sum, name) => sum + (name.startsWith('@') ? names(path.join(modules, name)).length : 1), 0);
}

function read(file) {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
	try {
		const done = await setUp({ log: (text) => console.error(text) });
		console.log(JSON.stringify(done));
	} catch (error) {
		console.error(error.message);
		process.exitCode = 1;
	}
}
