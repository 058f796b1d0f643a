// Owns the building blocks of a profile that several of its parts use: expressions, mappings, requests, pages.
// Must not know n8n or the network.
import { z } from 'zod';

/** Marks a schema, so that whoever walks a profile knows which of its texts are expressions. Survives `describe`. */
function marked(schema: z.ZodString, what: 'expression' | 'template'): z.ZodString {
	return new z.ZodString({ ...schema._def, holds: what } as z.ZodStringDef);
}

/** What the texts under a schema are. */
export function holds(schema: z.ZodTypeAny): 'expression' | 'template' | undefined {
	return (schema._def as { holds?: 'expression' | 'template' }).holds;
}

/** JSONata over the names in scope; see docs/rest.md, "What an expression sees". */
export const expression = marked(z.string().min(1), 'expression').describe('JSONata expression over the names in scope');

/** Text with `{...}` in it. In paths each brace holds an expression whose value is percent-encoded. */
export const template = marked(z.string().min(1), 'template').describe('Text; each {expression} in it is replaced by its value');

export type Mapping = string | number | boolean | null | { [field: string]: Mapping };

/** Field by field: an expression, a constant (number, true, false, null), or fields in turn. A field without a value is left out. */
export const mapping: z.ZodType<Mapping> = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.record(mapping)]));

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const requestShape = {
	method: z.enum(METHODS).optional(),
	path: template.describe('Below the base URL, beginning with "/"; {id}, {number}, {settings.company} ... are percent-encoded'),
	query: z.record(expression).optional().describe('Query parameters; one without a value is left out'),
	headers: z.record(expression).optional(),
	body: mapping.optional(),
	/** How the body is sent. */
	as: z.enum(['json', 'form']).optional(),
};

/** One call. */
export const requestSchema = z.object(requestShape).strict();

const total = expression.optional().describe('Number of all items, from the answer');

/** How a list goes on; where each style ends is said in rest.pages.ts. */
export const pagingSchema = z.discriminatedUnion('style', [
	z.object({ style: z.literal('none') }).strict().describe('One answer holds everything'),
	z.object({ style: z.literal('page'), page: z.string().describe('Query parameter of the page number'), first: z.number().int().default(1), size: z.string().optional().describe('Query parameter of the page size'), pageSize: z.number().int().positive().default(100), total }).strict(),
	z.object({ style: z.literal('offset'), offset: z.string().describe('Query parameter of the number of items to skip'), limit: z.string().optional(), pageSize: z.number().int().positive().default(100), total }).strict(),
	z.object({ style: z.literal('cursor'), cursor: z.string().describe('Query parameter that takes the cursor'), next: expression.describe('The next cursor, from the answer; nothing: the last page'), size: z.string().optional(), pageSize: z.number().int().positive().optional(), total }).strict(),
	z.object({ style: z.literal('next'), next: expression.describe('Address of the next page, from `answer` or `headers`'), size: z.string().optional(), pageSize: z.number().int().positive().optional(), total }).strict(),
	z.object({ style: z.literal('link'), size: z.string().optional(), pageSize: z.number().int().positive().optional(), total }).strict().describe('HTTP header Link with rel="next" (RFC 8288)'),
	z.object({ style: z.literal('odata'), pageSize: z.number().int().positive().optional().describe('Asked for by Prefer: odata.maxpagesize'), total }).strict().describe('@odata.nextLink, odata.nextLink or __next; with "total" $count=true is asked for'),
	z.object({ style: z.literal('key'), query: z.record(expression).describe('Parameters of a page; `last` is the id of the last item seen, nothing on the first page'), size: z.string().optional(), pageSize: z.number().int().positive().default(100), total: expression.optional().describe('Number of all items that the request matches, those of this page included') }).strict().describe('By ascending id: nothing is lost or doubled whatever is written meanwhile'),
]);

const listShape = { ...requestShape, items: expression.optional().describe('The records in `answer`; default: the answer itself, or its `value`, `data`, `items` or `results`'), paging: pagingSchema.optional() };

/** A call whose answer holds many records. */
export const listSchema = z
	.object({
		...listShape,
		whole: z.boolean().optional().describe('false: the answer holds little more than ids, so each record is read by `get`; default: it holds whole records'),
		also: z.array(z.object(listShape).strict()).min(1).optional().describe('Further lists that hold records of the kind, read after this one; of records with the same id the first counts'),
	})
	.strict();

/** A call whose answer holds one record. */
export const recordSchema = z.object({ ...requestShape, record: expression.optional().describe('The record in `answer`; default: the answer itself') }).strict();

export type ProfileRequest = z.output<typeof requestSchema>;
export type ListRequest = z.output<typeof listSchema>;
export type RecordRequest = z.output<typeof recordSchema>;
export type Paging = z.output<typeof pagingSchema>;
