// Owns the reading of the credential's fields, and to which servers they may lead. Must not know the network or any document.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { checkInstallation } from '../core/keys';
import type { Endpoint } from '../core/port';
import { isRecord } from '../core/values';
import { needs } from './rest.credential.needs';
import { FIELD_LABELS, type Fields, fillAddress } from './rest.fill';
import { parseJson } from './rest.json';
import { chooseProfile, OWN } from './rest.profile';
import type { Profile } from './rest.profile.schema';

export interface RestCredential {
	/** Base URL with its placeholders filled in, without a trailing slash. */
	url: string;
	installation: string;
	username: string;
	password: string;
	/** API key or bearer token. */
	token: string;
	clientId: string;
	clientSecret: string;
	/** PEM, for OAuth 2 with a signed assertion. */
	privateKey: string;
	keyId: string;
	/** Where a token is got: a path below `url`, or a whole address; empty where no token is got. */
	tokenUrl: string;
	/** By the names of the profile's `settings`; defaults filled in. */
	settings: Readonly<Record<string, string>>;
	maxConcurrent: number;
}

const text = z.union([z.string(), z.number()]).nullish().transform((value) => (value === null || value === undefined ? '' : String(value).trim()));
const secret = z.union([z.string(), z.number()]).nullish().transform((value) => (value === null || value === undefined ? '' : String(value)));
const number = z.union([z.number(), z.string()]).nullish().transform((value) => Number(value ?? 0));
const fields = z.object({
	url: text,
	username: text,
	password: secret,
	token: text,
	clientId: text,
	clientSecret: text,
	privateKey: secret,
	keyId: text,
	tokenUrl: text,
	settings: z.union([z.string(), z.record(z.unknown())]).nullish(),
	installation: text,
	maxConcurrent: number,
	requestsPerMinute: number,
	timeout: number,
	allowSelfSigned: z.boolean().nullish(),
	ca: z.string().nullish(),
});
type Given = z.output<typeof fields> & { own: Record<string, unknown> };

/** What the fields are called in the credential's form. */
const LABELS: Record<string, string> = {
	...FIELD_LABELS,
	url: 'Base URL',
	keyId: 'Key ID',
	tokenUrl: 'Token URL',
	settings: 'Settings',
	installation: 'Installation Name',
	maxConcurrent: 'Requests at Once',
	requestsPerMinute: 'Requests per Minute',
	timeout: 'Timeout (Seconds)',
	allowSelfSigned: 'Allow Self-Signed Certificate',
	ca: 'CA Certificate',
};

const MOST_AT_ONCE = 20;

/** @throws Failure `denied` that names the field which is wrong */
export function readCredential(credential: Record<string, unknown>): RestCredential {
	const given = parse(credential);
	const profile = chooseProfile(credential);
	const values = valuesOf(given, profile);
	const url = baseOf(credential, given, profile);
	needs(profile, { ...given, settings: values.settings });
	return {
		url,
		installation: checkInstallation(given.installation || 'erp'),
		username: given.username,
		password: given.password,
		token: given.token,
		clientId: given.clientId,
		clientSecret: given.clientSecret,
		privateKey: given.privateKey,
		keyId: given.keyId,
		tokenUrl: tokenAddress(credential, given, profile, url),
		settings: values.settings,
		maxConcurrent: concurrent(given, profile),
	};
}

/** What the transport must know of the credential. */
export function readEndpoint(credential: Record<string, unknown>): Endpoint {
	const given = parse(credential);
	const profile = chooseProfile(credential);
	const { url, tokenUrl } = readCredential(credential);
	const paces = [positive(given.requestsPerMinute), profile.limits.requestsPerMinute ?? 0].filter((pace) => pace > 0);
	return {
		baseUrl: url,
		others: isAddress(tokenUrl) ? [tokenUrl] : [],
		allowSelfSigned: given.allowSelfSigned ?? false,
		ca: given.ca || undefined,
		requestsPerMinute: paces.length > 0 ? Math.min(...paces) : 0,
		maxConcurrent: concurrent(given, profile),
		idleMs: 4_000,
		timeoutMs: Math.max(positive(given.timeout), profile.limits.timeoutSeconds ?? 0) * 1000 || undefined,
	};
}

function parse(credential: Record<string, unknown>): Given {
	const result = fields.safeParse(credential);
	if (result.success) return { ...result.data, own: settingFields(credential) };
	const field = String(result.error.issues[0]?.path[0] ?? 'a field');
	throw wrong(LABELS[field] ?? field, 'cannot be read', 'Enter it again in the credential');
}

function valuesOf(given: Given, profile: Profile): Fields {
	const titles = Object.fromEntries(Object.keys(given.own).map((name) => [name, profile.settings?.[name]?.title ?? name]));
	return { ...given, settings: { ...defaultsOf(profile), ...readSettings(given.own), ...readSettings(given.settings) }, titles };
}

/** Settings of a shipped profile have fields of their own in the credential: `sap-b1_company`. */
function settingFields(credential: Record<string, unknown>): Record<string, unknown> {
	const node = isRecord(credential.node) ? credential.node : {};
	const prefix = `${String(node.profileFrom === 'shipped' ? node.profile : credential.profile)}_`;
	return Object.fromEntries(Object.entries(credential).filter(([field]) => field.startsWith(prefix)).map(([field, value]) => [field.slice(prefix.length), value]));
}

function defaultsOf({ settings = {} }: Profile): Record<string, string> {
	return Object.fromEntries(Object.entries(settings).flatMap(([name, setting]) => (setting.default === undefined ? [] : [[name, setting.default]])));
}

function readSettings(given: Given['settings']): Record<string, string> {
	if (!given || (typeof given === 'string' && !given.trim())) return {};
	const value = typeof given === 'string' ? tryJson(given) : given;
	if (!isRecord(value)) throw wrong('Settings', 'is not a JSON object', 'e.g. {"company": "CRONUS"}');
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, one]): Array<[string, string]> => {
			if (one === null || one === undefined || one === '') return [];
			if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') return [[name, String(one).trim()]];
			throw wrong('Settings', `holds something else than a text or number as "${name}"`, 'e.g. {"company": "CRONUS"}');
		}),
	);
}

function tryJson(given: string): unknown {
	try {
		return parseJson(given);
	} catch {
		return undefined;
	}
}

/** The URL of the credential, else the profile's; a profile that the node chose cannot lead elsewhere than the credential does. */
function baseOf(credential: Record<string, unknown>, given: Given, profile: Profile): string {
	if (given.url) return readUrl(given.url);
	const url = profileUrl(given, profile);
	const own = isRecord(credential.node) ? chooseProfile({ ...credential, node: undefined }) : profile;
	if (own === profile) return url;
	const meant = profileUrl(given, own);
	if (new URL(meant).origin === new URL(url).origin) return url;
	throw new Failure('denied', `The profile of the node leads to ${new URL(url).host}, the credential to ${new URL(meant).host}`, { advice: 'Enter the "Base URL" in the credential, or choose a credential for that server: a node cannot send it elsewhere' });
}

function profileUrl(given: Given, profile: Profile): string {
	if (profile.baseUrl === undefined) throw wrong('Base URL', 'is empty', `The profile "${profile.name}" does not know the address of the server: enter where its API begins`);
	return readUrl(fillAddress('baseUrl', profile.baseUrl, valuesOf(given, profile)), 'The profile\'s base URL');
}

function readUrl(address: string, what?: string): string {
	const url = tryUrl(address);
	const shown = address.replace(/\/\/[^/@]*@/, '//');
	if (url && /^https?:$/.test(url.protocol)) return url.origin + url.pathname.replace(/\/+$/, '');
	if (what) throw new Failure('denied', `${what} "${shown}" is not a web address`, { advice: 'Enter the "Base URL" in the credential' });
	throw wrong('Base URL', `"${shown}" is not a web address`, 'e.g. https://erp.example.com/api/v1');
}

function tryUrl(address: string): URL | undefined {
	try {
		return new URL(address);
	} catch {
		return undefined;
	}
}

/**
 * Where a token is got. On another server only when the credential says so itself, or a shipped profile does: what is
 * sent there is the secret.
 */
function tokenAddress(credential: Record<string, unknown>, given: Given, profile: Profile, base: string): string {
	const address = tokenUrlOf(given, profile, base);
	if (!isAddress(address) || given.tokenUrl || new URL(address).origin === new URL(base).origin) return address;
	const shipped = shippedProfile(credential);
	if (shipped && tokenUrlOf(given, shipped, base) === address) return address;
	throw new Failure('denied', `The profile gets its token from ${new URL(address).host}, which is not the server of the credential`, { advice: 'Enter that address as "Token URL" in the credential if the secret may be sent there' });
}

function tokenUrlOf(given: Given, profile: Profile, base: string): string {
	if (profile.auth.type !== 'oauth2') return '';
	const address = given.tokenUrl || fillAddress('auth.tokenUrl', profile.auth.tokenUrl, valuesOf(given, profile));
	if (address.startsWith('/') && !address.startsWith('//')) return address;
	const url = tryUrl(address);
	if (!url || !/^https?:$/.test(url.protocol)) {
		if (given.tokenUrl) throw wrong('Token URL', 'is not a web address', 'e.g. https://login.example.com/oauth2/token');
		throw new Failure('denied', `The profile's token URL "${address}" is neither a path nor a web address`, { advice: 'Enter the "Token URL" in the credential' });
	}
	const clean = url.origin + url.pathname;
	return clean.startsWith(`${base}/`) ? clean.slice(base.length) : clean;
}

/** The shipped profile that credential or node chose, without anybody's overrides. */
function shippedProfile(credential: Record<string, unknown>): Profile | undefined {
	const node = isRecord(credential.node) ? credential.node : {};
	if (node.profileFrom === 'shipped') return chooseProfile({ profile: node.profile });
	const own = node.profileFrom === undefined || node.profileFrom === '' || node.profileFrom === 'credential';
	return own && credential.profile !== OWN ? chooseProfile({ profile: credential.profile }) : undefined;
}

function isAddress(tokenUrl: string): boolean {
	return /^https?:/.test(tokenUrl);
}

function concurrent(given: Given, profile: Profile): number {
	const asked = Math.trunc(positive(given.maxConcurrent)) || MOST_AT_ONCE;
	return Math.max(1, Math.min(MOST_AT_ONCE, asked, profile.limits.maxConcurrent));
}

function positive(value: number): number {
	return Number.isFinite(value) && value > 0 ? value : 0;
}

function wrong(field: string, what: string, advice: string): Failure {
	return new Failure('denied', `Credential field "${field}" ${what}`, { advice });
}
