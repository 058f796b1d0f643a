// Owns a lock between processes: a file with its owner and a heartbeat.
// Must not know what is guarded.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

const Owner = z.object({ pid: z.number(), host: z.string(), token: z.string() });
type Owner = z.infer<typeof Owner>;

export interface LockOptions {
	/** Told once who holds the lock, when it has to be waited for. */
	waiting?: (owner: string) => void;
	/** How often the owner touches the file and a waiter looks, ms. */
	beat?: number;
	/** A lock whose heartbeat stood still for this long, ms, as seen by the waiter, is abandoned. */
	staleAfter?: number;
}

export interface Lock {
	release(): void;
}

/**
 * Waits until the lock file is ours.
 * A lock is abandoned when its owner on this machine is gone, or when its heartbeat does not move while we watch
 * (clocks are not compared: the file may be on a network disk, the machine may have slept).
 * Should two processes recover the same lock in one instant, both go on: what is guarded must stay correct then
 * (the cache renames whole folders), the lock only spares the double work.
 */
export async function holdLock(file: string, options: LockOptions = {}): Promise<Lock> {
	const { beat = 1_000, staleAfter = 60_000, waiting } = options;
	const seen = { heart: '', since: Date.now() };
	let told = false;
	for (;;) {
		const lock = tryLock(file, beat);
		if (lock) return lock;
		const state = readLock(file);
		if (state) {
			if (state.heart !== seen.heart) Object.assign(seen, { heart: state.heart, since: Date.now() });
			if (isGone(state.owner) || Date.now() - seen.since > staleAfter) {
				removeLock(file, state.owner?.token);
				continue;
			}
			if (!told) waiting?.(state.owner ? `${state.owner.pid} on ${state.owner.host}` : 'unknown');
			told = true;
		}
		await pause(beat);
	}
}

function tryLock(file: string, beat: number): Lock | undefined {
	const owner: Owner = { pid: process.pid, host: os.hostname(), token: randomUUID() };
	try {
		fs.writeFileSync(file, JSON.stringify(owner), { flag: 'wx' });
	} catch (error) {
		if (isCode(error, 'EEXIST')) return undefined;
		throw error;
	}
	const timer = setInterval(() => touch(file), beat);
	timer.unref();
	return {
		release() {
			clearInterval(timer);
			removeLock(file, owner.token);
		},
	};
}

function touch(file: string): void {
	try {
		const now = new Date();
		fs.utimesSync(file, now, now);
	} catch {
		// Somebody recovered the lock from us; the guarded work stays correct, see holdLock.
	}
}

function readLock(file: string): { owner?: Owner; heart: string } | undefined {
	try {
		const heart = String(fs.statSync(file).mtimeMs);
		return { owner: parseOwner(fs.readFileSync(file, 'utf8')), heart };
	} catch (error) {
		if (isCode(error, 'ENOENT')) return undefined;
		throw error;
	}
}

/** An empty or torn file belongs to a process between create and write, or to one that died there. */
function parseOwner(text: string): Owner | undefined {
	try {
		return Owner.parse(JSON.parse(text));
	} catch {
		return undefined;
	}
}

function isGone(owner: Owner | undefined): boolean {
	if (!owner || owner.host !== os.hostname()) return false;
	try {
		process.kill(owner.pid, 0);
		return false;
	} catch (error) {
		return isCode(error, 'ESRCH');
	}
}

/** Removes the lock only while it is still the one that was looked at. */
function removeLock(file: string, token: string | undefined): void {
	if (readLock(file)?.owner?.token === token) fs.rmSync(file, { force: true });
}

function isCode(error: unknown, code: string): boolean {
	// Not `instanceof Error`: under jest the errors of Node's own modules belong to another realm.
	return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
