// Owns what the parts of a connector share, made from one credential. Must not know what they do with it.
import type { Deps } from '../core/port';
import { readCredential } from './rest.credential';
import { ProfileEvaluator } from './rest.evaluator';
import { functionsFor } from './rest.functions';
import { chooseProfile, fileOf } from './rest.profile';
import { RestRequests } from './rest.requests';
import type { Services } from './rest.services';
import { RestSession } from './rest.session';
import { SystemTime } from './rest.time';

/** @throws Failure that says which field of the credential, or which place of the profile, is wrong */
export function servicesFor(given: Record<string, unknown>, deps: Deps): Services {
	const profile = chooseProfile(given);
	const credential = readCredential(given);
	const time = new SystemTime(profile.time, credential.settings);
	const evaluator = new ProfileEvaluator(fileOf(profile), functionsFor({ installation: credential.installation, moduleOf: (kind) => profile.kinds[kind]?.module, fromSystemTime: (value) => time.toIso(value), toSystemTime: (text) => time.fromIso(text), toDate: (value) => time.toDate(value) }));
	const session = new RestSession(credential, profile, evaluator, deps);
	const parts = { credential, profile, evaluator, session };
	return { ...parts, requests: new RestRequests(parts), clock: deps.clock };
}
