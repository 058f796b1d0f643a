// Proves that no process of the demo outlives its starter, however that ends. Needs no n8n.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../demo/host/until';

const checkout = path.join(__dirname, '..', '..');

/** A starter with one child (which has a child of its own) and a folder; prints the two process ids. */
function starter(folder: string): string {
	const grandchild = 'setInterval(() => {}, 1000)';
	const child = `const c = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}]); console.log(c.pid); setInterval(() => {}, 1000)`;
	return `
		const { Child } = require('./demo/host/children.ts');
		const { atExit } = require('./demo/host/farewell.ts');
		const folder = ${JSON.stringify(folder)};
		atExit(() => require('fs').rmSync(folder, { recursive: true, force: true }));
		const child = new Child({ label: 'child', node: process.execPath, args: ['-e', ${JSON.stringify(child)}], env: process.env, log: folder + '/log', removes: folder });
		const timer = setInterval(() => { if (child.tail()) { clearInterval(timer); console.log(child.pid + ' ' + child.tail()); } }, 20);
		process.stdin.on('data', (text) => { if (String(text).trim() === 'throw') throw new Error('crash'); });`;
}

function lives(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

it.each(['SIGINT', 'SIGTERM', 'SIGKILL', 'throw'] as const)('ends its children and removes its folder on %s', async (how) => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-children-'));
	const parent = spawn(process.execPath, ['--require', 'tsx/cjs', '-e', starter(folder)], { cwd: checkout, stdio: ['pipe', 'pipe', 'ignore'] });
	const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
	const pids = chunk.toString().trim().split(' ').map(Number);
	expect(pids.map(lives)).toEqual([true, true]);
	if (how === 'throw') parent.stdin.write('throw\n');
	else parent.kill(how);
	await once(parent, 'close');
	await until(() => !pids.some(lives), { timeout: 10_000, every: 50, what: 'the end of the children' });
	await until(() => !fs.existsSync(folder), { timeout: 2_000, every: 50, what: 'the removal of the folder' });
});
