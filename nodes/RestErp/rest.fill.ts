// Owns the placeholders {name} in a profile's plain texts and addresses. Must not know the network or where values come from.
import { Failure } from '../core/failure';

/** The values that placeholders stand for; missing and empty ones are told. */
export interface Fields {
	username: string;
	password: string;
	token: string;
	clientId: string;
	clientSecret: string;
	settings: Readonly<Record<string, string>>;
	/** What the settings are called that have a field of their own in the credential. */
	titles?: Readonly<Record<string, string>>;
}

/** What the placeholders are called in the credential's form. */
export const FIELD_LABELS = { username: 'User Name', password: 'Password', token: 'API Key or Token', clientId: 'Client ID', clientSecret: 'Client Secret', privateKey: 'Private Key' } as const;

const PLACEHOLDER = /\{([^{}]*)\}/g;
/** Of a server's name and port, so that a value cannot make another server, user or path of the rest. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/;

/**
 * @param place in the profile, for messages: `headers.X-Tenant`
 * @throws Failure `denied` that names the field of the credential which is empty
 */
export function fill(place: string, text: string, fields: Fields): string {
	return text.replace(PLACEHOLDER, (_whole, name: string) => valueOf(place, name.trim(), fields));
}

/**
 * An address or path with its placeholders filled in: in the server's name with what may stand there, elsewhere
 * percent-encoded.
 *
 * @throws Failure `denied` for a value that does not fit where it stands
 */
export function fillAddress(place: string, address: string, fields: Fields): string {
	const [, server = '', rest = ''] = /^((?:https?:\/\/)[^/?#]*)?(.*)$/is.exec(address) ?? [];
	const host = server.replace(PLACEHOLDER, (_whole, name: string) => {
		const value = openValue(place, name.trim(), fields);
		if (HOST.test(value)) return value;
		throw new Failure('denied', `${told(name.trim(), fields)} "${value}" cannot be part of a server's name`, { advice: 'Letters, digits, dots and hyphens can; enter the part alone, without "https://" and "/"' });
	});
	const path = rest.replace(PLACEHOLDER, (_whole, name: string) => {
		const value = openValue(place, name.trim(), fields);
		if (!/^\.{1,2}$/.test(value)) return encodeURIComponent(Buffer.from(value, 'utf8').toString('utf8'));
		throw new Failure('denied', `${told(name.trim(), fields)} "${value}" cannot be part of an address`, { advice: 'Enter it again in the credential' });
	});
	return host + path;
}

/** The names in a text's braces. */
export function placeholdersIn(text: string): string[] {
	return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!.trim());
}

const SECRET = new Set(['password', 'token', 'clientSecret']);

/** Addresses are shown in messages and logs: no secret belongs there. */
function openValue(place: string, name: string, fields: Fields): string {
	if (!SECRET.has(name)) return valueOf(place, name, fields);
	throw new Failure('rejected', `The profile puts {${name}} into an address (${place})`, { advice: 'Use {settings.name}, {username} or {clientId} there' });
}

function valueOf(place: string, name: string, fields: Fields): string {
	const setting = /^settings\.(.+)$/.exec(name)?.[1];
	if (setting === undefined && !isField(name)) {
		throw new Failure('rejected', `The profile's ${place} holds {${name}}, which stands for nothing`, { advice: 'Known: {username}, {password}, {token}, {clientId}, {clientSecret} and {settings.name}' });
	}
	const value = setting === undefined ? fields[name as Field] : (Object.hasOwn(fields.settings, setting) ? fields.settings[setting]! : '');
	if (value !== '') return value;
	throw new Failure('denied', `${told(name, fields)} is empty`, { advice: setting === undefined || fields.titles?.[setting] !== undefined ? 'The profile needs it: enter it in the credential' : `The profile needs it: enter {"${setting}": "..."} there, beside what it holds already` });
}

const FIELDS = ['username', 'password', 'token', 'clientId', 'clientSecret'] as const;
type Field = (typeof FIELDS)[number];

function isField(name: string): name is Field {
	return FIELDS.some((field) => field === name);
}

function told(name: string, { titles = {} }: Fields): string {
	const setting = /^settings\.(.+)$/.exec(name)?.[1];
	if (setting !== undefined && Object.hasOwn(titles, setting)) return `Credential field "${titles[setting]!}"`;
	return setting === undefined ? `Credential field "${FIELD_LABELS[name as Field]}"` : `Credential field "Settings", "${setting}"`;
}
