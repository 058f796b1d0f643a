// Owns what a profile says of one kind of document: its calls, its mapping both ways, what makes a write happen once.
// Must not know n8n or the network.
import { z } from 'zod';
import { expression, listSchema, mapping, recordSchema, requestSchema } from './rest.profile.parts';

/**
 * What makes a repeated write have one effect. All but `chosenId` need `find.key`.
 *
 * - `chosenId`: the id of a new record is ours, made from the key by `id`; the same call again meets the same record
 * - `idempotencyHeader`: the server answers a repeated call with the first one's result as long as it remembers it;
 *   beyond that the record is found by its key
 * - `uniqueField`: the server refuses a second record with the same key; then the first one is looked up
 * - `searchField`: the key is looked up before every write and after it; of two that were made at once the later one
 *   is removed, or told where the profile has no `remove`
 */
export const identitySchema = z.discriminatedUnion('by', [
	z.object({ by: z.literal('chosenId'), id: expression.describe('The new record\'s id, from `key`: e.g. $uuid(key)') }).strict(),
	z.object({ by: z.literal('idempotencyHeader'), header: z.string().default('Idempotency-Key'), value: expression.default('$uuid(key)') }).strict(),
	z.object({ by: z.literal('uniqueField'), taken: z.array(z.string()).optional().describe('Error codes or HTTP statuses that say "exists already"; default: 409') }).strict(),
	z.object({ by: z.literal('searchField') }).strict(),
]);

/** Finding existing records. Each sees what is looked for as `value`. */
export const findSchema = z
	.object({
		key: listSchema.optional().describe('By our key, as stored in the record'),
		number: listSchema.optional().describe('By the number that people see'),
		code: listSchema.optional().describe('Products by code. Sees `values`, too: all codes of a document at once'),
		vat: listSchema.optional(),
		email: listSchema.optional(),
		name: listSchema.optional(),
		phone: listSchema.optional(),
		reference: listSchema.optional(),
	})
	.strict();

export const kindSchema = z
	.object({
		module: z.string().min(1).describe('How the API calls these records; part of keys that last for ever, so never change it'),
		id: expression.default('record.id').describe('The id of `record`'),
		modified: expression.optional().describe('When `record` was changed last, in the format of `time`'),
		version: expression.optional().describe('The ETag of `record`; sent as If-Match with an update'),
		url: z.string().optional().describe('Where people open the record: an address or a path; {id} and {settings...} are replaced'),
		/** The key of the other system's record that `record` was made from. */
		key: expression.optional().describe('The other system\'s key as stored in `record`'),
		with: z.record(listSchema.or(recordSchema)).optional().describe('Further reads for each record, by name: seen as with.name. A call without a path value is not sent'),
		read: mapping.describe('The document, from `record`'),
		get: recordSchema.optional(),
		find: findSchema.optional(),
		list: listSchema.optional().describe('Sees `since` when only what changed is wanted'),
		changes: z
			.object({ request: listSchema.describe('Sees `since` in the format of `time`'), overlapSeconds: z.number().int().nonnegative().optional().describe('Look back at least so far: how late a change may become visible'), oldestFirst: z.boolean().optional().describe('The request lists what changed first at the front: reading then ends as soon as enough was found') })
			.strict()
			.optional(),
		identity: identitySchema.optional(),
		body: mapping.optional().describe('What is sent for `document`, by create and update alike'),
		current: expression.optional().describe('What of `record` is compared with the body; default: the record itself'),
		ignore: z.array(z.string()).optional().describe('Paths in the body that the server never gives back: sent, not compared'),
		create: recordSchema.extend({ id: expression.optional().describe('The new id, from `answer` or `headers`') }).strict().optional(),
		update: requestSchema.extend({ fixed: z.array(z.string()).optional().describe('Paths in the body that an update cannot change: a difference there is told, not written') }).strict().optional(),
		remove: requestSchema.optional(),
		transitions: z.record(z.union([requestSchema, z.array(requestSchema)])).optional().describe('By state: confirmed, cancelled, won ...'),
		pending: z.record(listSchema).optional().describe('By state, e.g. accepted: documents in it that carry no link yet'),
		link: requestSchema.optional().describe('Writes `link` (key, number, status, message) onto the record'),
		lines: z
			.object({
				price: z.number().int().nonnegative().default(6),
				quantity: z.number().int().nonnegative().default(6),
				discount: z.number().int().nonnegative().default(6),
				products: z.boolean().default(false).describe('Look the codes of all lines up before the write: $product(code) gives the record, a code that is not there stops the document'),
			})
			.strict()
			.optional()
			.describe('How lines are planned for the body: decimals that the server keeps. Charges become lines; see `lines` in scope'),
		rounding: z.union([z.enum(['line', 'document', 'unrounded']), z.array(z.enum(['line', 'document', 'unrounded']))]).optional().describe('How the server rounds taxes; default: any of the three'),
	})
	.strict();

export type KindProfile = z.output<typeof kindSchema>;
export type Identity = z.output<typeof identitySchema>;
export type Finder = keyof z.output<typeof findSchema>;
