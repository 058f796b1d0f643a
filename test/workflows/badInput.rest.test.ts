// Owns the proof about bad and awkward input with a REST ERP, through the templates: a bad profile, a bad server and an
// awkward quote each give the right result or a reason on the quote that says what, where and what to do; mending the
// cause is enough.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject } from 'n8n-workflow';
import type { RestErp } from '../../demo/erp.rest';
import { mergePatch } from '../../nodes/core/patch';
import { Awkward, CRM_ORDER, CRM_ORDER_AND_CUSTOMER, NOTHING, cents, type Left } from './awkward';
import type { Flow } from './engine';
import { Scene, hurry, type ErpName } from './scene';

hurry();

type Row = Record<string, unknown>;

describe.each(['rest-ledger', 'rest-jsonapi', 'rest-keyed'] as const satisfies ErpName[])('bad input, %s', (erp) => {
	let scene: Scene<RestErp>;
	let awkward: Awkward<RestErp>;
	let switches: string;
	beforeAll(async () => {
		scene = await Scene.open({ erp });
		awkward = new Awkward(scene);
		switches = JSON.stringify(scene.erp.sim.switches);
	});
	afterAll(async () => await scene.close());
	beforeEach(() => {
		scene.fresh();
		Object.assign(scene.erp.sim.switches, JSON.parse(switches));
	});

	const profile = (): Row => JSON.parse(String(scene.erp.credential.data.profileJson)) as Row;
	/** The order flow with a merge patch over the profile. */
	const patched = (patch: Row): Flow => awkward.flowWith({ credentials: awkward.withErp({ profileJson: JSON.stringify(mergePatch(profile(), patch)) }) });
	const writes = (): string[] => scene.erp.server.calls.filter(({ method, operation }) => method !== 'GET' && !/login|session/.test(operation)).map(({ operation }) => operation);

	/** Refused by the flow, then ordered by the one as it should be. */
	async function mended(flow: Flow, says: RegExp[], stays: Left, lines: Row[] = [awkward.line()]): Promise<void> {
		const quote = await awkward.accepted(lines);
		await awkward.refused(quote, says, stays, flow);
		scene.clearStatus(quote);
		await awkward.ordered(quote);
	}

	describe('the profile', () => {
		test.each<[string, Row, RegExp[]]>([
			['an unknown key', { kinds: { order: { creat: {} } } }, [/profile in the credential: "kinds\.order\.creat" is not known/, /Did you mean "kinds\.order\.create"\?/]],
			['an expression that is none', { kinds: { order: { body: { subject: 'document.subject &' } } } }, [/kinds\.order\.body\.subject/, /position/]],
			['no profile at all', { format: 2 }, [/format/]],
		])('%s: refused before anything is sent', async (_what, patch, says) => {
			await mended(patched(patch), says, CRM_ORDER);
		});

		test.each<[string, Row, RegExp[]]>([
			['loops', { kinds: { order: { body: { subject: '($f := function($n) { $f($n + 1) }; $f(1))' } } } }, [/kinds\.order\.body\.subject/, /timeout|stack/i]],
			['throws', { kinds: { order: { body: { subject: "$error('no subject here')" } } } }, [/kinds\.order\.body\.subject/, /no subject here/]],
			['calls what is not there', { kinds: { order: { body: { subject: '$fetch("http://example.com")' } } } }, [/kinds\.order\.body\.subject/, /position/]],
			['gives a function', { kinds: { order: { body: { subject: '$sum' } } } }, [/kinds\.order\.body\.subject/, /function/]],
		])('an expression of the body that %s: file, place and position are said, nothing of the order is sent', async (_what, patch, says) => {
			const flow = patched(patch);
			const quote = await awkward.accepted([awkward.line()]);
			await awkward.refused(quote, says, CRM_ORDER_AND_CUSTOMER, flow);
			expect(writes().filter((operation) => /order/.test(operation))).toEqual([]);
			scene.clearStatus(quote);
			await awkward.ordered(quote);
		});

		test.each<[string, Row, RegExp[]]>([
			['lines of a wrong type', { kinds: { order: { read: { lines: "'none'" } } } }, [/kinds\.order\.read\.lines/]],
			['a quantity that is no number', { kinds: { order: { read: { totals: { net: "'much'", tax: "'0'", total: "'1'" } } } } }, [/kinds\.order\.read\.totals/]],
			['a state that no document has', { kinds: { order: { read: { status: "'odd'" } } } }, [/kinds\.order\.read\.status/]],
		])('%s in the reading: the place is said; the order that was made is met again', async (_what, patch, says) => {
			const quote = await awkward.accepted([awkward.line()]);
			const run = await patched(patch).tick();
			expect(run?.error).toBeUndefined();
			const message = scene.crmField(scene.quote(quote), 'erp_message');
			for (const word of says) expect(message).toMatch(word);
			expect(scene.crmField(scene.quote(quote), 'erp_number')).toBe('');
			scene.clearStatus(quote);
			await awkward.ordered(quote);
		});

		test('its overrides are no JSON, or a name stands twice in it', async () => {
			await mended(awkward.flowWith({ credentials: awkward.withErp({ profileOverrides: '{"kinds"' }) }), [/Profile Overrides of the credential is not JSON/], CRM_ORDER);
			scene.fresh();
			const twice = String(scene.erp.credential.data.profileJson).replace('"format"', '"name": "Twice", "format"');
			await mended(awkward.flowWith({ credentials: awkward.withErp({ profileJson: twice }) }), [/Duplicate key 'name'/], CRM_ORDER);
		});

		test('a profile in the node does not lead to another host', async () => {
			const elsewhere = await listening((_request, response) => response.end('{}'));
			const flow = awkward.flowWith({ order: { profileFrom: 'json', profileJson: JSON.stringify({ ...profile(), baseUrl: elsewhere.url }) }, credentials: awkward.withErp({ url: '', profileOverrides: JSON.stringify({ baseUrl: scene.erp.credential.data.url }) }) });
			const quote = await awkward.accepted([awkward.line()]);
			await awkward.refused(quote, [/host|address|127\.0\.0\.1/i], CRM_ORDER_AND_CUSTOMER, flow);
			expect(elsewhere.requests).toEqual([]);
			await elsewhere.stop();
		});
	});

	describe('connections', () => {
		test('a wrong password or key', async () => {
			await mended(awkward.flowWith({ credentials: awkward.withErp({ password: 'not-the-one', token: 'not-the-one' }) }), [/password|key|token|log|credential|refus/i], CRM_ORDER);
		});
		test.each<[string, IDataObject, RegExp]>([
			['nothing listens there', { url: 'http://127.0.0.1:9' }, /nothing listens at 127\.0\.0\.1:9/i],
			['no web address', { url: 'erp' }, /url/i],
			['no address at all', { url: '' }, /url/i],
		])('%s', async (_what, change, says) => {
			await mended(awkward.flowWith({ credentials: awkward.withErp(change) }), [says], CRM_ORDER);
		});

		test.each<[string, (response: http.ServerResponse) => void, RegExp]>([
			['HTML', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Please sign in</body></html>'), /Please sign in|HTML|web page/i],
			['XML', (response) => response.writeHead(200, { 'content-type': 'application/xml' }).end('<?xml version="1.0"?><a/>'), /XML|JSON/i],
			['an empty body', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(''), /empty|answered the log-in without/i],
			['broken JSON', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a": '), /JSON/i],
			['a name twice in one object', (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": "1", "id": "2"}'), /twice|duplicate/i],
			['a redirect to another host', (response) => response.writeHead(302, { location: 'http://example.com/' }).end(), /redirect/i],
		])('a server that answers with %s', async (_what, answer, says) => {
			const server = await listening((_request, response) => answer(response));
			try {
				await mended(awkward.flowWith({ credentials: awkward.withErp({ url: server.url }) }), [says], CRM_ORDER);
			} finally {
				await server.stop();
			}
		});
	});

	describe('what is on the quote', () => {
		test('no lines, no account', async () => {
			const quote = await awkward.accepted([awkward.line()]);
			scene.crm.crm.store.get(quote)!.lines = [];
			await awkward.refused(quote, [/no line/i], NOTHING);
			const other = await awkward.accepted([awkward.line()]);
			scene.crm.patch(other, { account_id: '' });
			await awkward.refused(other, [/no customer|organi[sz]ation/i], NOTHING);
			expect(writes()).toEqual([]);
		});

		test('a product that the ERP does not know', async () => {
			const only = await scene.crm.insert('Products', { productname: 'Only in the CRM', productcode: 'X-1', unit_price: '10', discontinued: '1' } as never);
			await awkward.refused(await awkward.accepted([awkward.line(), awkward.line({ productid: only.id })]), [/X-1/], CRM_ORDER_AND_CUSTOMER);
		});

		test('quotes, markup, Cyrillic, a 4-byte emoji and what addresses are made of in names', async () => {
			const name = 'ООО "Ёж" <b>O\'Brien</b> 😀 ../?#&=%2e';
			scene.crm.patch(scene.deal.account, { accountname: name, bill_city: 'Орёл & "Ко"' });
			await awkward.ordered(await awkward.accepted([awkward.line({ comment: 'Для "склада" & <b>\nвторая 😀 строка' })], { subject: name }));
			expect(scene.erp.customers(name)).toHaveLength(1);
		});

		test('amounts like 1234567.89, a price of half a cent, discounts by percent and amount', async () => {
			const lines = [awkward.line({ quantity: '3', listprice: '1234567.89' }), awkward.line({ quantity: '1000', listprice: '0.005' }), awkward.line({ quantity: '3', listprice: '70', discount_percent: '10' }), awkward.line({ quantity: '2', listprice: '19.99', discount_amount: '4.98' })];
			// The keyed API keeps prices in whole cents: what a price cannot say is refused, not rounded away.
			if (erp === 'rest-keyed') await awkward.refused(await awkward.accepted([lines[1]!]), [/Rounding of/, /Product for Adjustments/], CRM_ORDER_AND_CUSTOMER);
			scene.fresh();
			const quote = await awkward.accepted(erp === 'rest-keyed' ? lines.filter((_, i) => i !== 1) : lines);
			const { order } = await awkward.ordered(quote);
			expect(cents(order.total)).toBe(cents(scene.quote(quote).hdnGrandTotal));
		});

		test('200 lines', async () => {
			const quote = await awkward.accepted(Array.from({ length: 200 }, (_, i) => awkward.line({ quantity: String((i % 7) + 1), listprice: `${i + 1}` })));
			const { order } = await awkward.ordered(quote);
			expect(cents(order.total)).toBe(cents(scene.quote(quote).hdnGrandTotal));
		}, 60_000);

		test('a discount on the whole, shipping and an adjustment arrive to the cent, or are refused in words', async () => {
			for (const fields of [{ hdnDiscountPercent: '10' }, { hdnDiscountAmount: '15' }, { hdnS_H_Amount: '20' }, { txtAdjustment: '5.55' }]) {
				scene.fresh();
				const quote = await awkward.accepted([awkward.line({ quantity: '2' })], fields);
				await scene.order();
				const row = scene.quote(quote);
				if (scene.crmField(row, 'erp_status') === 'Ordered') expect(cents(scene.erpOrder(quote).total)).toBe(cents(row.hdnGrandTotal));
				else expect(scene.crmField(row, 'erp_message')).toMatch(/Product for (Discounts|Shipping|Adjustments)|code/i);
			}
		});
	});
});

interface Listening {
	url: string;
	requests: string[];
	stop(): Promise<void>;
}

/** A server of nobody's on loopback. */
async function listening(handle: (request: http.IncomingMessage, response: http.ServerResponse) => void): Promise<Listening> {
	const requests: string[] = [];
	const server = http.createServer((request, response) => {
		requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
		handle(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		stop: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
