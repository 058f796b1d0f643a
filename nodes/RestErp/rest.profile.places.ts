// Owns finding the expressions of a profile: which of its texts are expressions, and at which places. No n8n, no network.
import { z } from 'zod';
import { isRecord } from '../core/values';
import { holds, mapping } from './rest.profile.parts';

export interface Place {
	/** `kinds.order.read.number`. */
	place: string;
	expression: string;
}

export type TemplatePart = { text: string } | { expression: string };

/** A template in order: texts as they stand, and the expressions between braces. */
export function splitTemplate(template: string): TemplatePart[] {
	const parts = template.split(/(\{[^{}]*\})/).filter((part) => part !== '');
	return parts.map((part): TemplatePart => (/^\{.*\}$/s.test(part) ? { expression: part.slice(1, -1).trim() } : { text: part }));
}

/** Every expression of a profile, by its place. */
export function expressionsOf(schema: z.ZodTypeAny, data: unknown, place = ''): Place[] {
	if (data === undefined || data === null) return [];
	const inner = unwrapped(schema);
	if (inner === mapping || (inner instanceof z.ZodLazy && inner._def.getter === (mapping as z.ZodLazy<z.ZodTypeAny>)._def.getter)) return leaves(data, place);
	if (typeof data === 'string') {
		if (holds(inner) === 'expression') return [{ place, expression: data }];
		if (holds(inner) === 'template') return splitTemplate(data).flatMap((part) => ('expression' in part ? [{ place, expression: part.expression }] : []));
		if (!(inner instanceof z.ZodUnion)) return [];
	}
	return membersOf(inner, data).flatMap(({ name, schema: member, value }) => expressionsOf(member, value, place === '' || name === '' ? `${place}${name}` : `${place}.${name}`));
}

function leaves(data: unknown, place: string): Place[] {
	if (typeof data === 'string') return [{ place, expression: data }];
	return isRecord(data) ? Object.entries(data).flatMap(([name, value]) => leaves(value, `${place}.${name}`)) : [];
}

interface Member {
	name: string;
	schema: z.ZodTypeAny;
	value: unknown;
}

function membersOf(schema: z.ZodTypeAny, data: unknown): Member[] {
	if (schema instanceof z.ZodUnion) {
		const option = (schema.options as z.ZodTypeAny[]).find((one) => one.safeParse(data).success);
		return option ? [{ name: '', schema: option, value: data }] : [];
	}
	if (Array.isArray(data)) return schema instanceof z.ZodArray ? data.map((value, i) => ({ name: String(i), schema: schema.element as z.ZodTypeAny, value: value as unknown })) : [];
	if (!isRecord(data)) return [];
	if (schema instanceof z.ZodRecord) return Object.entries(data).map(([name, value]) => ({ name, schema: schema.valueSchema as z.ZodTypeAny, value }));
	const shape = shapeOf(schema, data);
	return shape ? Object.entries(data).flatMap(([name, value]) => (Object.hasOwn(shape, name) ? [{ name, schema: shape[name]!, value }] : [])) : [];
}

/** The members that an object may have; undefined where anything goes. Of a union: of what its data chooses, else of all. */
export function shapeOf(schema: z.ZodTypeAny, data: unknown): Record<string, z.ZodTypeAny> | undefined {
	const inner = unwrapped(schema);
	if (inner instanceof z.ZodObject) return inner.shape as Record<string, z.ZodTypeAny>;
	if (inner instanceof z.ZodUnion) return Object.assign({}, ...(inner.options as z.ZodTypeAny[]).map((option) => shapeOf(option, data))) as Record<string, z.ZodTypeAny>;
	if (!(inner instanceof z.ZodDiscriminatedUnion) || !isRecord(data)) return undefined;
	const union = inner as z.ZodDiscriminatedUnion<string, Array<z.ZodDiscriminatedUnionOption<string>>>;
	return union.optionsMap.get(data[union.discriminator] as string)?.shape;
}

/** The schema at a path, as far as there is one: for the names that are known there. */
export function schemaAt(schema: z.ZodTypeAny, data: unknown, path: ReadonlyArray<string | number>): { schema: z.ZodTypeAny; data: unknown } | undefined {
	const [step, ...rest] = path;
	if (step === undefined) return { schema: unwrapped(schema), data };
	const inner = unwrapped(schema);
	if (inner instanceof z.ZodUnion) return (inner.options as z.ZodTypeAny[]).map((option) => schemaAt(option, data, path)).find((found) => found !== undefined);
	const next = inner instanceof z.ZodRecord ? (inner.valueSchema as z.ZodTypeAny) : inner instanceof z.ZodArray ? (inner.element as z.ZodTypeAny) : shapeOf(inner, data)?.[step];
	const value = Array.isArray(data) ? (data[Number(step)] as unknown) : isRecord(data) ? data[step] : undefined;
	return next ? schemaAt(next, value, rest) : undefined;
}

export function unwrapped(schema: z.ZodTypeAny): z.ZodTypeAny {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrapped(schema.unwrap() as z.ZodTypeAny);
	if (schema instanceof z.ZodDefault) return unwrapped(schema.removeDefault() as z.ZodTypeAny);
	return schema;
}
