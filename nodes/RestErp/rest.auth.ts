// Owns who we are to the server, by the profile's way of logging in. Must not know what is called.
import type { Deps } from '../core/port';
import { loginDoor, prefixed } from './rest.auth.login';
import { oauth2Door } from './rest.auth.oauth2';
import { RenewedAuth } from './rest.auth.renewal';
import type { RestCredential } from './rest.credential';
import type { Refusal } from './rest.failures';
import { fill } from './rest.fill';
import type { Profile } from './rest.profile.schema';
import type { Secrets } from './rest.secrets';
import type { Evaluator } from './rest.services';
import { type Exchange, NO_PASS, type Pass } from './rest.session.exchange';

export interface Auth {
	/** Logs in when there is no session; once for all who wait. */
	pass(): Promise<Pass>;
	/** Whether a refusal says that the session is over, so that a new one helps. */
	isOver(refusal: Refusal): boolean;
	/** Gives up this pass, unless it was replaced meanwhile. */
	drop(pass: Pass): void;
	/** Logs in anew next time. */
	forget(): void;
}

export interface AuthParts {
	credential: RestCredential;
	profile: Profile;
	evaluator: Evaluator;
	deps: Deps;
	secrets: Secrets;
	exchange: Exchange;
}

export function authOf(parts: AuthParts): Auth {
	const { credential, profile, deps, secrets } = parts;
	const { auth } = profile;
	switch (auth.type) {
		case 'none':
			return lasting(NO_PASS);
		case 'basic': {
			const pair = Buffer.from(`${credential.username}:${credential.password}`, 'utf8').toString('base64');
			secrets.keep(pair);
			return lasting(header('Authorization', `Basic ${pair}`));
		}
		case 'bearer':
			return lasting(header('Authorization', prefixed(auth.prefix, credential.token)));
		case 'apiKey': {
			const value = fill('auth.value', auth.value, credential);
			secrets.keep(value);
			return lasting(auth.in === 'header' ? header(auth.name, value) : { headers: {}, query: { [auth.name]: value } });
		}
		case 'oauth2':
			return new RenewedAuth(oauth2Door(parts, auth), ['401'], deps.clock, profile.name);
		case 'login':
			return new RenewedAuth(loginDoor(parts, auth), auth.expired ?? ['401'], deps.clock, profile.name);
	}
}

function header(name: string, value: string): Pass {
	return { headers: { [name]: value }, query: {} };
}

/** What is the same in every call: there is nothing to renew. */
function lasting(pass: Pass): Auth {
	return { pass: async () => await Promise.resolve(pass), isOver: () => false, drop: () => undefined, forget: () => undefined };
}
