// Owns what the answer to a profile's check says of the connection. Must not know how it was asked for.
import { Failure } from '../core/failure';
import { baseScope } from './rest.documents';
import { shown } from './rest.documents.shape';
import type { Answer, Scope, Services } from './rest.services';

/**
 * What the answer to the profile's check says of the connection.
 *
 * @throws Failure when it says nothing of what the profile reads there: a server that refuses with status 200 would
 *         else seem to be connected, whatever the key
 */
export async function toldBy({ profile, credential, evaluator }: Pick<Services, 'profile' | 'credential' | 'evaluator'>, answer: Answer): Promise<{ version?: string; user?: string }> {
	const scope: Scope = { ...baseScope({ profile, credential, evaluator }), answer: answer.body, headers: answer.headers };
	const told = async (what: 'version' | 'user') => profile.check?.[what] && (await evaluator.text(`check.${what}`, profile.check[what], scope));
	const [version, user] = [await told('version'), await told('user')];
	if (version !== undefined || user !== undefined || (!profile.check?.version && !profile.check?.user)) return { version, user };
	throw new Failure('rejected', `${profile.name} answered, and what "check" of the profile reads is not there: ${shown(answer.body)}`, { advice: 'If that is a refusal, let errors.inside tell it from an answer; else correct check.version and check.user' });
}
