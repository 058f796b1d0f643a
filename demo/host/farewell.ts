// Owns what must still happen when this process ends, also by a signal or a crash. Must not know what that is.

const actions = new Set<() => void>();
let guarded = false;

/** Has `action` (synchronous, quick) done at the end of this process; the returned function takes it back. */
export function atExit(action: () => void): () => void {
	guard();
	actions.add(action);
	return () => void actions.delete(action);
}

/** Sends a signal to a process and all its descendants (those started with `detached`, which makes a group). */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
	if (!pid) return;
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, signal);
	} catch {
		// Gone between the look and the signal.
	}
}

/** For `spawn`: a group of its own. Ctrl-C in the terminal then reaches us alone, and we end things in order. */
export const OWN_GROUP = { detached: process.platform !== 'win32' } as const;

function guard(): void {
	if (guarded) return;
	guarded = true;
	process.on('exit', () => {
		// Latest first: processes end before the folder they write to goes.
		for (const action of [...actions].reverse()) attempt(action);
	});
	for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]] as const) {
		process.on(signal, () => {
			// A program with a handler of its own (`npm start`) decides itself when to leave.
			if (process.listenerCount(signal) === 1) process.exit(128 + number);
		});
	}
}

function attempt(action: () => void): void {
	try {
		action();
	} catch {
		// The next action matters as much; there is nobody left to tell.
	}
}
