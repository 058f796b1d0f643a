// Owns looking into plain objects and building them by dotted paths. No n8n, no network.

/** The value at a dotted path, or undefined. */
export function valueAt(object: unknown, path: string): unknown {
	return path.split('.').reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), object);
}

/** Sets the value at a dotted path, making the objects between. */
export function setAt(object: Record<string, unknown>, path: string, value: unknown): void {
	const steps = path.split('.');
	const last = steps.pop()!;
	let target = object;
	for (const step of steps) {
		const next = Object.hasOwn(target, step) ? target[step] : undefined;
		target = isRecord(next) ? next : ((target[step] = {}) as Record<string, unknown>);
	}
	target[last] = value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first whole number in a JSON text of which JavaScript would change a digit: an id, mostly. */
export function longNumber(json: string): string | undefined {
	const numbers = json.replace(/"(?:[^"\\]|\\.)*"/gs, '""').match(/-?\d{16,}(?![.\d])/g) ?? [];
	return numbers.find((digits) => !Number.isSafeInteger(Number(digits)));
}
