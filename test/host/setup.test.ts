// Proves what a fresh clone does before anything runs, on small made-up checkouts with a stand-in npm and gulp.
// Must not install anything real.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const setup = pathToFileURL(path.join(__dirname, '..', '..', 'demo', 'setup.mjs')).href;
const LOCK = JSON.stringify({ packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0', optional: true } } });
const NPM = `
	const fs = require('fs');
	fs.appendFileSync('calls', 'npm ' + process.argv.slice(2).join(' ') + '\\n');
	if (fs.existsSync('offline')) { console.error('npm error code EAI_AGAIN'); process.exit(1); }
	if (fs.existsSync('incomplete') && process.argv[2] === 'ci') {
		console.error('npm error \`npm ci\` can only install packages when your package.json and package-lock.json are in sync.' + '\\nnpm error usage'.repeat(40));
		process.exit(1);
	}
	setTimeout(() => {
		fs.cpSync('gulp.js', 'node_modules/gulp/bin/gulp.js');
		fs.writeFileSync('node_modules/.package-lock.json', fs.readFileSync('package-lock.json'));
	}, 300);`;
// Like the real one it writes into package.json.
const GULP = `
	const fs = require('fs');
	fs.appendFileSync('calls', 'gulp ' + process.argv.slice(2).join(' ') + '\\n');
	if (fs.existsSync('nodes/broken.ts')) { console.error('nodes/broken.ts: no such type'); process.exit(1); }
	fs.rmSync('dist', { recursive: true, force: true });
	fs.mkdirSync('dist');
	fs.writeFileSync('package.json', '{"n8n":{}}');`;

let checkout: string;

beforeEach(() => {
	checkout = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-setup-'));
	write('package.json', '{}');
	write('package-lock.json', LOCK);
	write('npm-cli.js', NPM);
	write('gulp.js', GULP);
	write('nodes/A.node.ts', 'one');
});
afterEach(() => fs.rmSync(checkout, { recursive: true, force: true }));

function write(name: string, text: string): void {
	fs.mkdirSync(path.dirname(path.join(checkout, name)), { recursive: true });
	fs.writeFileSync(path.join(checkout, name), text);
}

function calls(): string[] {
	const file = path.join(checkout, 'calls');
	const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : [];
	fs.rmSync(file, { force: true });
	return lines;
}

/** Runs setUp in a process of its own; returns what it logged, or the message it threw. */
async function setUp(): Promise<string> {
	const script = `const { setUp } = await import(${JSON.stringify(setup)});
		await setUp({ log: console.log, checkout: ${JSON.stringify(checkout)} }).catch((error) => { console.log(error.message); process.exitCode = 1; });`;
	const env = { ...process.env, npm_execpath: path.join(checkout, 'npm-cli.js') };
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	await once(child, 'close');
	return output;
}

it('installs and builds once', async () => {
	await setUp();
	expect(calls()).toEqual(['npm ci --ignore-scripts --no-audit --no-fund', 'gulp build']);
	await setUp();
	expect(calls()).toEqual([]);
});

it('installs again when the lock file names another version, builds again when a source changed', async () => {
	await setUp();
	calls();
	write('package-lock.json', LOCK.replace('1.0.0', '1.0.1'));
	await setUp();
	expect(calls()).toEqual(['npm ci --ignore-scripts --no-audit --no-fund']);
	write('nodes/A.node.ts', 'two');
	await setUp();
	expect(calls()).toEqual(['gulp build']);
	fs.rmSync(path.join(checkout, 'dist'), { recursive: true });
	await setUp();
	expect(calls()).toEqual(['gulp build']);
});

it('accepts dependencies that were installed by hand', async () => {
	write('node_modules/gulp/bin/gulp.js', GULP);
	write('node_modules/.package-lock.json', LOCK.replace('node_modules/b', 'node_modules/c'));
	await setUp();
	expect(calls()).toEqual(['gulp build']);
});

it('takes a lock file that npm ci finds incomplete, and leaves it alone', async () => {
	write('incomplete', '');
	expect(await setUp()).toMatch(/does not cover everything/);
	expect(calls().slice(0, 2)).toEqual(['npm ci --ignore-scripts --no-audit --no-fund', 'npm install --no-save --ignore-scripts --no-audit --no-fund']);
});

it('asked twice at once works once', async () => {
	const [one, other] = await Promise.all([setUp(), setUp()]);
	expect(calls()).toEqual(['npm ci --ignore-scripts --no-audit --no-fund', 'gulp build']);
	expect(one + other).toMatch(/Another process \(\d+\) is setting up/);
});

it('says what is missing, and what did not compile', async () => {
	write('offline', '');
	expect(await setUp()).toMatch(/not installed.*registry cannot be reached/);
	fs.rmSync(path.join(checkout, 'offline'));
	write('nodes/broken.ts', '');
	expect(await setUp()).toMatch(/not built[\s\S]*no such type/);
	fs.rmSync(path.join(checkout, 'package-lock.json'));
	expect(await setUp()).toMatch(/clone is not complete/);
});
