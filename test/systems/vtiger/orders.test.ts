// Owns the proof that an accepted quote becomes one sales order with all its lines: reference sections 3, 6 and 9.
import { createHash } from 'node:crypto';
import type { Quote } from '../../../nodes/core/documents';
import type { Row } from '../../../demo/simulators/vtiger';
import type { Send } from '../../../nodes/core/http';
import { acceptedQuote, answering, brief, failureOf, FIVE, onStage, outcomeOf, readQuote, setUp, upsertOne, type Setting } from './setting';

let stage: Setting;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => stage.sim.reset());

const orders = (of = stage): Row[] => of.sim.records('SalesOrder').filter((row) => row.cf_salesorder_erp_key !== '' || row.source === 'CRMERP');

describe('a new order', () => {
	it('is the quote once more: header, lines, taxes, discount, shipping, adjustment, total', async () => {
		const id = await acceptedQuote(stage.sim, FIVE, {
			hdnDiscountPercent: '5', 'shipping_&_handling': '20', 'shipping_&_handling_shtax1': '4.5', txtAdjustment: '-1.5',
			currency_id: '21x2', conversion_rate: '1.17', assigned_user_id: '19x5', description: 'note', terms_conditions: 'T&C', bill_city: 'Kyiv', bill_pobox: '12',
		});
		const connector = stage.connect();
		const quote = await readQuote(connector, id);
		const result = await upsertOne(connector, 'order', quote);
		const before = stage.sim.retrieve(id)!;
		const after = stage.sim.retrieve(result.ref.id)!;
		expect(result).toMatchObject({ outcome: 'created', ref: { system: 'vtiger', kind: 'order', number: after.salesorder_no, status: 'Approved' }, proof: { agrees: true } });
		expect(result.ref.url).toBe(`${stage.sim.url}/index.php?module=SalesOrder&view=Detail&record=${result.ref.id.split('x')[1]}`);
		for (const field of ['subject', 'account_id', 'contact_id', 'potential_id', 'assigned_user_id', 'currency_id', 'conversion_rate', 'hdnTaxType', 'hdnGrandTotal', 'hdnSubTotal', 'hdnDiscountPercent', 'hdnS_H_Amount', 'txtAdjustment', 'bill_street', 'bill_city', 'bill_pobox', 'ship_street', 'description', 'terms_conditions']) {
			expect([field, after[field]]).toEqual([field, before[field]]);
		}
		expect(after).toMatchObject({ quote_id: id, sostatus: 'Approved', source: 'CRMERP', cf_salesorder_erp_key: `vtiger:Quotes:${id}` });
		expect(brief(after)).toEqual(brief(before));
		expect((after.LineItems as Row[]).map((line) => [line.comment, line.discount_percent, line.discount_amount])).toEqual((before.LineItems as Row[]).map((line) => [line.comment, line.discount_percent, line.discount_amount]));
	});

	it('costs one look-up and one create; a five-line quote costs eleven calls in all', async () => {
		const id = await acceptedQuote(stage.sim, FIVE);
		const connector = stage.connect();
		await connector.upsert('order', [await readQuote(connector, await acceptedQuote(stage.sim, FIVE))], {});
		await connector.link([{ kind: 'quote', id: stage.sim.records('Quotes').find((row) => row.subject === 'Widgets' && row.id !== id)!.id as string, record: 'q', link: { status: 'Ordered' } }]);
		stage.sim.server.resetCalls();
		const [quote] = (await connector.pending('quote', 'accepted', { limit: 50, skip: new Set(['4x38']) })) as Quote[];
		expect(quote!.source!.id).toBe(id);
		expect(stage.calls()).toEqual(['query', 'retrieve', 'query', 'query', 'query']);
		outcomeOf(await connector.transition('opportunity', [quote!], 'won'));
		stage.sim.server.resetCalls();
		const { ref } = await upsertOne(connector, 'order', quote!);
		expect(stage.calls()).toEqual(['query', 'create']);
		stage.sim.server.resetCalls();
		const link = { key: 'odoo:sale.order:42', number: 'S00042', status: 'Ordered', message: '' };
		await connector.link([{ kind: 'order', id: ref.id, record: 'o', link }, { kind: 'quote', id, record: 'q', link, current: quote!.link }]);
		expect(stage.calls()).toEqual(['revise', 'revise']);
		expect(await connector.pending('quote', 'accepted', { limit: 50, skip: new Set(['4x38']) })).toEqual([]);
	});

	it('keeps the key of its quote, under which the ERP knows both', async () => {
		const id = await acceptedQuote(stage.sim, FIVE);
		const connector = stage.connect();
		const { ref } = await upsertOne(connector, 'order', await readQuote(connector, id));
		await connector.link([{ kind: 'order', id: ref.id, record: 'o', link: { key: 'odoo:sale.order:42', number: 'S00042', status: 'Ordered' } }]);
		const order = await connector.get('order', ref.id);
		expect(order.key).toBe(`vtiger:Quotes:${id}`);
		expect(order.link).toMatchObject({ key: `vtiger:Quotes:${id}`, number: 'S00042', status: 'Ordered' });
		expect(order.quoteKey).toBe(`vtiger:Quotes:${id}`);
	});

	it('many at once: one look-up for all', async () => {
		const connector = stage.connect();
		const quotes = [];
		for (let i = 0; i < 4; i++) quotes.push(await readQuote(connector, await acceptedQuote(stage.sim, FIVE.slice(0, 2), { subject: `Q${i}` })));
		await upsertOne(connector, 'order', quotes[0]!);
		stage.sim.server.resetCalls();
		const results = await connector.upsert('order', quotes, {});
		expect(results.map((result) => (result.ok ? result.value.outcome : result.failure.message))).toEqual(['unchanged', 'created', 'created', 'created']);
		expect(stage.calls()).toEqual(['query', 'retrieve', 'create', 'create', 'create']);
	});

	it('one bad quote does not stop the others', async () => {
		const connector = stage.connect();
		const good = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		const bad = { ...(await readQuote(connector, await acceptedQuote(stage.sim, FIVE))), customer: undefined };
		const results = await connector.upsert('order', [bad, good], {});
		expect(results[0]).toMatchObject({ ok: false, failure: { kind: 'missing' } });
		expect(results[1]).toMatchObject({ ok: true });
	});

	it('dry run compares and writes nothing', async () => {
		const connector = stage.connect();
		const quote = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		const result = outcomeOf(await connector.upsert('order', [quote], { dryRun: true }));
		expect(result).toMatchObject({ outcome: 'created', changed: { subject: { after: 'Widgets' } } });
		expect(orders()).toEqual([]);
	});

	it('takes the user\'s field overrides', async () => {
		const connector = stage.connect();
		const quote = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		const result = outcomeOf(await connector.upsert('order', [quote], { overrides: [{ field: 'carrier', source: 'expression', expression: '"DHL"' }, { field: 'customerno', source: 'documentField', path: 'number' }] }));
		expect(stage.sim.retrieve(result.ref.id)).toMatchObject({ carrier: 'DHL', customerno: quote.number });
	});
});

describe('an order that is there', () => {
	it('is left alone when nothing differs, and changed when the quote did', async () => {
		const id = await acceptedQuote(stage.sim, FIVE, { hdnDiscountPercent: '5', 'shipping_&_handling': '20', txtAdjustment: '3' });
		const connector = stage.connect();
		const quote = await readQuote(connector, id);
		const { ref } = await upsertOne(connector, 'order', quote);
		stage.sim.server.resetCalls();
		expect((await upsertOne(connector, 'order', quote)).outcome).toBe('unchanged');
		expect(stage.calls()).toEqual(['query', 'retrieve']);
		const charges = quote.charges.flatMap((charge) => (charge.role === 'shipping' ? [{ ...charge, amount: '25' }] : charge.role === 'discount' ? [{ ...charge, amount: '-30', percent: undefined }] : []));
		const changed: Quote = { ...quote, subject: 'Other', lines: quote.lines.slice(0, 2), charges, totals: undefined };
		const result = await upsertOne(connector, 'order', changed);
		expect(result).toMatchObject({ outcome: 'updated', ref: { id: ref.id }, changed: { subject: { before: 'Widgets', after: 'Other' }, lines: {}, discount: { before: '5 %', after: '30' }, shipping: { before: '20', after: '25' }, adjustment: { before: '3', after: '0' } } });
		expect(brief(stage.sim.retrieve(ref.id))).toHaveLength(2);
		expect((await upsertOne(connector, 'order', changed)).outcome).toBe('unchanged');
		expect(orders()).toHaveLength(1);
	});

	it('keeps its status: later it is people\'s to change', async () => {
		const connector = stage.connect();
		const quote = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		const { ref } = await upsertOne(connector, 'order', quote);
		stage.sim.patch(ref.id, { sostatus: 'Delivered' });
		expect(await upsertOne(connector, 'order', quote)).toMatchObject({ outcome: 'unchanged', ref: { status: 'Delivered' } });
	});

	it('read from the CRM and sent back is itself', async () => {
		const connector = stage.connect();
		const { ref } = await upsertOne(connector, 'order', await readQuote(connector, await acceptedQuote(stage.sim, FIVE)));
		const order = await connector.get('order', ref.id);
		expect(await upsertOne(connector, 'order', order)).toMatchObject({ outcome: 'unchanged', ref: { id: ref.id } });
	});

	it('of two with one key, left by two processes, the older stays and our own newer twin goes', async () => {
		const connector = stage.connect();
		const quote = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		const { ref } = await upsertOne(connector, 'order', quote);
		const { LineItems, cf_salesorder_erp_key, account_id } = stage.sim.retrieve(ref.id)!;
		const twin = { subject: 'Widgets', sostatus: 'Approved', invoicestatus: 'AutoCreated', cf_salesorder_erp_key: cf_salesorder_erp_key!, account_id: account_id!, bill_street: 'b', ship_street: 's', productid: '14x2', hdnTaxType: 'group' };
		const made = await stage.sim.insert('SalesOrder', { ...twin, source: 'CRMERP' }, (LineItems as Row[]).map(({ productid, quantity, listprice }) => ({ productid: productid!, quantity: quantity!, listprice: listprice! })));
		expect((await upsertOne(connector, 'order', quote)).ref.id).toBe(ref.id);
		expect(stage.sim.retrieve(String(made.id))).toBeUndefined();
		expect(orders()).toHaveLength(1);
	});

	it('that a person made of the quote is taken over as it is, with a note', async () => {
		const id = await acceptedQuote(stage.sim, FIVE);
		const made = await stage.sim.insert('SalesOrder', { subject: 'By hand', sostatus: 'Created', invoicestatus: 'AutoCreated', quote_id: id, account_id: '11x8', bill_street: 'b', ship_street: 's', productid: '14x2', hdnTaxType: 'group' }, [{ productid: '14x2', quantity: '1', listprice: '90' }]);
		const connector = stage.connect();
		const result = await upsertOne(connector, 'order', await readQuote(connector, id));
		expect(result).toMatchObject({ outcome: 'updated', ref: { id: made.id }, notes: [expect.stringMatching(/was made in the CRM and differs/)] });
		expect(stage.sim.retrieve(String(made.id))).toMatchObject({ subject: 'By hand', cf_salesorder_erp_key: `vtiger:Quotes:${id}` });
		expect((await upsertOne(connector, 'order', await readQuote(connector, id))).outcome).toBe('unchanged');
	});

	it('of several that people made of the quote none is chosen', async () => {
		const id = await acceptedQuote(stage.sim, FIVE);
		for (let i = 0; i < 2; i++) await stage.sim.insert('SalesOrder', { subject: `By hand ${i}`, sostatus: 'Created', invoicestatus: 'AutoCreated', quote_id: id, account_id: '11x8', bill_street: 'b', ship_street: 's', productid: '14x2', hdnTaxType: 'group' }, [{ productid: '14x2', quantity: '1', listprice: '90' }]);
		const connector = stage.connect();
		expect(failureOf(await connector.upsert('order', [await readQuote(connector, id)], {}))).toMatchObject({ kind: 'ambiguous', message: expect.stringMatching(/several sales orders.*SO\d+, SO\d+/) });
	});

	it('hears of the ERP\'s progress without losing its lines', async () => {
		const connector = stage.connect();
		const quote = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		const { ref } = await upsertOne(connector, 'order', quote);
		const erp = { ...quote, kind: 'order' as const, key: 'odoo:sale.order:42', number: 'S00042', status: 'done' as const, quoteKey: quote.key, source: undefined, lines: [], refs: [], fulfilment: 'full' as const };
		expect(await upsertOne(connector, 'order', erp as never)).toMatchObject({ outcome: 'updated', ref: { id: ref.id, status: 'Delivered' } });
		expect(stage.sim.retrieve(ref.id)).toMatchObject({ sostatus: 'Delivered', cf_salesorder_erp_number: 'S00042' });
		expect(brief(stage.sim.retrieve(ref.id))).toHaveLength(5);
		expect((await upsertOne(connector, 'order', erp as never)).outcome).toBe('unchanged');
	});
});

describe('lines', () => {
	it('that were lost because somebody else saved at the same time are sent again', async () => {
		await onStage({ saveGapMs: 20 }, async (busy) => {
			const connector = busy.connect();
			const quote = await readQuote(connector, await acceptedQuote(busy.sim, FIVE));
			let saves = 0;
			// Plain calls of another program: the line in which this process waits cannot help.
			const noise = raw(busy, 6, () => saves++);
			const { ref } = await upsertOne(connector, 'order', quote);
			await noise;
			expect(saves).toBe(6);
			expect(brief(busy.sim.retrieve(ref.id))).toHaveLength(5);
		});
	}, 30_000);

	it('are compared with what came back, up to three repairs, then a person is told and nothing half stays', async () => {
		const lossy = answeringShort();
		const connector = stage.connect({}, lossy);
		const quote = await readQuote(connector, await acceptedQuote(stage.sim, FIVE));
		stage.sim.server.resetCalls();
		const failure = failureOf(await connector.upsert('order', [quote], {}));
		expect(failure).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/did not store SalesOrder/) });
		expect(stage.calls().filter((operation) => operation === 'revise')).toHaveLength(3);
		expect(orders()).toEqual([]);
	});

	it.each(['8.4.0', '8.0.0'] as const)('of a deleted product stop the order, naming the product, and leave no header behind: %s', async (version) => {
		await onStage({ version }, async (own) => {
			const connector = own.connect();
			const quote = await readQuote(connector, await acceptedQuote(own.sim, FIVE));
			own.sim.remove('14x3');
			const failure = failureOf(await connector.upsert('order', [quote], {}));
			expect([failure.kind, failure.message]).toEqual(['missing', expect.stringMatching(/no longer has the product "Gadget"/)]);
			expect(orders(own)).toEqual([]);
		});
	});
});

/** Saves a quote again and again in a session of another user. */
async function raw(stage: Setting, times: number, done: () => void): Promise<void> {
	const call = async (form: Record<string, string>) => await fetch(`${stage.sim.url}/webservice.php`, { method: 'POST', body: new URLSearchParams(form) });
	const challenge = (await (await fetch(`${stage.sim.url}/webservice.php?operation=getchallenge&username=sales2`)).json()) as { result: { token: string } };
	const proof = createHash('md5').update(challenge.result.token + stage.sim.users.sales2!.accessKey).digest('hex');
	const login = ((await (await call({ operation: 'login', username: 'sales2', accessKey: proof })).json()) as { result: { sessionName: string } }).result.sessionName;
	for (let i = 0; i < times; i++) {
		await call({ operation: 'revise', sessionName: login, element: JSON.stringify({ id: '4x37', hdnTaxType: 'group', LineItems: FIVE.map(([productid, quantity, listprice]) => ({ productid, quantity, listprice })) }) });
		done();
	}
}

/** Cuts the last line out of every answer that holds lines, as if it had been lost. */
function answeringShort(): (send: Send) => Send {
	return (send) => async (request) => {
		const answer = await send(request);
		if (request.form?.operation !== 'create' && request.form?.operation !== 'revise') return answer;
		const body = JSON.parse(answer.text) as { result?: { LineItems?: unknown[] } };
		if (body.result?.LineItems) body.result.LineItems.pop();
		return { ...answer, text: JSON.stringify(body) };
	};
}

describe('the key field', () => {
	it('that is too short is noticed, and the record removed: it would never be found again', async () => {
		const cut = (send: Send): Send => async (request) => {
			const answer = await send(request);
			return request.form?.operation === 'create' ? { ...answer, text: answer.text.replace(/"cf_salesorder_erp_key":"([^"]{10})[^"]*"/, '"cf_salesorder_erp_key":"$1"') } : answer;
		};
		const connector = stage.connect({}, cut);
		const failure = failureOf(await connector.upsert('order', [await readQuote(connector, await acceptedQuote(stage.sim, FIVE))], {}));
		expect(failure.message).toMatch(/field "ERP Key" of SalesOrder does not hold the key.*length 100/);
		expect(orders()).toEqual([]);
	});

	it('and the others are found by their labels, whatever their names', async () => {
		const fields = await stage.connect().records.fields('Quotes');
		expect(fields.filter((field) => field.label.startsWith('ERP ')).map((field) => field.custom)).toEqual([true, true, true, true]);
	});
});

it('the answer of another system to a create is an unknown outcome, looked up before anything is sent again', async () => {
	let broken = 0;
	const connector = stage.connect({}, answering((operation) => operation === 'create' && ++broken === 1, { status: 200, headers: { 'content-type': 'text/html' }, text: '<html>maintenance</html>' }));
	await upsertOne(connector, 'order', await readQuote(connector, await acceptedQuote(stage.sim, FIVE)));
	expect(orders()).toHaveLength(1);
});
