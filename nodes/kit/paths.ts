// Owns the list of canonical fields that a person can pick, derived from the documents' schemas.
import type { INodePropertyOptions } from 'n8n-workflow';
import { z, type ZodTypeAny } from 'zod';
import { documentSchema, type Kind } from '../core/documents';

/** Bookkeeping of the pack, of no use as a value. */
const HIDDEN = new Set(['refs', 'kind', 'link']);

/** All scalar fields of a kind as options: `billing.city` shown as `Billing: City`. */
export function documentPaths(kind: Kind): INodePropertyOptions[] {
	const schema = documentSchema.options.find((option) => option.shape.kind.value === kind)!;
	const paths = scalarPaths(schema, []).filter((path) => !HIDDEN.has(path[0]!));
	return paths.map((path) => ({ name: path.map(title).join(': '), value: path.join('.') })).sort((a, b) => a.name.localeCompare(b.name));
}

function scalarPaths(schema: ZodTypeAny, path: string[]): string[][] {
	const inner = unwrapped(schema);
	if (inner instanceof z.ZodArray) return [];
	if (inner instanceof z.ZodObject) {
		if (path.length > 2) return [];
		const shape = inner.shape as Record<string, ZodTypeAny>;
		return Object.entries(shape).flatMap(([name, member]) => (HIDDEN.has(name) ? [] : scalarPaths(member, [...path, name])));
	}
	return [path];
}

function unwrapped(schema: ZodTypeAny): ZodTypeAny {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap() as ZodTypeAny);
	if (schema instanceof z.ZodDefault) return unwrapped(schema.removeDefault() as ZodTypeAny);
	if (schema instanceof z.ZodEffects) return unwrapped(schema.innerType() as ZodTypeAny);
	return schema;
}

function title(name: string): string {
	const words = name.replace(/([A-Z])/g, ' $1');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
