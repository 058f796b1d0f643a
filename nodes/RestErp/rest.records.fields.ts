// Owns the fields of a module, which hardly any API describes: told from records that are there, and from what the
// profile itself writes. Must not know the network.
import type { FieldInfo } from '../core/mapping';
import { isRecord } from '../core/values';
import type { Mapping } from './rest.profile.parts';
import type { Row } from './rest.services';

/** Of objects inside objects. */
const DEEPEST = 3;
/** Links, annotations and other things that belong to the transport. */
const APART = /^(@|_|odata\.|\$)/;

type FieldType = FieldInfo['type'];

/**
 * @param rows   the first records of the module
 * @param body   what the profile sends for a document of the kind that the module holds
 * @param kept   expressions whose fields the server writes itself: id, time of change, version
 */
export function fieldsOf(rows: readonly Row[], body: Mapping | undefined, kept: ReadonlyArray<string | undefined>): FieldInfo[] {
	const types = new Map<string, FieldType | undefined>();
	for (const path of leavesOf(body, '')) types.set(path, undefined);
	for (const row of rows) for (const [path, value] of pathsOf(row, '', 1)) types.set(path, merged(types.get(path), typeOf(value)));
	const readOnly = new Set(kept.flatMap((expression) => nameIn(expression) ?? []));
	return [...types].map(([name, type]) => ({ name, label: labelOf(name), type: type ?? 'text', required: false, writable: !readOnly.has(name), custom: false }));
}

function leavesOf(body: Mapping | undefined, path: string): string[] {
	if (!isRecord(body)) return body === undefined || path === '' ? [] : [path];
	return Object.entries(body).flatMap(([name, inner]) => leavesOf(inner as Mapping, path ? `${path}.${name}` : name));
}

function pathsOf(row: Row, before: string, depth: number): Array<[path: string, value: unknown]> {
	return Object.entries(row).flatMap(([name, value]): Array<[string, unknown]> => {
		if (APART.test(name) || name.includes('@')) return [];
		const path = before ? `${before}.${name}` : name;
		return [[path, value], ...(isRecord(value) && depth < DEEPEST ? pathsOf(value, path, depth + 1) : [])];
	});
}

function typeOf(value: unknown): FieldType | undefined {
	if (value === null || value === undefined || value === '') return undefined;
	if (typeof value === 'number') return 'number';
	if (typeof value === 'boolean') return 'boolean';
	if (typeof value !== 'string') return 'other';
	if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'date';
	return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value) ? 'dateTime' : 'text';
}

function merged(known: FieldType | undefined, now: FieldType | undefined): FieldType | undefined {
	if (known === undefined || now === undefined || known === now) return known ?? now;
	// A number beyond 2^53 comes as text; a text may look like a date now and then.
	return known === 'other' || now === 'other' ? 'other' : 'text';
}

/** The field that an expression simply names: `record.id`. */
function nameIn(expression: string | undefined): string | undefined {
	return /^\s*record\.([\p{L}_][\p{L}\p{N}_.]*)\s*$/u.exec(expression ?? '')?.[1];
}

/** `attributes.externalId` -> `Attributes external id`. */
function labelOf(path: string): string {
	const words = path.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2').split(/[\s._-]+/).filter(Boolean).join(' ').toLowerCase();
	return words ? words[0]!.toUpperCase() + words.slice(1) : path;
}
