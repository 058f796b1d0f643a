// Proves that the table of documents in docs/rest.md has every field that a profile can read, what is needed, all choices
// of a field with the default in front, and nothing else.
import { z } from 'zod';
import * as documents from '../../nodes/core/documents';
import { unwrapped } from '../../nodes/RestErp/rest.profile.places';
import { read } from './sources';

type Shape = Record<string, z.ZodTypeAny>;

/** What the connector gives a document itself. */
const GIVEN = ['key', 'kind', 'source', 'link', 'refs'];

const shapeOf = (schema: z.ZodTypeAny): Shape => (schema as z.ZodObject<Shape>).shape;
const without = (shape: Shape, names: readonly string[]): Shape => Object.fromEntries(Object.entries(shape).filter(([name]) => !names.includes(name)));
const [quote, order, invoice] = [documents.quoteSchema, documents.orderSchema, documents.invoiceSchema].map(shapeOf) as [Shape, Shape, Shape];
const shared = Object.keys(quote).filter((name) => name !== 'status' && name in order && name in invoice);

const ROWS: Record<string, Shape> = {
	customer: without(shapeOf(documents.customerSchema), GIVEN),
	product: without(shapeOf(documents.productSchema), GIVEN),
	opportunity: without(shapeOf(documents.opportunitySchema), GIVEN),
	'quote, order and invoice': without(quote, [...GIVEN, ...Object.keys(quote).filter((name) => !shared.includes(name))]),
	quote: without(quote, [...GIVEN, ...shared]),
	order: without(order, [...GIVEN, ...shared]),
	invoice: without(invoice, [...GIVEN, ...shared]),
	address: shapeOf(documents.addressSchema),
	contact: shapeOf(documents.contactSchema),
	line: shapeOf(documents.lineSchema),
	tax: shapeOf(documents.taxSchema),
	charge: shapeOf(documents.chargeSchema),
	totals: shapeOf(documents.totalsSchema),
};

const table = /<!-- documents -->\n([\s\S]*?)<!-- \/documents -->/.exec(read('docs/rest.md'))![1]!;
const cells = new Map(table.trim().split('\n').slice(2).map((line) => line.split('|').slice(1, 3).map((cell) => cell.trim()) as [string, string]));

/** The choices of a field, the default in front. */
function choices(schema: z.ZodTypeAny): string[] {
	const inner = unwrapped(schema);
	if (!(inner instanceof z.ZodEnum)) return [];
	const first = schema.safeParse(undefined).data as string | undefined;
	return [...(inner.options as string[])].sort((a, b) => Number(b === first) - Number(a === first));
}

/** The members of the objects in a list, where the table tells them behind the list: `orders`, `reverses`. */
function inner(name: string, schema: z.ZodTypeAny): Shape {
	const at = unwrapped(schema);
	const one = at instanceof z.ZodArray ? (at.element as z.ZodTypeAny) : at;
	return name === 'orders' || name === 'reverses' ? shapeOf(one) : {};
}

it('has a row for everything, and for nothing else', () => {
	expect([...cells.keys()]).toEqual(Object.keys(ROWS));
});

it.each(Object.entries(ROWS))('tells all of %s', (title, shape) => {
	const cell = cells.get(title)!;
	const fields = Object.entries(shape).flatMap(([name, schema]) => [[name, schema] as const, ...Object.entries(inner(name, schema))]);
	const named = [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
	const values = fields.flatMap(([, schema]) => choices(schema));
	expect(fields.map(([name]) => name).filter((name) => !named.includes(name))).toEqual([]);
	expect(named.filter((name) => !fields.some(([field]) => field === name) && !values.includes(name))).toEqual([]);
	const needed = fields.filter(([, schema]) => !schema.safeParse(undefined).success).map(([name]) => name);
	expect([...cell.matchAll(/\*\*`(\w+)`\*\*/g)].map(([, name]) => name).sort()).toEqual(needed.sort());
	for (const [name, schema] of Object.entries(shape)) {
		const told = choices(schema).map((value) => `\`${value}\``).join(', ');
		expect({ name, cell }).toEqual({ name, cell: expect.stringContaining(told) as string });
	}
});
