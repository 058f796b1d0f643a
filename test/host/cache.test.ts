// Proves the cache: whole or absent, one builder at a time, abandoned locks recovered. Needs no n8n and no network.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Artifact, artifactFolder, cacheFolder, fromCache, isCached } from '../../demo/host/cache';
import { holdLock } from '../../demo/host/lock';

const checkout = path.join(__dirname, '..', '..');
const quiet = (): void => undefined;
let root: string;

beforeEach(() => {
	root = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-cache-'));
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function artifact(build: Artifact['build'] = async (folder) => fs.writeFileSync(path.join(folder, 'file'), 'made')): Artifact {
	return { name: 'thing-1', recipe: 'one', build };
}

describe('the folder', () => {
	it('is the named one, else the user\'s cache', () => {
		expect(cacheFolder({ CRM_ERP_CACHE: '/tmp/here' })).toBe('/tmp/here');
		expect(cacheFolder({ XDG_CACHE_HOME: '/tmp/xdg' })).toBe('/tmp/xdg/n8n-nodes-crm-erp');
		expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(path.join(os.homedir(), '.cache', 'n8n-nodes-crm-erp'));
	});

	it('cannot be made: says which variable helps', async () => {
		const file = path.join(root, 'file');
		fs.writeFileSync(file, '');
		await expect(fromCache(artifact(), quiet, path.join(file, 'below'))).rejects.toThrow(/CRM_ERP_CACHE/);
	});
});

describe('an artifact', () => {
	it('is made once', async () => {
		let made = 0;
		const counted = artifact(async () => void made++);
		const folder = await fromCache(counted, quiet, root);
		expect(await fromCache(counted, quiet, root)).toBe(folder);
		expect(made).toBe(1);
	});

	it('leaves nothing behind when it cannot be made, and is made the next time', async () => {
		const failing = artifact(async (folder) => {
			fs.writeFileSync(path.join(folder, 'half'), '');
			throw new Error('no disk');
		});
		await expect(fromCache(failing, quiet, root)).rejects.toThrow('no disk');
		expect(fs.readdirSync(root)).toEqual([]);
		await fromCache(artifact(), quiet, root);
		expect(isCached(artifact(), root)).toBe(true);
	});

	it('with another recipe stands beside the old one', async () => {
		const first = await fromCache(artifact(), quiet, root);
		const second = await fromCache({ ...artifact(), recipe: 'two' }, quiet, root);
		expect(second).not.toBe(first);
	});

	it('without its marker, and what killed builders left, is made again', async () => {
		const folder = artifactFolder(artifact(), root);
		fs.mkdirSync(folder);
		fs.mkdirSync(`${folder}.partial-dead`);
		await fromCache(artifact(), quiet, root);
		expect(fs.readdirSync(root)).toEqual([path.basename(folder)]);
		expect(fs.readFileSync(path.join(folder, 'file'), 'utf8')).toBe('made');
	});

	it('asked for by several processes at once is made by one of them', async () => {
		const ends = [1, 2, 3].map(async () => await output(program(300)));
		const lines = (await Promise.all(ends)).join('').trim().split('\n');
		expect(lines.filter((line) => line === 'building')).toHaveLength(1);
		expect(lines.filter((line) => line === 'done')).toHaveLength(3);
	});

	it('whose builder was killed is made by the next process', async () => {
		const first = program(60_000);
		await once(first.stdout!, 'data');
		first.kill('SIGKILL');
		await once(first, 'close');
		expect(fs.readdirSync(root)).toHaveLength(2); // lock and partial folder
		const folder = await fromCache(artifact(), quiet, root);
		expect(fs.readdirSync(root)).toEqual([path.basename(folder)]);
	});

	function program(ms: number): ChildProcess {
		const script = `
			const { fromCache } = require('./demo/host/cache.ts');
			const build = async () => { console.log('building'); await new Promise((done) => setTimeout(done, ${ms})); };
			fromCache({ name: 'thing-1', recipe: 'one', build }, () => {}, ${JSON.stringify(root)}).then(() => console.log('done'));`;
		return spawn(process.execPath, ['--require', 'tsx/cjs', '-e', script], { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] });
	}
});

describe('the lock', () => {
	it('of a process that lives is waited for, and of one that stopped beating is taken', async () => {
		const file = path.join(root, 'lock');
		fs.writeFileSync(file, JSON.stringify({ pid: 1, host: 'another-machine', token: 'x' }));
		const waited: string[] = [];
		const lock = await holdLock(file, { beat: 10, staleAfter: 60, waiting: (owner) => waited.push(owner) });
		expect(waited).toEqual(['1 on another-machine']);
		lock.release();
		expect(fs.existsSync(file)).toBe(false);
	});

	it('that beats is not taken', async () => {
		const file = path.join(root, 'lock');
		const held = await holdLock(file, { beat: 10 });
		let taken = false;
		const second = holdLock(file, { beat: 10, staleAfter: 60 }).then((lock) => {
			taken = true;
			return lock;
		});
		await new Promise((done) => setTimeout(done, 200));
		expect(taken).toBe(false);
		held.release();
		(await second).release();
	});

	it('torn by a crash is taken', async () => {
		const file = path.join(root, 'lock');
		fs.writeFileSync(file, '');
		(await holdLock(file, { beat: 10, staleAfter: 40 })).release();
	});
});

async function output(child: ChildProcess): Promise<string> {
	let text = '';
	child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
	await once(child, 'close');
	return text;
}
