// Owns the shape of a profile: everything that the pack knows of one API. Published as JSON Schema. No n8n, no network.
import { z } from 'zod';
import { FAILURE_KINDS } from '../core/failure';
import { kindSchema } from './rest.profile.kinds';
import { expression, listSchema, mapping, pagingSchema, requestSchema, template } from './rest.profile.parts';

/** Placeholders in these texts are names only: {username}, {password}, {token}, {clientId}, {settings.company}. */
const filled = z.string().min(1).describe('Text; {username}, {password}, {token}, {clientId} and {settings.name} are replaced');

export const authSchema = z.discriminatedUnion('type', [
	z.object({ type: z.literal('none') }).strict(),
	z.object({ type: z.literal('basic') }).strict(),
	z.object({ type: z.literal('bearer'), prefix: z.string().default('Bearer') }).strict().describe('Authorization: <prefix> <the credential\'s token>'),
	z.object({ type: z.literal('apiKey'), in: z.enum(['header', 'query']).default('header'), name: z.string(), value: filled.default('{token}') }).strict(),
	z
		.object({
			type: z.literal('oauth2'),
			tokenUrl: filled.describe('Path below the base URL, or an address; the credential\'s "Token URL" wins'),
			scope: filled.optional(),
			parameters: z.record(filled).optional().describe('Further fields of the token request'),
			client: z.enum(['body', 'basic', 'jwt']).default('body').describe('How the client proves itself; jwt: signed with the credential\'s private key (RFC 7523)'),
			algorithm: z.enum(['PS256', 'RS256', 'ES256']).default('PS256'),
		})
		.strict()
		.describe('OAuth 2 client credentials'),
	z
		.object({
			type: z.literal('login'),
			request: requestSchema.describe('Sees `username`, `password`, `token`, `settings`'),
			token: expression.optional().describe('The token in `answer` or `headers`; nothing: the session is a cookie'),
			header: z.string().default('Authorization'),
			prefix: z.string().default('Bearer').describe('Before the token; empty: the token alone'),
			seconds: z.union([z.number().positive(), expression]).optional().describe('How long the session lasts; default: until it is refused'),
			expired: z.array(z.string()).optional().describe('Error codes or HTTP statuses that say "log in again"; default: 401'),
			logout: requestSchema.optional(),
		})
		.strict()
		.describe('A login call that gives a token or a session cookie; made again when the session is refused'),
]);

export const profileSchema = z
	.object({
		$schema: z.string().optional(),
		format: z.literal(1).describe('Version of the profile format'),
		name: z.string().min(1).describe('As messages call the system: Business Central'),
		about: z
			.object({
				documentation: z.string().url(),
				version: z.string().describe('Of the API or its documentation'),
				tried: z.enum(['server', 'simulator', 'nothing']).describe('Against a real server, a simulator made from the documentation, or neither'),
				covers: z.string(),
				notes: z.array(z.string()).default([]),
			})
			.strict()
			.optional(),
		baseUrl: z.string().optional().describe('{settings.name} is replaced; the URL in the credential wins'),
		settings: z.record(z.object({ title: z.string(), description: z.string().optional(), default: z.string().optional() }).strict()).optional().describe('Values that differ between installations: given in the credential, seen as settings.name'),
		auth: authSchema,
		csrf: z.object({ path: template, header: z.string().default('X-CSRF-Token') }).strict().optional().describe('Fetched by a GET with the value "Fetch" and sent with every write'),
		headers: z.record(filled).optional().describe('Sent with every call'),
		limits: z.object({ requestsPerMinute: z.number().int().positive().optional(), maxConcurrent: z.number().int().min(1).max(20).default(4), timeoutSeconds: z.number().positive().optional() }).strict().default({}),
		errors: z
			.object({
				code: expression.optional().describe('From `answer`'),
				message: expression.optional().describe('From `answer`'),
				kinds: z.record(z.enum(FAILURE_KINDS)).optional().describe('Code or HTTP status -> what it means'),
				inside: expression.optional().describe('True of an `answer` that is an error although its status is 200'),
			})
			.strict()
			.default({}),
		paging: pagingSchema.default({ style: 'none' }),
		batch: z.object({ style: z.literal('odata'), path: template.default('/$batch'), most: z.number().int().min(2).max(1000).default(50) }).strict().optional().describe('Several calls in one (OData JSON batch)'),
		time: z
			.object({
				format: z.enum(['iso', 'isoLocal', 'sql', 'date', 'epochSeconds', 'epochMillis', 'odataV2']).default('iso'),
				zone: z.string().default('UTC').describe('IANA name of the zone of times without one; {settings.name} is replaced'),
				precision: z.enum(['millisecond', 'second', 'minute', 'day']).default('second'),
			})
			.strict()
			.default({}),
		check: requestSchema.extend({ version: expression.optional(), user: expression.optional() }).strict().optional().describe('The smallest read: for the connection test'),
		choices: z.record(listSchema.extend({ name: expression, value: expression, description: expression.optional() }).strict()).optional().describe('Lists for the editor: taxes, productCodes'),
		records: z
			.object({
				id: expression.default('record.id'),
				get: template.default('/{module}/{id}'),
				list: template.default('/{module}'),
				query: z.record(expression).optional().describe('Query parameters of the list'),
				create: template.optional().describe('Where new records go; default: the path of the list, with PUT that of one record'),
				items: expression.optional(),
				record: expression.optional(),
				version: expression.optional().describe('The ETag of `record`, where the server wants If-Match with each change: read before it'),
				body: mapping.optional().describe('What is sent for `values`; default: the values themselves'),
				createMethod: z.enum(['POST', 'PUT']).default('POST'),
				updateMethod: z.enum(['PATCH', 'PUT', 'POST']).default('PATCH'),
				filter: z.string().optional().describe('Query parameter that takes the filter, e.g. $filter; default: the filter is written as name=value&name=value'),
				paging: pagingSchema.optional(),
			})
			.strict()
			.default({}),
		modules: z.array(z.object({ name: z.string(), title: z.string().optional() }).strict()).optional().describe('Endpoints to choose from for plain records, beside those of the kinds'),
		kinds: z
			.object({ customer: kindSchema.optional(), product: kindSchema.optional(), opportunity: kindSchema.optional(), quote: kindSchema.optional(), order: kindSchema.optional(), invoice: kindSchema.optional() })
			.strict(),
	})
	.strict();

export type Profile = z.output<typeof profileSchema>;
export type Auth = z.output<typeof authSchema>;
