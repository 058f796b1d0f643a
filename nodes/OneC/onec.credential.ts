// Owns the reading of the credential's fields. Must not know the network or any document.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { checkInstallation } from '../core/keys';
import { isRecord } from '../core/mapping';
import type { Endpoint } from '../core/port';

export const SESSION_MODES = ['auto', 'explicit', 'none'] as const;
/** `auto`: the publication decides; `explicit`: opened with `IBSession: start` and finished; `none`: one per request. */
export type SessionMode = (typeof SESSION_MODES)[number];
const PROFILES = ['auto', 'ut', 'bp', 'unf'] as const;

export interface OnecCredential {
	/** Address of the infobase, without a trailing slash and without `/odata/standard.odata`. */
	url: string;
	/** Address of the service root: `<url>/odata/standard.odata`. */
	root: string;
	username: string;
	/** May be empty: 1C allows users without a password. */
	password: string;
	installation: string;
	/** IANA name of the zone whose wall clock the infobase keeps. */
	timeZone: string;
	sessionMode: SessionMode;
	maxConcurrent: number;
	/** Which configuration; `auto`: told from what is published. */
	profile: 'auto' | 'ut' | 'bp' | 'unf';
	/** JSON merge patch over the profile; empty: none. */
	profileOverrides: Readonly<Record<string, unknown>>;
	/** Whether new records get an id of ours, computed from their key. */
	useOwnRefKeys: boolean;
	/** Own organization that sells: name, ИНН, code or id. */
	organization?: string;
	/** The user's patience for one answer; nothing: 60 s. */
	timeoutMs?: number;
}

const text = z.union([z.string(), z.number()]).nullish().transform((value) => (value === null || value === undefined ? '' : String(value).trim()));
const number = z.union([z.number(), z.string()]).nullish().transform((value) => Number(value ?? 0));
const fields = z.object({
	url: text,
	username: text,
	password: z.string().nullish().transform((value) => value ?? ''),
	installation: text,
	timeZone: text,
	sessionMode: text,
	maxConcurrent: number,
	profile: text,
	profileOverrides: z.union([z.string(), z.record(z.unknown())]).nullish(),
	useOwnRefKeys: z.boolean().nullish(),
	organization: text,
	allowSelfSigned: z.boolean().nullish(),
	ca: z.string().nullish(),
	requestsPerMinute: number,
	timeout: number,
});

/** What the fields are called in the credential's form. */
const LABELS: Record<string, string> = { url: 'Infobase URL', username: 'User Name', password: 'Password', profileOverrides: 'Configuration Overrides', useOwnRefKeys: 'Use Own IDs for New Records' };

const ROOT = '/odata/standard.odata';
const DEFAULT_ZONE = 'Europe/Moscow';
/** With pooled sessions each parallel request takes one, and a licence with it (reference 8: keep 2 to 5). */
const CONCURRENT = { least: 1, usual: 2, most: 10 };

/** @throws Failure `denied` that names the field which is wrong */
export function readCredential(credential: Record<string, unknown>): OnecCredential {
	const given = parse(credential);
	const url = readUrl(given.url);
	if (!given.username) throw wrong('User Name', 'is empty', 'Enter the name of the 1C user exactly as it stands in the list of users');
	return {
		url,
		root: url + ROOT,
		username: readUsername(given.username),
		password: given.password,
		installation: checkInstallation(given.installation || 'onec'),
		timeZone: readZone(given.timeZone),
		sessionMode: oneOf(SESSION_MODES, given.sessionMode || 'auto', 'Sessions'),
		maxConcurrent: concurrent(given.maxConcurrent),
		profile: oneOf(PROFILES, given.profile || 'auto', 'Configuration'),
		profileOverrides: readOverrides(given.profileOverrides),
		useOwnRefKeys: given.useOwnRefKeys ?? true,
		organization: given.organization || undefined,
		timeoutMs: positive(given.timeout) * 1000 || undefined,
	};
}

/** What the transport must know of the credential. */
export function readEndpoint(credential: Record<string, unknown>): Endpoint {
	const given = parse(credential);
	return {
		baseUrl: readUrl(given.url) + ROOT,
		allowSelfSigned: given.allowSelfSigned ?? false,
		ca: given.ca || undefined,
		requestsPerMinute: positive(given.requestsPerMinute),
		maxConcurrent: concurrent(given.maxConcurrent),
		idleMs: 4_000,
		timeoutMs: positive(given.timeout) * 1000 || undefined,
	};
}

function parse(credential: Record<string, unknown>): z.output<typeof fields> {
	const result = fields.safeParse(credential);
	if (result.success) return result.data;
	const field = String(result.error.issues[0]?.path[0] ?? 'a field');
	throw wrong(LABELS[field] ?? field, 'cannot be read', 'Enter it again in the credential');
}

function readUrl(given: string): string {
	if (!given) throw wrong('Infobase URL', 'is empty', 'Enter the address at which the infobase opens in the browser');
	const url = tryUrl(given);
	if (!url || !/^https?:$/.test(url.protocol)) throw wrong('Infobase URL', `"${withoutUser(given)}" is not a web address`, 'e.g. https://1c.example.com/trade');
	// People copy the address of the page they are on: the service root, a set of it, or the web client in a language.
	const path = url.pathname.replace(/\/odata(\/.*)?$/i, '').replace(/\/(ru|ru_RU|en|en_US|e1cib)(\/.*)?$/, '').replace(/\/+$/, '');
	return `${url.origin}${path}`;
}

function withoutUser(url: string): string {
	return url.replace(/\/\/[^/@]*@/, '//');
}

function tryUrl(given: string): URL | undefined {
	try {
		return new URL(given);
	} catch {
		return undefined;
	}
}

/** Basic authentication ends the name at the first colon, so that such a user could never log in. */
function readUsername(name: string): string {
	if (!name.includes(':')) return name;
	throw wrong('User Name', 'holds a colon, which cannot be sent', 'Use a 1C user without a colon in its name');
}

function readZone(given: string): string {
	const zone = given || DEFAULT_ZONE;
	try {
		return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).resolvedOptions().timeZone && zone;
	} catch {
		throw wrong('Infobase Time Zone', `"${zone}" is not a time zone`, 'e.g. Europe/Moscow, Asia/Yekaterinburg or UTC');
	}
}

function readOverrides(given: string | Record<string, unknown> | null | undefined): Record<string, unknown> {
	if (!given || (typeof given === 'string' && !given.trim())) return {};
	const value = typeof given === 'string' ? tryJson(given) : given;
	if (isRecord(value)) return value;
	throw wrong('Configuration Overrides', 'is not a JSON object', 'e.g. {"order": {"set": "Document_ЗаказПокупателя"}}');
}

function tryJson(given: string): unknown {
	try {
		return JSON.parse(given) as unknown;
	} catch {
		return undefined;
	}
}

function oneOf<T extends string>(allowed: readonly T[], given: string, label: string): T {
	const found = allowed.find((value) => value === given);
	if (found) return found;
	throw wrong(label, `"${given}" is none of ${allowed.join(', ')}`, 'Choose one from the list');
}

function concurrent(value: number): number {
	return Math.min(CONCURRENT.most, Math.max(CONCURRENT.least, Math.trunc(positive(value)) || CONCURRENT.usual));
}

function positive(value: number): number {
	return Number.isFinite(value) && value > 0 ? value : 0;
}

function wrong(field: string, what: string, advice: string): Failure {
	return new Failure('denied', `Credential field "${field}" ${what}`, { advice });
}
