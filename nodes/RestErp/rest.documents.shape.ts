// Owns bringing what a mapping gives into the form that documents have: one thing where a list is meant, numbers as
// texts and texts as numbers, 0/1 for no/yes, dates. By the documents' own schema. Must not know a profile or the network.
import Big from 'big.js';
import { z } from 'zod';
import { nearest } from '../core/patch';
import { isRecord } from '../core/values';

/** What cannot be brought into form. */
export class ShapeFault extends Error {
	constructor(
		readonly path: ReadonlyArray<string | number>,
		message: string,
	) {
		super(message);
	}
}

/** Days, not times, in every kind of document. */
const DATES = new Set(['date', 'validUntil', 'dueDate', 'closeDate']);
const YES = new Set(['1', 'true', 'yes', 'y', 'tyes', 'on']);
const NO = new Set(['0', 'false', 'no', 'n', 'tno', 'off']);
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i;

type Path = ReadonlyArray<string | number>;

/**
 * The value as the schema wants it where that is beyond doubt; what does not fit is left for the schema to refuse.
 * Members without a value are left out, so that the schema's defaults apply.
 *
 * @param date a system's date as `yyyy-mm-dd`
 * @throws ShapeFault when a date is none
 */
export function shaped(schema: z.ZodTypeAny, given: unknown, date: (value: unknown) => string | undefined, path: Path = []): unknown {
	const inner = unwrapped(schema);
	const value = plain(given);
	if (value === undefined) return undefined;
	if (inner instanceof z.ZodArray) return listed(value).map((member, i) => shaped(inner.element as z.ZodTypeAny, member, date, [...path, i]));
	if (Array.isArray(value)) return value.length > 1 ? value : shaped(schema, value[0], date, path);
	if (inner instanceof z.ZodObject) return isRecord(value) ? shapedMembers(inner, value, date, path) : value;
	if (inner instanceof z.ZodBoolean) return truth(value);
	if (inner instanceof z.ZodUnion) return decimal(value);
	if (inner instanceof z.ZodString && DATES.has(String(path.at(-1)))) return dated(value, date, path);
	if (inner instanceof z.ZodString || inner instanceof z.ZodEnum) return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
	return value;
}

function shapedMembers(schema: z.AnyZodObject, value: Record<string, unknown>, date: (value: unknown) => string | undefined, path: Path): Record<string, unknown> | undefined {
	const shape = schema.shape as Record<string, z.ZodTypeAny>;
	const members = Object.entries(shape).flatMap(([name, member]) => {
		const result = shaped(member, value[name], date, [...path, name]);
		return result === undefined ? [] : [[name, result] as const];
	});
	return members.length > 0 ? Object.fromEntries(members) : undefined;
}

export function unwrapped(schema: z.ZodTypeAny): z.ZodTypeAny {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap() as z.ZodTypeAny);
	if (schema instanceof z.ZodDefault) return unwrapped(schema.removeDefault() as z.ZodTypeAny);
	return schema instanceof z.ZodEffects ? unwrapped(schema.innerType() as z.ZodTypeAny) : schema;
}

/** JSONata gives one thing as itself, nothing as nothing, and for null one object without members. */
export function listed(value: unknown): unknown[] {
	const members = (Array.isArray(value) ? (value as unknown[]) : [value]).filter((member) => plain(member) !== undefined);
	return members.length === 1 && isRecord(members[0]) && Object.keys(members[0]).length === 0 ? [] : members;
}

/** undefined for nothing; numbers kept with all their digits as text. */
function plain(value: unknown): unknown {
	if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
	return typeof value === 'object' && 'isLosslessNumber' in value ? String(value as unknown as { value: string }) : value;
}

function decimal(value: unknown): unknown {
	const text = typeof value === 'string' ? value.trim() : '';
	return DECIMAL.test(text) ? new Big(text.replace(/^\+/, '')).toFixed() : value;
}

function truth(value: unknown): unknown {
	const word = typeof value === 'object' ? '' : String(value).trim().toLowerCase();
	return YES.has(word) ? true : NO.has(word) ? false : value;
}

function dated(value: unknown, date: (value: unknown) => string | undefined, path: Path): string | undefined {
	try {
		return date(value);
	} catch {
		throw new ShapeFault(path, `gives ${shown(value)}, which is not a date`);
	}
}

/** A value in a message. */
export function shown(value: unknown): string {
	if (Array.isArray(value)) return `${value.length} values`;
	const text = JSON.stringify(value) ?? String(value);
	return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/**
 * The first name in a mapping that the schema does not have, and the one that was probably meant.
 *
 * @param more names that are understood beside the schema's
 */
export function unknownName(schema: z.ZodTypeAny, mapping: unknown, more: readonly string[], path: readonly string[] = []): { path: string; near: string | undefined; known: string[] } | undefined {
	const inner = unwrapped(schema);
	const object = inner instanceof z.ZodArray ? unwrapped(inner.element as z.ZodTypeAny) : inner;
	if (!isRecord(mapping) || !(object instanceof z.ZodObject)) return undefined;
	const shape = object.shape as Record<string, z.ZodTypeAny>;
	const known = [...Object.keys(shape), ...more];
	for (const [name, value] of Object.entries(mapping)) {
		if (!known.includes(name)) return { path: [...path, name].join('.'), near: nearest(name, known), known };
		const deeper = shape[name] && unknownName(shape[name], value, ['id'], [...path, name]);
		if (deeper) return deeper;
	}
	return undefined;
}
