// Owns the JSON value type used throughout this simulator and the narrowings at its edges.
// Must not know: models, protocols.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A stored record. many2one is an id or false, x2many a list of ids, unset is false. */
export interface Row {
	id: number;
	[field: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list of ids; a bare id becomes a list of one, anything else an empty list. */
export function idList(value: Json | undefined): number[] {
	if (typeof value === 'number') return [value];
	return Array.isArray(value) ? value.filter((v): v is number => typeof v === 'number') : [];
}

export function num(value: Json | undefined): number {
	return typeof value === 'number' ? value : 0;
}

export function str(value: Json | undefined): string {
	return typeof value === 'string' ? value : '';
}

/** A stored many2one as an id; 0 when unset. */
export function ref(value: Json | undefined): number {
	return typeof value === 'number' ? value : 0;
}

export function strings(value: Json | undefined): string[] {
	return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
}
