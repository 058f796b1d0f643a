// Owns acting as a salesperson's app in the CRM: logs in to its web service and sets a quote's stage.
// Must not know the pack: it is the outside world.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const answer = z.object({ success: z.boolean(), result: z.unknown().optional(), error: z.object({ code: z.unknown(), message: z.string() }).optional() });
const challenge = z.object({ token: z.string() });
const session = z.object({ sessionName: z.string() });

/** A logged-in user of vtiger's web service. */
export class CrmUser {
	private constructor(
		private readonly url: string,
		private readonly sessionName: string,
	) {}

	static async signIn(url: string, username: string, accessKey: string): Promise<CrmUser> {
		const { token } = challenge.parse(await ask(`${url}/webservice.php?${new URLSearchParams({ operation: 'getchallenge', username }).toString()}`));
		const key = createHash('md5').update(token + accessKey).digest('hex');
		const { sessionName } = session.parse(await ask(`${url}/webservice.php`, { operation: 'login', username, accessKey: key }));
		return new CrmUser(url, sessionName);
	}

	/** Changes fields of a record, e.g. `{ quotestage: 'Accepted' }`. */
	async revise(id: string, fields: Record<string, string>): Promise<void> {
		await ask(`${this.url}/webservice.php`, { operation: 'revise', sessionName: this.sessionName, element: JSON.stringify({ id, ...fields }) });
	}
}

async function ask(url: string, form?: Record<string, string>): Promise<unknown> {
	const response = await fetch(url, form ? { method: 'POST', body: new URLSearchParams(form) } : {});
	const { success, result, error } = answer.parse(await response.json());
	if (!success) throw new Error(`The CRM refused: ${error?.message ?? 'no reason given'}`);
	return result;
}
