// Owns OAuth 2 client credentials (RFC 6749, section 4.4; RFC 7523). Must not know when a token is got.
import { constants, createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { Failure } from '../core/failure';
import type { HttpResponse } from '../core/http';
import { isRecord } from '../core/values';
import { readBody, usualError } from './rest.answers';
import type { AuthParts } from './rest.auth';
import type { Door, Opened } from './rest.auth.renewal';
import { kindOf, retryAfter } from './rest.failures';
import { fill } from './rest.fill';
import type { Auth as AuthProfile } from './rest.profile.schema';

type OAuth2 = Extract<AuthProfile, { type: 'oauth2' }>;
export type Algorithm = OAuth2['algorithm'];

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Long enough for clocks that differ, too short to be worth stealing. */
const ASSERTION_SECONDS = 300;

export function oauth2Door(parts: AuthParts, auth: OAuth2): Door {
	return {
		open: async () => {
			const { credential, deps, secrets } = parts;
			const { form, headers } = tokenRequest(parts, auth);
			for (const secret of [form.client_assertion, headers.Authorization?.replace(/^Basic /, '')]) if (secret !== undefined) secrets.add(secret);
			const response = await deps.send({ method: 'POST', path: credential.tokenUrl, form, headers: { Accept: 'application/json', ...headers } });
			return readToken(parts, response);
		},
	};
}

function tokenRequest({ credential, deps }: AuthParts, auth: OAuth2): { form: Record<string, string>; headers: Record<string, string> } {
	const { clientId, clientSecret } = credential;
	const scope = auth.scope === undefined ? undefined : fill('auth.scope', auth.scope, credential);
	const own = Object.fromEntries(Object.entries(auth.parameters ?? {}).map(([name, text]) => [name, fill(`auth.parameters.${name}`, text, credential)]));
	const form = { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }), ...own };
	switch (auth.client) {
		case 'body':
			return { form: { ...form, client_id: clientId, client_secret: clientSecret }, headers: {} };
		case 'basic':
			return { form, headers: { Authorization: `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`, 'utf8').toString('base64')}` } };
		case 'jwt': {
			const { tokenUrl, url, keyId, privateKey } = credential;
			const now = Math.floor(deps.clock.now() / 1000);
			const scopes = scope?.split(/[\s,]+/).filter(Boolean);
			// The scope stands in what is signed (NetSuite, "The Request Token Structure"); who wants it in the form, too,
			// or the client's id, names them in `parameters`.
			const claims = { iss: clientId, sub: clientId, aud: tokenUrl.startsWith('/') ? url + tokenUrl : tokenUrl, iat: now, exp: now + ASSERTION_SECONDS, jti: randomUUID(), ...(scopes ? { scope: scopes } : {}) };
			return { form: { grant_type: 'client_credentials', client_assertion_type: ASSERTION, client_assertion: signed(claims, auth.algorithm, privateKey, keyId), ...own }, headers: {} };
		}
	}
}

/** RFC 6749, section 2.3.1: encoded as in a form, before they are joined by a colon. */
function encoded(text: string): string {
	return new URLSearchParams({ a: text }).toString().slice(2);
}

/** A JSON Web Token (RFC 7519). @throws Failure `denied` when the key does not fit */
export function signed(claims: Readonly<Record<string, unknown>>, algorithm: Algorithm, privateKey: string, keyId: string): string {
	const part = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
	const text = `${part({ typ: 'JWT', alg: algorithm, ...(keyId ? { kid: keyId } : {}) })}.${part(claims)}`;
	const key = readKey(privateKey);
	if (key.asymmetricKeyType !== (algorithm === 'ES256' ? 'ec' : 'rsa')) throw wrongKey(`is no ${algorithm === 'ES256' ? 'elliptic curve' : 'RSA'} key, which ${algorithm} needs`);
	const options = { PS256: { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, RS256: { key }, ES256: { key, dsaEncoding: 'ieee-p1363' as const } }[algorithm];
	try {
		return `${text}.${sign('sha256', Buffer.from(text, 'ascii'), options).toString('base64url')}`;
	} catch {
		throw wrongKey('does not sign');
	}
}

function readKey(pem: string): KeyObject {
	try {
		return createPrivateKey(wholePem(pem));
	} catch {
		// What the library says may hold parts of the key.
		throw wrongKey('cannot be read');
	}
}

/** Fields of a form lose line breaks, or keep them as "\n". */
function wholePem(given: string): string {
	const pem = given.replace(/\\n/g, '\n').trim();
	const [, name, body] = /^-----BEGIN ([A-Z ]+)-----([\s\S]*)-----END \1-----$/.exec(pem) ?? [];
	if (name === undefined || body === undefined || /^(Proc-Type|DEK-Info)/m.test(body)) return pem;
	return `-----BEGIN ${name}-----\n${body.replace(/\s+/g, '').replace(/(.{64})/g, '$1\n').trim()}\n-----END ${name}-----\n`;
}

function wrongKey(what: string): Failure {
	return new Failure('denied', `Credential field "Private Key" ${what}`, { advice: 'Paste the whole PEM text, without a passphrase, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----' });
}

function readToken({ credential, profile, deps, secrets }: AuthParts, response: HttpResponse): Opened {
	const host = new URL(credential.tokenUrl, `${credential.url}/`).host;
	const { body } = readBody(response);
	const ok = response.status >= 200 && response.status < 300;
	const token = isRecord(body) && typeof body.access_token === 'string' ? body.access_token : '';
	if (ok && isRecord(body) && token !== '') {
		secrets.add(token);
		const seconds = Number(body.expires_in ?? NaN);
		return { pass: { headers: { Authorization: `Bearer ${token}` }, query: {} }, lifeMs: seconds > 0 ? seconds * 1000 : undefined };
	}
	const { said, code } = usualError(body);
	const details = { code: code ?? `HTTP ${response.status}`, said: said === undefined ? undefined : secrets.hide(said).slice(0, 600) };
	const kind = ok ? 'denied' : kindOf(response.status, response.headers, false);
	if (kind === 'transient' || kind === 'throttled') throw new Failure(kind, `${host} gives no token at the moment (HTTP ${response.status})`, { ...details, retryAfterMs: retryAfter(response.headers, deps.clock.now()) });
	throw new Failure('denied', ok ? `${host} answered without a token for ${profile.name}` : `${host} refuses a token for ${profile.name} (HTTP ${response.status})`, { ...details, advice: 'Check client, secret or key, and "Token URL" in the credential, and what the client may do there' });
}
