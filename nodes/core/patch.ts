// Owns what a user's JSON over ours needs: the merge patch, and the known name nearest to an unknown one. No n8n, no network.
import { isRecord } from './mapping';

/** Applies a JSON merge patch (RFC 7396): null removes, objects are merged, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
	if (!isRecord(patch)) return patch;
	const before = isRecord(target) ? target : {};
	const kept = Object.entries(before).filter(([name]) => !Object.hasOwn(patch, name));
	const given = Object.entries(patch).filter(([, value]) => value !== null).map(([name, value]): [string, unknown] => [name, mergePatch(Object.hasOwn(before, name) ? before[name] : undefined, value)]);
	return Object.fromEntries([...kept, ...given]);
}

/** The name most like the given one, when it is like enough to be meant: for messages. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
	let best: { name: string; distance: number } | undefined;
	for (const candidate of known) {
		const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
		if (!best || distance < best.distance) best = { name: candidate, distance };
	}
	return best && best.distance <= Math.max(2, Math.floor(name.length / 2)) ? best.name : undefined;
}

function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
		previous = current;
	}
	return previous[b.length]!;
}
