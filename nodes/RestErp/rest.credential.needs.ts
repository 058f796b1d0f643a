// Owns which fields of the credential a profile's log-in cannot do without. Must not know the network.
import { Failure } from '../core/failure';
import { FIELD_LABELS, type Fields, fill, placeholdersIn } from './rest.fill';
import type { Mapping } from './rest.profile.parts';
import type { Auth, Profile } from './rest.profile.schema';

export interface Held extends Fields {
	privateKey: string;
}

type Name = keyof typeof FIELD_LABELS;

/** @throws Failure `denied` that names the field which is empty although the profile needs it */
export function needs(profile: Profile, held: Held): void {
	for (const name of namesOf(profile.auth)) {
		if (held[name] === '') throw new Failure('denied', `Credential field "${FIELD_LABELS[name]}" is empty`, { advice: `${profile.name} needs it to log in: enter it in the credential` });
	}
	// Basic authentication ends the name at the first colon, so that such a user could never log in.
	if (profile.auth.type === 'basic' && held.username.includes(':')) throw new Failure('denied', 'Credential field "User Name" holds a colon, which cannot be sent', { advice: 'Use a user without a colon in its name' });
	for (const [place, text] of textsOf(profile)) fill(place, text, held);
}

function namesOf(auth: Auth): Name[] {
	switch (auth.type) {
		case 'none':
		case 'apiKey':
			return [];
		case 'basic':
			return ['username'];
		case 'bearer':
			return ['token'];
		case 'oauth2':
			return ['clientId', auth.client === 'jwt' ? 'privateKey' : 'clientSecret'];
		case 'login': {
			const { body, query, headers } = auth.request;
			const expressions = [body, query, headers].flatMap((part) => (part === undefined ? [] : leaves(part)));
			return (Object.keys(FIELD_LABELS) as Name[]).filter((name) => expressions.some((expression) => mentions(expression, name)));
		}
	}
}

function leaves(part: Mapping): string[] {
	if (typeof part === 'string') return [part];
	return part !== null && typeof part === 'object' ? Object.values(part).flatMap(leaves) : [];
}

/** As a name of its own: neither in a quoted text nor as a member of something. */
function mentions(expression: string, name: string): boolean {
	return new RegExp(`(?<![.$\\w])${name}(?!\\w)`).test(expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, "''"));
}

/** The profile's plain texts: each of their placeholders must have a value. */
function textsOf({ auth, headers = {}, time }: Profile): Array<[string, string]> {
	const texts = Object.entries(headers).map(([name, text]): [string, string] => [`headers.${name}`, text]);
	// A wrong zone loses changes: a profile that names no usual one wants to be told.
	texts.push(['time.zone', time.zone]);
	if (auth.type === 'apiKey') texts.push(['auth.value', auth.value]);
	if (auth.type === 'oauth2') {
		if (auth.scope !== undefined) texts.push(['auth.scope', auth.scope]);
		for (const [name, text] of Object.entries(auth.parameters ?? {})) texts.push([`auth.parameters.${name}`, text]);
	}
	return texts.filter(([, text]) => placeholdersIn(text).length > 0);
}
