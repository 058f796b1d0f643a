// The client half of the wire proof: every recorded answer of a real vtiger is read as what it was, and the requests
// of the main job are written as they were sent. Must not know the simulator.
import { createHash } from 'node:crypto';
import { documentSchema, type Kind } from '../../nodes/core/documents';
import { Failure, type FailureKind } from '../../nodes/core/failure';
import type { HttpRequest, HttpResponse, Send } from '../../nodes/core/http';
import { computeTotals, rounded } from '../../nodes/core/money';
import type { Connector } from '../../nodes/core/port';
import { readAnswer } from '../../nodes/Vtiger/vtiger.answers';
import { Gateway } from '../../nodes/Vtiger/vtiger.gateway';
import { fieldInfo, Metadata } from '../../nodes/Vtiger/vtiger.metadata';
import { Session } from '../../nodes/Vtiger/vtiger.session';
import { vtiger } from '../../nodes/Vtiger/vtiger.system';
import { TestClock } from '../systems/send';
import { asked, type Exchange, exchangesOf, isRow, resultOf, type Row, VERSIONS } from './vtiger.fixture';

const READS = new Set(['getchallenge', 'login', 'listtypes', 'describe', 'query', 'retrieve']);
const WRITES = new Set(['create', 'revise', 'delete']);
const OF_A_RECORD = new Set(['retrieve', 'revise', 'delete']);

const operationOf = (exchange: Exchange): string => asked(exchange).operation;

function responseOf({ response: { status, body } }: Exchange): HttpResponse {
	const page = typeof body === 'string';
	return { status, headers: { 'content-type': page ? 'text/html; charset=UTF-8' : 'application/json' }, text: page ? body : JSON.stringify(body) };
}

/** What a person or the machine does about an answer that is no success, by operation, status and code alone. */
function kindOf(exchange: Exchange): FailureKind {
	const operation = operationOf(exchange);
	const { status, body } = exchange.response;
	const silence = WRITES.has(operation) ? 'unknown' : 'transient';
	if (status === 414) return 'rejected';
	if (!isRow(body) || !isRow(body.error)) return silence;
	const { code } = body.error;
	if (code === 0) return 'ambiguous';
	if (code === 'ACCESS_DENIED') return OF_A_RECORD.has(operation) ? 'missing' : 'denied';
	if (code === 'INVALID_USER_CREDENTIALS' || code === 'INVALID_AUTH_TOKEN') return 'conflict';
	if (code === 'INVALID_SESSIONID' || code === 'AUTHENTICATION_REQUIRED') return 'transient';
	if (code === 'INTERNAL_SERVER_ERROR' && operation !== 'query') return silence;
	return 'rejected';
}

/** A connector to which every call is answered by `answer`. */
function answered(answer: (request: HttpRequest, operation: string) => unknown): { connector: Connector; metadata: Metadata; requests: HttpRequest[] } {
	const clock = new TestClock();
	const requests: HttpRequest[] = [];
	const send: Send = async (request) => {
		const operation = (request.query ?? request.form ?? {}).operation ?? '';
		requests.push(request);
		return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify({ success: true, result: answer(request, operation) }) };
	};
	const gateway = new Gateway(new Session({ baseUrl: 'http://crm', username: 'admin', accessKey: 'k' }, { send, clock }), clock);
	return { connector: vtiger.connect({ url: 'http://crm', username: 'admin', accessKey: 'k' }, { send, clock }), metadata: new Metadata(gateway, clock), requests };
}

describe.each(VERSIONS)('vtiger %s', (version) => {
	const exchanges = exchangesOf(version);
	const used = exchanges.filter((exchange) => READS.has(operationOf(exchange)) || WRITES.has(operationOf(exchange)));
	const flow = new Map(exchanges.filter(({ name }) => name.startsWith('flow.')).map((exchange) => [exchange.name.replace(/^flow\.\d+ /, ''), exchange]));
	const descriptions = new Map(exchanges.filter((exchange) => operationOf(exchange) === 'describe').flatMap((exchange): Array<[string, Row]> => {
		const result = resultOf(exchange);
		return isRow(result) ? [[String(result.name), result]] : [];
	}));
	// The flow's server had the custom fields.
	for (const exchange of flow.values()) if (operationOf(exchange) === 'describe') descriptions.set(asked(exchange).parameters.get('elementType')!, resultOf(exchange) as Row);
	const currencies = exchanges.find(({ name }) => name === 'query.currency')!;
	const login = flow.get('login')!;

	/** What a recorded server would say to questions about itself. */
	const aboutItself = ({ query }: HttpRequest, operation: string): unknown => {
		if (operation === 'getchallenge') return { token: 'tok', serverTime: 1_795_318_904, expireTime: 1_795_319_204 };
		if (operation === 'login') return resultOf(login);
		if (operation === 'describe') return descriptions.get(query!.elementType!);
		return /from Currency/.test(query?.query ?? '') ? resultOf(currencies) : undefined;
	};

	it(`reads all ${used.length} answers of the operations it uses as what they were`, () => {
		expect(used.length).toBeGreaterThan(480);
		for (const exchange of used) {
			const operation = operationOf(exchange);
			const read = (): unknown => readAnswer(responseOf(exchange), { operation, writes: WRITES.has(operation), now: 0 });
			const { status, body } = exchange.response;
			if (status === 200 && isRow(body) && body.success === true) {
				expect([exchange.name, read()]).toEqual([exchange.name, body.result]);
				continue;
			}
			let failure: unknown;
			try {
				read();
			} catch (error) {
				failure = error;
			}
			expect([exchange.name, failure]).toEqual([exchange.name, expect.any(Failure)]);
			expect([exchange.name, (failure as Failure).kind]).toEqual([exchange.name, kindOf(exchange)]);
		}
	});

	it('reads every description', async () => {
		expect(descriptions.size).toBeGreaterThan(25);
		const { metadata } = answered((request, operation) => aboutItself(request, operation));
		for (const [name, description] of descriptions) {
			const { idPrefix, fields } = await metadata.module(name);
			expect([name, idPrefix, fields.length]).toEqual([name, String(description.idPrefix), (description.fields as Row[]).length]);
			for (const field of fields) expect(fieldInfo(field).label).not.toMatch(/&(amp|#\d+);/);
		}
	});

	const KINDS: Record<string, Kind> = { Quotes: 'quote', SalesOrder: 'order', Invoice: 'invoice', Accounts: 'customer', Products: 'product', Services: 'product', Potentials: 'opportunity' };
	const moduleOf = (id: string): string | undefined => [...descriptions].find(([, { idPrefix }]) => id.startsWith(`${String(idPrefix)}x`))?.[0];

	it('reads every recorded record of a kind as a document, with the total that vtiger shows', async () => {
		let read = 0;
		for (const exchange of exchanges) {
			const record = resultOf(exchange);
			if (operationOf(exchange) !== 'retrieve' || !isRow(record) || typeof record.id !== 'string') continue;
			const kind = KINDS[moduleOf(record.id) ?? ''];
			if (!kind) continue;
			const { connector } = answered((request, operation) => aboutItself(request, operation) ?? (operation === 'retrieve' ? record : []));
			const document = await connector.get(kind, record.id);
			expect([exchange.name, documentSchema.safeParse(JSON.parse(JSON.stringify(document))).success]).toEqual([exchange.name, true]);
			expect([exchange.name, document.source!.id]).toEqual([exchange.name, record.id]);
			if ('totals' in document && document.totals) {
				expect([exchange.name, computeTotals(document.lines, document.charges, 'document').total]).toEqual([exchange.name, rounded(document.totals.total)]);
				expect([exchange.name, Number(document.totals.total)]).toEqual([exchange.name, Number(record.hdnGrandTotal)]);
			}
			read++;
		}
		expect(read).toBeGreaterThan(45);
	});

	it('writes the main job as it was sent', async () => {
		const one = (name: string): Row => resultOf(flow.get(name)!) as Row;
		const tables: Record<string, unknown> = {
			Quotes: resultOf(flow.get('pending quotes')!), Accounts: [one('retrieve account')], Contacts: [one('retrieve contact')], Potentials: [one('retrieve opportunity')],
			Products: resultOf(flow.get('products of lines')!), Services: [], SalesOrder: resultOf(flow.get('look up order by key')!),
		};
		const { connector, requests } = answered((request, operation) => {
			const own = aboutItself(request, operation);
			if (own !== undefined) return own;
			if (operation === 'query') return tables[/from (\w+)/.exec(request.query!.query!)![1]!];
			if (operation === 'retrieve') return one('retrieve quote');
			return one(operation === 'create' ? 'create sales order' : { '13': 'opportunity won', '6': 'write ERP number on order', '4': 'write ERP number on quote' }[String((JSON.parse(request.form!.element!) as Row).id).split('x')[0]!]!);
		});
		const [quote] = await connector.pending('quote', 'accepted', { limit: 10, skip: new Set() });
		const done = [await connector.transition('opportunity', [quote!], 'won'), await connector.upsert('order', [quote!], {})];
		const link = { number: 'S00042', status: 'Ordered' };
		done.push(await connector.link([{ kind: 'order', id: String(one('create sales order').id), record: 'o', link }, { kind: 'quote', id: '4x38', record: 'q', link: { ...link, key: 'odoo:sale.order:42' } }]));
		expect(done.flat().map((result) => (result.ok ? result.value.outcome : result.failure.message))).toEqual(['updated', 'created', 'updated', 'updated']);

		const queried = requests.find((request) => /from Quotes/.test(request.query?.query ?? ''))!.query!.query!;
		const condition = (text: string) => /where .*;$/.exec(text)![0];
		expect(condition(queried)).toBe(condition(asked(flow.get('pending quotes')!).parameters.get('query')!));
		expect(requests.find((request) => request.form?.operation === 'login')!.form!.accessKey).toBe(createHash('md5').update('tokk').digest('hex'));
		const sent = (operation: string) => requests.filter((request) => request.form?.operation === operation).map((request) => JSON.parse(request.form!.element!) as Row);
		expectSent(sent('create')[0]!, asked(flow.get('create sales order')!).element);
		const { conversion_rate: _order, ...order } = sent('revise')[1]!;
		const { conversion_rate: _quote, ...onQuote } = sent('revise')[2]!;
		expect([sent('revise')[0], order, onQuote]).toEqual([asked(flow.get('opportunity won')!).element, asked(flow.get('write ERP number on order')!).element, asked(flow.get('write ERP number on quote')!).element]);
	});

	it('counts', () => void process.stdout.write(`wire client: vtiger-${version} ${used.length} answers read of ${exchanges.length} recorded\n`));
});

/** Every value that was sent by hand is sent by the client, numbers compared as numbers. */
function expectSent(actual: Row, recorded: Row): void {
	const same = (a: unknown, b: unknown) => String(a ?? '0') === String(b) || Number(a ?? 0) === Number(b);
	for (const [field, value] of Object.entries(recorded)) {
		if (field !== 'LineItems') expect([field, actual[field], same(actual[field], value)]).toEqual([field, actual[field], true]);
	}
	const [lines, wanted] = [actual.LineItems as Row[], recorded.LineItems as Row[]];
	expect(lines).toHaveLength(wanted.length);
	wanted.forEach((line, i) => {
		for (const [field, value] of Object.entries(line)) expect([i, field, same(lines[i]![field], value)]).toEqual([i, field, true]);
	});
}
