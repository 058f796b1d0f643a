// Proves the pages a person sees: lists, records, buttons, and a refusal in 1C's own words.
import { type Base, SETS, SHIPMENT, base, order } from './business';

describe.each(['ut', 'bp'] as const)('%s', (profile) => {
	let where: Base;
	let ref = '';

	beforeAll(async () => {
		where = await base(profile);
		ref = String(order(where, [['W-1', 10], ['W-2', 3, 10]], { Комментарий: '<b>жирно</b> & "кавычки"' })['Ref_Key']);
	});
	afterAll(() => where.sim.stop());

	const page = async (path: string, init?: RequestInit): Promise<{ status: number; text: string }> => {
		const answer = await fetch(`${where.sim.server.url}${path}`, init);
		return { status: answer.status, text: await answer.text() };
	};
	const press = (path: string, body = '', headers: Record<string, string> = {}): Promise<Response> => fetch(`${where.sim.server.url}${path}`, { method: 'POST', body, headers, redirect: 'manual' });

	it('shows every list, and the overview at the infobase’s own address', async () => {
		for (const path of ['/', '/customers', '/orders', '/shipments', '/payments', '/goods']) expect([path, (await page(path)).status]).toEqual([path, 200]);
		expect((await fetch(where.sim.url)).status).toBe(200);
		expect((await page('/orders')).text).toContain('1,159.37 EUR');
		expect((await page('/customers')).text).toContain('Marked for deletion');
		expect((await page('/nonsense')).status).toBe(404);
		expect((await page('/orders/none')).status).toBe(404);
	});

	it('shows text as text', async () => {
		const { text } = await page(`/orders/${ref}`);
		expect(text).toContain('&lt;b&gt;жирно&lt;/b&gt; &amp; &quot;кавычки&quot;');
		expect(text).not.toContain('<b>жирно');
	});

	it('is not counted as a call of a client', async () => {
		where.sim.server.resetCalls();
		await page('/');
		expect(where.sim.server.calls).toEqual([]);
	});

	it('pays, ships, cancels, and says why something cannot be', async () => {
		expect((await press(`/orders/${ref}/pay`, 'amount=100')).headers.get('location')).toBe(`/orders/${ref}`);
		expect(where.sim.records(SETS[profile].payment).map((row) => row['СуммаДокумента'])).toEqual([100]);
		await press(`/orders/${ref}/pay`);
		expect(where.sim.records(SETS[profile].payment).map((row) => row['СуммаДокумента'])).toEqual([100, 1059.37]);
		expect((await press(`/orders/${ref}/ship`)).status).toBe(303);
		const [shipment] = where.sim.records(SHIPMENT);
		const shown = await page(`/shipments/${String(shipment?.['Ref_Key'])}`);
		expect(shown.text).toContain(profile === 'ut' ? 'AccumulationRegister_ТоварыНаСкладах' : 'AccountingRegister_Хозрасчетный');
		const again = await press(`/orders/${ref}/ship`);
		expect(again.status).toBe(409);
		expect(await again.text()).toContain('нечего отгружать');
		expect((await press(`/shipments/${String(shipment?.['Ref_Key'])}/cancel`)).status).toBe(303);
		expect(where.sim.records(SHIPMENT)[0]).toMatchObject({ Posted: false, DeletionMark: true });
	});

	it('takes no orders from another site', async () => {
		expect((await press(`/orders/${ref}/ship`, '', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
		expect((await press(`/orders/${ref}/delete`)).status).toBe(404);
	});
});
