// The client half of the wire proof: every recorded answer of a real Odoo is read as what it was, and the requests of the
// main job are written as they were sent. Must not know the simulator.
import { Failure, type FailureKind } from '../../nodes/core/failure';
import type { HttpResponse, Send } from '../../nodes/core/http';
import { readCredential } from '../../nodes/OdooErp/odoo.credential';
import { ExternalIds } from '../../nodes/OdooErp/odoo.keys';
import { Loader } from '../../nodes/OdooErp/odoo.load';
import { OdooMetadata } from '../../nodes/OdooErp/odoo.metadata';
import { expected, OdooSession } from '../../nodes/OdooErp/odoo.session';
import { rowsSchema } from '../../nodes/OdooErp/odoo.values';
import { jsonRpcRequest, readJson2, readJsonRpc } from '../../nodes/OdooErp/odoo.wire';
import { TestClock } from '../systems/send';
import { type Exchange, exchangesOf, find, isObject, type Json, modelCallOf, resultOf, VERSIONS } from './odoo.fixture';

/** What a person does about an exception, by its class alone. */
const KINDS: Array<[RegExp, FailureKind]> = [
	[/^odoo\.exceptions\.AccessDenied$|Unauthorized$/, 'denied'],
	[/^odoo\.exceptions\.AccessError$/, 'denied'],
	[/^odoo\.exceptions\.MissingError$/, 'missing'],
	[/SerializationFailure|DeadlockDetected|LockNotAvailable/, 'conflict'],
	[/^psycopg2\.OperationalError$/, 'unknown'],
	[/./, 'rejected'],
];
/** Answers that are pages, by status. */
const PAGES: Record<number, FailureKind> = { 200: 'unknown', 400: 'rejected', 404: 'denied', 415: 'rejected', 500: 'unknown' };

const isJson2 = (exchange: Exchange): boolean => exchange.request.path.startsWith('/json/2');
const isRpc = (exchange: Exchange): boolean => exchange.request.path === '/jsonrpc';

function responseOf({ response }: Exchange): HttpResponse {
	const isText = typeof response.body === 'string';
	const type = Object.entries(response.headers ?? {}).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? (isText ? 'text/html' : 'application/json');
	return { status: response.status, headers: { 'content-type': type }, text: isText && !/json/.test(type) ? String(response.body) : JSON.stringify(response.body) };
}

/** The class of the exception in an answer; an empty text for a page, nothing for a success. */
function exceptionOf({ response, request }: Exchange): string | undefined {
	const { body } = response;
	if (request.path.startsWith('/json/2')) return response.status === 200 ? undefined : isObject(body) ? String(body.name) : '';
	if (!isObject(body)) return '';
	const { error } = body;
	if (!isObject(error)) return undefined;
	return isObject(error.data) ? String(error.data.name) : '';
}

describe.each(VERSIONS)('Odoo %s', (version) => {
	const exchanges = exchangesOf(version);
	const calls = exchanges.filter((exchange) => (isRpc(exchange) || isJson2(exchange)) && exchange.request.method === 'POST');

	it(`reads all ${calls.length} answers as what they were`, () => {
		expect(calls.length).toBeGreaterThan(450);
		for (const exchange of calls) {
			const read = (): unknown => (isJson2(exchange) ? readJson2 : readJsonRpc)(responseOf(exchange), exchange.name);
			const exception = exceptionOf(exchange);
			if (exception === undefined) {
				expect([exchange.name, read()]).toEqual([exchange.name, resultOf(exchange) ?? null]);
				continue;
			}
			const kind = exception === '' ? PAGES[exchange.response.status] : KINDS.find(([name]) => name.test(exception))![1];
			const failure = caught(read);
			expect([exchange.name, failure.kind]).toEqual([exchange.name, kind]);
			expect(failure.message).not.toMatch(/Traceback|traceback removed|File "/);
		}
	});

	it('reads the records of every search and read', () => {
		for (const exchange of calls) {
			const method = modelCallOf(exchange)?.method;
			const result = resultOf(exchange);
			if ((method !== 'read' && method !== 'search_read') || !Array.isArray(result)) continue;
			expect([exchange.name, expected(rowsSchema, 'read')(result)]).toEqual([exchange.name, result]);
		}
	});

	it('reads every list of fields', async () => {
		for (const exchange of calls) {
			const call = modelCallOf(exchange);
			const result = resultOf(exchange);
			if (call?.method !== 'fields_get' || !isObject(result) || !Object.values(result).every((field) => isObject(field) && typeof field.type === 'string')) continue;
			const fields = await new OdooMetadata(sessionOn([exchange]), new TestClock()).fields(call.model);
			expect(Object.keys(fields)).toEqual(Object.keys(result));
		}
	});

	it('reads every load(): ids, or a failure of the right kind', async () => {
		const loads = calls.filter((exchange) => modelCallOf(exchange)?.method === 'load' && isObject(resultOf(exchange)));
		expect(loads.length).toBeGreaterThan(40);
		for (const exchange of loads) {
			const result = resultOf(exchange) as { ids: number[] | false; messages: Array<{ message: string }> };
			const session = sessionOn([exchange], { check_access_rights: !/nobody/.test(exchange.name) });
			const rows = Array.isArray(result.ids) ? result.ids.length : 1;
			const loaded = await new Loader(session, new OdooMetadata(session, new TestClock())).load('x', [{ rows: Array.from({ length: rows }, () => ({ id: 'a.b' })) }]);
			if (result.ids) {
				expect([exchange.name, loaded]).toEqual([exchange.name, [{ ok: true, value: result.ids }]]);
				continue;
			}
			const [only] = loaded;
			const kind = result.messages.some(({ message }) => /could not serialize/.test(message)) ? 'conflict' : /nobody/.test(exchange.name) ? 'denied' : 'rejected';
			expect([exchange.name, only!.ok ? 'ok' : only!.failure.kind]).toEqual([exchange.name, kind]);
		}
	});

	it('reads the look-ups of external ids', async () => {
		const { name: _none, ...missing } = find(exchanges, 'imd-check-object-reference-missing') ?? { name: '' };
		expect(missing).toHaveProperty('response');
		for (const exchange of calls) {
			const call = modelCallOf(exchange);
			const keys = new ExternalIds(sessionOn([exchange]));
			if (call?.method === 'check_object_reference' && exceptionOf(exchange) !== 'odoo.exceptions.AccessError') {
				const result = resultOf(exchange);
				const found = await keys.find('res.partner', 'vtiger.acc_1');
				expect([exchange.name, found]).toEqual([exchange.name, Array.isArray(result) ? result[1] : undefined]);
			}
		}
	});

	it('tells a good log-in from a bad one and from a missing database', async () => {
		const logins = calls.filter((exchange) => isRpc(exchange) && JSON.stringify(exchange.request.body).includes('"authenticate"'));
		expect(logins.length).toBeGreaterThan(4);
		for (const exchange of logins) {
			const params = (exchange.request.body as { params: { args: string[] } }).params;
			const outcome = await sessionOn([exchange], {}, String(params.args[0])).login().then((login) => login.uid, (error: unknown) => (error as Failure).kind);
			const result = resultOf(exchange);
			expect([exchange.name, outcome]).toEqual([exchange.name, typeof result === 'number' ? result : 'denied']);
		}
	});

	it('writes the calls of the main job as they were sent', () => {
		const job = exchanges.filter((exchange) => exchange.script === 'F');
		const compared = job.filter((exchange) => {
			const call = modelCallOf(exchange);
			const args = paramsOf(exchange);
			if (!call || !SHAPES[call.method] || !args) return false;
			const { context } = args[6] as { context: Record<string, unknown> };
			const request = jsonRpcRequest({ model: call.model, method: call.method, ...SHAPES[call.method]!(call.args), context }, { database: String(args[0]), uid: Number(args[1]), secret: String(args[2]) });
			expect([exchange.name, (request.json as { params: unknown }).params]).toEqual([exchange.name, (exchange.request.body as { params: unknown }).params]);
			return true;
		});
		expect(compared.length).toBeGreaterThan(12);
	});
});

/** How the recorded positional arguments are named in a call. */
const SHAPES: Record<string, (args: Json[]) => { ids?: number[]; args?: Record<string, unknown> }> = {
	load: ([fields, data]) => ({ args: { fields, data } }),
	read: ([ids, fields]) => ({ ids: ids as number[], args: { fields } }),
	search_read: ([domain, fields]) => ({ args: { domain, fields } }),
	get_external_id: ([ids]) => ({ ids: ids as number[] }),
	write: ([ids, vals]) => ({ ids: ids as number[], args: { vals } }),
	action_confirm: ([ids]) => ({ ids: ids as number[] }),
	action_post: ([ids]) => ({ ids: ids as number[] }),
};

function paramsOf(exchange: Exchange): Json[] | undefined {
	const body = exchange.request.body;
	const params = isObject(body) && isObject(body.params) ? body.params : undefined;
	return params && Array.isArray(params.args) ? params.args : undefined;
}

function caught(run: () => unknown): Failure {
	try {
		run();
	} catch (error) {
		if (error instanceof Failure) return error;
		throw error;
	}
	throw new Error('it was read as a success');
}

/** A session that gets the recorded answer for every call but those of its own log-in. */
function sessionOn([exchange]: [Exchange], results: Record<string, unknown> = {}, database = 'crmerp'): OdooSession {
	const json = (result: unknown): HttpResponse => ({ status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify({ jsonrpc: '2.0', id: 1, result }) });
	const send: Send = async (request) => {
		const asked = JSON.stringify(request.json);
		if (asked.includes('"method":"version"')) return json({ server_version: '17.0', server_version_info: [17, 0] });
		const own = Object.keys(results).find((method) => asked.includes(`"${method}"`));
		if (own) return json(results[own]);
		const isLogin = JSON.stringify(exchange.request.body).includes('"authenticate"');
		if (asked.includes('"authenticate"') && !isLogin) return json(2);
		const response = responseOf(exchange);
		// JSON-2 gives the bare result: wrapped, so that one session reads both.
		return isJson2(exchange) && response.status === 200 ? json(exchange.response.body) : response;
	};
	return new OdooSession(readCredential({ url: 'https://odoo.example.test', database, login: 'admin', secret: 'secret-of-admin' }), { send, clock: new TestClock() });
}
