// Proves that docs/rest.md tells every key of a profile, and none that does not exist; which must be there, and defaults.
import { z } from 'zod';
import { kindSchema } from '../../nodes/RestErp/rest.profile.kinds';
import { listSchema, pagingSchema, recordSchema, requestSchema } from '../../nodes/RestErp/rest.profile.parts';
import { unwrapped } from '../../nodes/RestErp/rest.profile.places';
import { profileSchema } from '../../nodes/RestErp/rest.profile.schema';
import { read } from './sources';

type Shape = Record<string, z.ZodTypeAny>;

const text = read('docs/rest.md');
const kind = kindSchema.shape;

/** Sections of objects: its schema, and the keys that it takes over from another section. */
const OBJECTS: Record<string, [z.ZodTypeAny, z.ZodTypeAny?]> = {
	profile: [profileSchema],
	about: [profileSchema.shape.about],
	settings: [member(profileSchema.shape.settings)],
	csrf: [profileSchema.shape.csrf],
	limits: [profileSchema.shape.limits],
	errors: [profileSchema.shape.errors],
	batch: [profileSchema.shape.batch],
	time: [profileSchema.shape.time],
	check: [profileSchema.shape.check, requestSchema],
	choices: [member(profileSchema.shape.choices), listSchema],
	records: [profileSchema.shape.records],
	modules: [(unwrapped(profileSchema.shape.modules) as z.ZodArray<z.ZodTypeAny>).element],
	request: [requestSchema],
	list: [listSchema, requestSchema],
	record: [recordSchema, requestSchema],
	kind: [kindSchema],
	find: [kind.find],
	changes: [kind.changes],
	create: [kind.create, recordSchema],
	update: [kind.update, requestSchema],
	lines: [kind.lines],
};

/** Sections of choices: by the value of one key. */
const CHOICES: Record<string, z.ZodTypeAny> = { auth: profileSchema.shape.auth, paging: pagingSchema, identity: kind.identity };

function member(schema: z.ZodTypeAny): z.ZodTypeAny {
	return (unwrapped(schema) as z.ZodRecord).valueSchema as z.ZodTypeAny;
}

function shape(schema: z.ZodTypeAny): Shape {
	return (unwrapped(schema) as z.ZodObject<Shape>).shape;
}

/** The rows of a section's table, as cells. */
function rows(section: string): string[][] {
	const body = new RegExp(`\\n### ${section}\\n([\\s\\S]*?)(?=\\n##+ |$)`).exec(text)?.[1];
	if (body === undefined) throw new Error(`docs/rest.md has no section ${section}`);
	const lines = body.split('\n').filter((line) => line.startsWith('|'));
	return lines.slice(2).map((line) => line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim()));
}

/** The keys in a cell, `!` in front of those that must be there. */
function keysIn(cell: string): string[] {
	return [...cell.matchAll(/(\*\*)?`([$\w]+)`(?:\*\*)?/g)].map(([, bold, name]) => `${bold ? '!' : ''}${name}`);
}

function keysOf(schema: Shape, without: string[] = []): string[] {
	return Object.entries(schema).filter(([name]) => !without.includes(name)).map(([name, one]) => `${one.isOptional() ? '' : '!'}${name}`);
}

it.each(Object.entries(OBJECTS))('%s: every key, and which must be there', (section, [schema, base]) => {
	const told = rows(section).flatMap(([keys]) => keysIn(keys!));
	expect(told.sort()).toEqual(keysOf(shape(schema), base ? Object.keys(shape(base)) : []).sort());
});

it.each(Object.entries(OBJECTS))('%s: the defaults', (section, [schema]) => {
	const wrong = rows(section).flatMap(([keys, told]) => {
		const names = keysIn(keys!).map((name) => name.replace('!', ''));
		const defaults = names.map((name) => shape(schema)[name]!).map((one) => (one instanceof z.ZodDefault ? (one._def.defaultValue() as unknown) : undefined));
		const plain = defaults.filter((value) => ['string', 'number', 'boolean'].includes(typeof value)).map(String);
		return plain.filter((value) => !told!.includes(value)).map((value) => `${section}: ${names.join(', ')} has the default ${value}, told is "${told!}"`);
	});
	expect(wrong).toEqual([]);
});

describe.each(Object.entries(CHOICES))('%s', (section, schema) => {
	const union = unwrapped(schema) as z.ZodDiscriminatedUnion<string, Array<z.ZodObject<Shape>>>;
	const of = (option: z.ZodObject<Shape>) => String((option.shape[union.discriminator] as z.ZodLiteral<string>).value);

	it('has every choice', () => expect(rows(section).map(([name]) => name)).toEqual(union.options.map((option) => `\`${of(option)}\``)));

	it.each(union.options.map((option) => [of(option), option] as const))('%s: every key', (name, option) => {
		const cell = rows(section).find(([first]) => first === `\`${name}\``)![1]!;
		// What stands in brackets are values.
		expect(keysIn(cell.replace(/\([^)]*\)/g, '')).sort()).toEqual(keysOf(option.shape, [union.discriminator]).sort());
		for (const one of Object.values(option.shape)) if (one instanceof z.ZodDefault) expect(cell).toContain(String(one._def.defaultValue()));
	});
});

it('tells every function that an expression has', () => {
	const functions = [...read('nodes/RestErp/rest.functions.ts').matchAll(/^\t\t(\w+): (?:of|both)\(/gm)].map(([, name]) => name!);
	expect(functions.length).toBeGreaterThan(10);
	expect(functions.filter((name) => !text.includes(`$${name}(`))).toEqual([]);
});
