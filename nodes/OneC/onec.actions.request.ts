// Owns the raw request: any address below the service root, under the rules of all others. Must not know documents.
import { Failure } from '../core/failure';
import { isRecord } from '../core/mapping';
import type { ActionRow } from '../core/port';
import type { Inputs } from './onec.actions.input';
import type { Services } from './onec.services';
import type { Method } from './onec.wire';

const METHODS: readonly Method[] = ['GET', 'POST', 'PATCH', 'DELETE'];
const DELETION = 'physical deletion';
/** Answer in Atom only; as JSON their packets are not sure (reference 9). */
const PACKETS = /^(SelectChanges|NotifyChangesReceived)/;

/** GET of what would act, and `Posted` as a field, are refused by the wire itself (reference 6). */
export async function request(services: Services, input: Inputs): Promise<ActionRow[]> {
	const method = METHODS.find((known) => known === (input.optional('method') ?? 'GET').toUpperCase());
	if (!method) throw new Failure('rejected', `The method "${input.optional('method') ?? ''}" is not sent`, { advice: `Choose one of ${METHODS.join(', ')}` });
	const { path, query } = addressOf(input.text('path'), services.credential.root);
	if (method === 'DELETE' && input.optional('confirmation') !== DELETION) throw new Failure('rejected', 'DELETE removes the record for ever, and 1C does not look whether others refer to it', { advice: `Nothing was deleted. Write "${DELETION}" into the confirmation if that is meant` });
	const body = method === 'POST' || method === 'PATCH' ? bodyOf(input.json('body')) : undefined;
	const answer = await services.session.raw({ method, path, query: { ...query, ...queryOf(input.json('query')) }, json: body, format: PACKETS.test(path) ? 'atom' : 'json' }, 'anything');
	return rowsOf(answer.body, answer.text, answer.status);
}

/**
 * The path below the root. A whole address is taken when it is the credential's own; what follows `?` is read as it stands,
 * percent codes or not, with "+" meaning itself (reference 1).
 */
function addressOf(written: string, root: string): { path: string; query: Record<string, string> } {
	const whole = /^[a-z][a-z0-9+.-]*:/i.test(written) || written.startsWith('//');
	const inside = decoded(written).startsWith(`${decoded(root)}/`) || decoded(written) === decoded(root);
	if (whole && !inside) throw new Failure('denied', 'The address is outside the infobase of the credential', { advice: `Give what stands behind ${root}/` });
	const rest = (whole ? decoded(written).slice(decoded(root).length) : written).replace(/^\/+/, '');
	const [, path = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(rest) ?? [];
	const plain = decoded(path);
	if (plain.split('/').some((segment) => segment === '..' || segment === '.')) throw new Failure('denied', 'The address leaves the infobase of the credential', { advice: 'Give a path without ".."' });
	const query = Object.fromEntries(search.split('&').filter(Boolean).map((pair): [string, string] => {
		const at = pair.indexOf('=');
		return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
	}));
	return { path: plain, query };
}

function decoded(text: string): string {
	if (!/%[0-9a-f]{2}/i.test(text)) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function queryOf(value: unknown): Record<string, string> {
	if (value === undefined) return {};
	if (!isRecord(value)) throw new Failure('rejected', 'The parameter "Query" is not a JSON object', { advice: 'e.g. {"$top": "5"}' });
	return Object.fromEntries(Object.entries(value).map(([name, given]) => [name, String(given)]));
}

/** Functions take no body; an empty object is none. */
function bodyOf(value: unknown): unknown {
	return isRecord(value) && Object.keys(value).length === 0 ? undefined : value;
}

/** A list gives an item per record, a record one item, anything else its text. */
function rowsOf(body: unknown, text: string, status: number): ActionRow[] {
	if (isRecord(body) && Array.isArray(body.value) && body.value.every(isRecord)) return body.value.map((json) => ({ json }));
	if (isRecord(body)) return [{ json: body }];
	return [{ json: { status, ...(text ? { text } : {}) } }];
}
