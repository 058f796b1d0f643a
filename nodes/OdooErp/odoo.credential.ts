// Owns the reading of the credential's fields. Must not know the network or any document.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { checkInstallation } from '../core/keys';
import type { Endpoint } from '../core/port';

export interface OdooCredential {
	/** Without a trailing slash. */
	url: string;
	/** Nothing: the server's only one. */
	database?: string;
	login: string;
	/** Password or API key. */
	secret: string;
	installation: string;
	/** Nothing: the texts as they stand in Odoo's source, in English. */
	language?: string;
	/** Nothing: the user's own. */
	company?: number;
	/** The user's patience for one answer; nothing: as each call needs. */
	timeoutMs?: number;
}

const text = z.union([z.string(), z.number()]).nullish().transform((value) => (value === null || value === undefined ? '' : String(value).trim()));
const fields = z.object({
	url: text,
	database: text,
	login: text,
	secret: z.string().nullish().transform((value) => value ?? ''),
	installation: text,
	language: text,
	company: text,
	allowSelfSigned: z.boolean().nullish(),
	ca: z.string().nullish(),
	requestsPerMinute: z.union([z.number(), z.string()]).nullish(),
	timeout: z.union([z.number(), z.string()]).nullish(),
});

/** @throws Failure `denied` that names the field which is wrong */
export function readCredential(credential: Record<string, unknown>): OdooCredential {
	const given = parse(credential);
	if (!given.login) throw wrong('Login', 'is empty', 'Enter the login of the Odoo user');
	if (!given.secret) throw wrong('Password or API Key', 'is empty', 'Enter the password or an API key of the Odoo user');
	return {
		url: readUrl(given.url),
		database: given.database || undefined,
		login: given.login,
		secret: given.secret,
		installation: checkInstallation(given.installation || 'odoo'),
		language: given.language || undefined,
		company: readCompany(given.company),
		timeoutMs: positive(given.timeout) * 1000 || undefined,
	};
}

/** What the transport must know of the credential. */
export function readEndpoint(credential: Record<string, unknown>): Endpoint {
	const given = parse(credential);
	return {
		baseUrl: readUrl(given.url),
		allowSelfSigned: given.allowSelfSigned ?? false,
		ca: given.ca || undefined,
		requestsPerMinute: positive(given.requestsPerMinute),
		// A threaded Odoo gains nothing from more; one with several workers up to twice (reference odoo.md, section 7).
		maxConcurrent: 4,
		idleMs: 4_000,
	};
}

function parse(credential: Record<string, unknown>): z.output<typeof fields> {
	const result = fields.safeParse(credential);
	if (result.success) return result.data;
	const field = String(result.error.issues[0]?.path[0] ?? 'a field');
	throw wrong(field, 'cannot be read', 'Enter it again in the credential');
}

function readUrl(given: string): string {
	if (!given) throw wrong('URL', 'is empty', 'Enter the address at which you open Odoo in the browser');
	const url = tryUrl(given);
	if (!url || !/^https?:$/.test(url.protocol)) throw wrong('URL', `"${given}" is not a web address`, 'e.g. https://mycompany.odoo.com');
	// People copy the address of the page they are on.
	const path = url.pathname.replace(/\/(web|odoo)(\/.*)?$/, '').replace(/\/+$/, '');
	return `${url.origin}${path}`;
}

function tryUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}

function readCompany(given: string): number | undefined {
	if (!given) return undefined;
	if (!/^[1-9]\d{0,8}$/.test(given)) throw wrong('Company ID', `"${given}" is not a number`, 'Enter the id of the company in Odoo, or leave it empty for the user\'s own');
	return Number(given);
}

function positive(value: number | string | null | undefined): number {
	const number = Number(value ?? 0);
	return Number.isFinite(number) && number > 0 ? number : 0;
}

function wrong(field: string, what: string, advice: string): Failure {
	return new Failure('denied', `Credential field "${field}" ${what}`, { advice });
}
