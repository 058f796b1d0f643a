// Owns the credential's test: which of URL, database, login, secret and company is wrong, and what the user should know.
import { asFailure, Failure } from '../core/failure';
import type { Services } from './odoo.customers';
import { reference, text } from './odoo.values';

/** Keys that end sooner are told about. */
const WARN_DAYS = 14;
const DAY_MS = 86_400_000;

/** Logs in anew and looks around. */
export async function checkConnection(services: Services): Promise<{ version: string; user: string; notes: string[] }> {
	const { session } = services;
	const { credential } = session;
	const version = await session.version().catch((error: unknown) => {
		throw atUrl(asFailure(error), credential.url);
	});
	const login = await session.login();
	const user = await readUser(services, login.uid);
	const notes = [...login.notes];
	if (version.major < 14) notes.push(`Odoo ${version.text} is older than what this node is made for (14 and up)`);
	if (text(user.login) && text(user.login) !== credential.login) notes.push(`The API key belongs to the user "${text(user.login)}", not to "${credential.login}"`);
	notes.push(...(await expiryNotes(services)));
	const name = text(user.name) ?? text(user.login) ?? credential.login;
	const company = reference(user.company_id)?.label;
	return { version: `Odoo ${version.text}`, user: company ? `${name} (${company})` : name, notes };
}

function atUrl(failure: Failure, url: string): Failure {
	if (failure.kind !== 'unknown') return failure;
	return new Failure('denied', `${url} does not answer as Odoo does`, { said: failure.what, advice: 'Check "URL" in the credential' });
}

async function readUser({ session }: Services, uid: number): Promise<Record<string, unknown>> {
	try {
		const [user] = await session.read('res.users', [uid], ['name', 'login', 'company_id']);
		return user ?? {};
	} catch (error) {
		const failure = asFailure(error);
		const { company } = session.credential;
		if (failure.kind !== 'denied' || !company) throw failure;
		// Without a chosen company nobody is refused their own user.
		throw new Failure('denied', `The Odoo user may not work in the company with the id ${company}`, { said: failure.said, advice: 'Correct "Company ID" in the credential, or allow the company to the user in Odoo' });
	}
}

/** From Odoo 18 on keys end; a user may see their own. */
async function expiryNotes({ session, metadata, clock }: Services): Promise<string[]> {
	if ((await session.version()).major < 18) return [];
	try {
		if (!(await metadata.fieldNamed('res.users.apikeys', 'expiration_date'))) return [];
		const keys = await session.searchRead('res.users.apikeys', [], ['name', 'expiration_date']);
		const now = Date.parse(session.serverTime ?? '') || clock.now();
		return keys.flatMap((key) => {
			const end = text(key.expiration_date);
			const days = end ? Math.floor((Date.parse(`${end.replace(' ', 'T')}Z`) - now) / DAY_MS) : Infinity;
			return days < WARN_DAYS ? [`API key "${text(key.name) ?? ''}" ends on ${end!.slice(0, 10)}: make a new one in Odoo before`] : [];
		});
	} catch {
		// A hint only: whoever may not read it goes without.
		return [];
	}
}
