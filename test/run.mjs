// Owns `npm test`: sets a fresh clone up, runs the tiers one after the other, counts, ends with `N passed, N failed`.
// A tier that cannot run counts as failed and says why; nothing is skipped in silence.
//
//   npm test                  every tier but `real`
//   npm test -- wire rules    these tiers
//   npm run test:real         the tier that needs a real server (sets up its own Odoo 14)
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from '../demo/setup.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

/** In the order in which they run: what fails quickly comes first. */
const TIERS = {
	typecheck: { command: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'] },
	lint: { command: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'] },
	rules: { paths: ['test/rules'] },
	core: { paths: ['test/core', 'test/kit', 'test/demo', 'test/systems'], flags: ['--maxWorkers=2'] },
	wire: { paths: ['test/wire'] },
	contract: { paths: ['test/contract', 'test/cap'], flags: ['--maxWorkers=2'] },
	// Mostly waiting for answers that do not come: both cores at once.
	workflows: { paths: ['test/workflows'], flags: ['--maxWorkers=2'] },
	// Real n8n processes: one file at a time.
	host: { paths: ['test/host'], flags: ['--runInBand'] },
	real: { config: 'test/real/jest.config.js' },
};
const ORDINARY = Object.keys(TIERS).filter((name) => name !== 'real');

/** Every server of the tests is on this machine: a proxy that the environment names is not asked for it. */
const LOOPBACK = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
// Without NODE_ENV: jest sets its own, and under "test" n8n's lint rules act as if they themselves were tested.
const ENVIRONMENT = { ...process.env, NO_PROXY: LOOPBACK, no_proxy: LOOPBACK };
delete ENVIRONMENT.NODE_ENV;

/** The program that runs now: whoever ends us ends it, and what it started gets its time to end. */
let running;
let ended = false;
for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
	process.on(signal, () => {
		ended = true;
		running?.kill(signal);
	});
}

/** What the replays print for each recorded server. */
const REPLAY = /^wire: \S+ replayed (\d+), matched (\d+), excepted (\d+)$/gm;
let printed = '';

/** Runs a program of ours with this Node; resolves with its exit code. */
function run(args) {
	return new Promise((resolve) => {
		running = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: ENVIRONMENT });
		running.stdout.on('data', (chunk) => {
			process.stdout.write(chunk);
			printed += chunk;
		});
		running.on('error', () => resolve(1));
		running.on('close', (code) => resolve(code ?? 1));
	});
}

/** One line for all recorded servers together; nothing when none was replayed. */
function replayLine() {
	const lines = [...printed.matchAll(REPLAY)];
	if (lines.length === 0) return undefined;
	const [replayed, matched, excepted] = [1, 2, 3].map((i) => lines.reduce((sum, line) => sum + Number(line[i]), 0));
	return `wire: replayed ${replayed}, matched ${matched}, excepted ${excepted}`;
}

async function runCommand(name, { command }) {
	const code = await run(command);
	return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, failures: [`${name} found something (see above)`] };
}

async function runJest(name, { paths = [], config, flags = [] }) {
	const output = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-test-')), 'results.json');
	const code = await run(['node_modules/jest/bin/jest.js', ...(config ? ['-c', config] : []), ...paths, ...flags, '--json', `--outputFile=${output}`]);
	const results = fs.existsSync(output) ? JSON.parse(fs.readFileSync(output, 'utf8')) : undefined;
	fs.rmSync(path.dirname(output), { recursive: true, force: true });
	if (!results) return { passed: 0, failed: 1, failures: [`${name}: jest ended with code ${code} and no results`] };
	const tests = results.testResults.flatMap((file) => file.assertionResults);
	const failures = tests.filter((test) => test.status === 'failed').map((test) => `${name}: ${test.fullName}`);
	// A file that does not even load has no tests of its own; a tier without tests proves nothing.
	const broken = results.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).map((file) => `${name}: ${path.relative(root, file.name)} did not run`);
	const left = tests.filter((test) => test.status === 'pending' || test.status === 'todo').map((test) => `${name}: ${test.fullName} was skipped`);
	const none = tests.length === 0 && broken.length === 0 ? [`${name}: no test ran`] : [];
	const all = [...failures, ...broken, ...left, ...none];
	if (code !== 0 && all.length === 0) all.push(`${name}: jest ended with code ${code}`);
	return { passed: results.numPassedTests, failed: all.length, failures: all };
}

async function main() {
	const chosen = process.argv.slice(2);
	const unknown = chosen.filter((name) => !(name in TIERS));
	if (unknown.length > 0) throw new Error(`There is no tier ${unknown.join(', ')}. Tiers: ${Object.keys(TIERS).join(', ')}`);
	await setUp({ log: (text) => console.log(text) });
	const total = { passed: 0, failed: 0, failures: [] };
	for (const name of chosen.length > 0 ? chosen : ORDINARY) {
		const began = Date.now();
		console.log(`\n== ${name}`);
		const tier = TIERS[name];
		const { passed, failed, failures = [] } = await (tier.command ? runCommand(name, tier) : runJest(name, tier));
		console.log(`== ${name}: ${passed} passed, ${failed} failed, ${Math.round((Date.now() - began) / 1000)} s`);
		total.passed += passed;
		total.failed += failed;
		total.failures.push(...failures);
		if (ended) {
			total.failed += 1;
			total.failures.push('the run was ended from outside; later tiers did not run');
			break;
		}
	}
	// Once more at the end: on a long screen nobody finds them above.
	for (const failure of total.failures) console.log(`failed: ${failure}`);
	const replays = replayLine();
	if (replays) console.log(replays);
	console.log(`\n${total.passed} passed, ${total.failed} failed`);
	process.exit(total.failed > 0 ? 1 : 0);
}

main().catch((error) => {
	console.error(error instanceof Error ? error.message : error);
	console.log('\n0 passed, 1 failed');
	process.exit(1);
});
