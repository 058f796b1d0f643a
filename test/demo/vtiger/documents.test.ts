// Owns the proof of the simulator's documents: lost lines, replacement, totals, orphans, stock, the unpatched server.
// Must not know: the product's client code.
import { startVtiger, type VtigerSimulator } from '../../../demo/simulators/vtiger';
import { type Api, caller, quote } from './api';

let sim: VtigerSimulator;
let api: Api;
beforeAll(async () => void (sim = await startVtiger({ saveGapMs: 60 })));
afterAll(() => sim.stop());
beforeEach(() => {
	sim.reset();
	api = caller(sim);
});

interface Document {
	id: string;
	hdnGrandTotal: number | string;
	LineItems: Array<{ id: string; quantity: string; sequence_no: string }>;
}
const document = (reply: { result: unknown }): Document => reply.result as Document;

describe('two saves at once', () => {
	it('from two sessions: one line is lost, with success and a lower total', async () => {
		const [a, b] = await Promise.all([api.save('create', quote([1, 2, 3]), 'Quotes'), caller(sim).save('create', quote([1, 2, 3]), 'Quotes')]);
		expect([a.success, b.success]).toEqual([true, true]);
		expect([document(a).LineItems.length, document(b).LineItems.length].sort()).toEqual([2, 3]);
		expect([document(a).hdnGrandTotal, document(b).hdnGrandTotal].map(Number).sort()).toEqual([55, 66]);
	});

	it('from one session: they wait for each other and nothing is lost', async () => {
		const saved = await Promise.all([1, 2, 3].map(() => api.save('create', quote([1, 2, 3]), 'Quotes')));
		expect(saved.map((r) => document(r).LineItems.length)).toEqual([3, 3, 3]);
	});
});

it('keeps lines on a header-only revise, and recomputes nothing', async () => {
	const { id } = document(await api.save('create', quote([2]), 'Quotes'));
	const revised = await api.save('revise', { id, quotestage: 'Delivered', hdnDiscountAmount: '5' });
	expect(revised.result).toMatchObject({ quotestage: 'Delivered', hdnGrandTotal: '22.00000000', hdnDiscountAmount: '' });
	expect(document(revised).LineItems).toHaveLength(1);
});

it('replaces all lines, under new ids, and blanks a tax type that is not sent', async () => {
	const before = document(await api.save('create', quote([2, 3]), 'Quotes'));
	const after = await api.save('revise', { id: before.id, LineItems: [{ productid: '14x2', quantity: 1, listprice: 10, tax2: 10 }] });
	expect(after.result).toMatchObject({ hdnTaxType: '', hdnGrandTotal: 11 });
	expect(document(after).LineItems.map((l) => l.sequence_no)).toEqual(['1']);
});

it('crashes on an echoed empty discount and changes nothing', async () => {
	const { id } = document(await api.save('create', quote([2]), 'Quotes'));
	expect(await api.save('revise', { id, hdnDiscountAmount: '', quotestage: 'Rejected' })).toMatchObject({ status: 500, text: '' });
	expect(sim.retrieve(id)).toMatchObject({ quotestage: 'Created' });
});

it('leaves an orphan with total 0 when a line has no product', async () => {
	const element = { ...quote([]), subject: 'Orphan', LineItems: [{ productid: '14x999', quantity: 1, listprice: 1 }] };
	expect((await api.save('create', element, 'Quotes')).error?.code).toBe('INVALID_ID_ATTRIBUTE');
	expect(sim.records('Quotes').find((q) => q['subject'] === 'Orphan')).toMatchObject({ hdnGrandTotal: '0.00000000', LineItems: [] });
});

it('takes goods from stock, and gives them back when an invoice is cancelled', async () => {
	const stock = (): number => Number(sim.retrieve('14x2')?.['qtyinstock']);
	const start = stock();
	const { id } = document(await api.save('create', { ...quote([4]), invoicestatus: 'Created' }, 'Invoice'));
	expect(stock()).toBe(start - 4);
	await api.save('revise', { id, invoicestatus: 'Cancel' });
	expect(stock()).toBe(start);
});

describe('as shipped', () => {
	it('8.4.0 cannot create a document, and crashes half-way when lines are revised', async () => {
		const shipped = await startVtiger({ unpatched: true, saveGapMs: 0 });
		const caller_ = caller(shipped);
		expect((await caller_.save('create', quote([1]), 'Quotes')).error?.code).toBe('INVALID_ID_ATTRIBUTE');
		expect(shipped.records('Quotes')).toHaveLength(3);
		expect(
			await caller_.save('revise', { id: '4x36', hdnTaxType: 'group', LineItems: [{ productid: '14x2', quantity: 7, listprice: 1 }] }),
		).toMatchObject({ status: 500, text: '' });
		expect(shipped.retrieve('4x36')).toMatchObject({ hdnGrandTotal: '0.00000000', LineItems: [{ quantity: '7.000' }] });
		await shipped.stop();
	});

	it('8.0.0 stores the header of a document with individual taxes, then crashes', async () => {
		const shipped = await startVtiger({ version: '8.0.0', unpatched: true, saveGapMs: 0 });
		expect((await caller(shipped).save('create', quote([1], { hdnTaxType: 'individual' }), 'Quotes')).status).toBe(500);
		expect(shipped.records('Quotes')).toHaveLength(4);
		expect((await caller(shipped).save('create', quote([1]), 'Quotes')).success).toBe(true);
		await shipped.stop();
	});
});

describe('a revise with lines, as the real 8.0.0 and 8.4.0 do it', () => {
	const again = (id: string, fields: object) => api.save('revise', { id, hdnTaxType: 'group', ...fields, LineItems: [{ productid: '14x2', quantity: 1, listprice: 100 }] });

	it('leaves a discount that is zero or not sent', async () => {
		const { id } = document(await api.save('create', { ...quote([2]), hdnDiscountAmount: '5' }, 'Quotes'));
		for (const fields of [{}, { hdnDiscountAmount: '0' }, { hdnDiscountAmount: '0.00' }]) {
			await again(id, fields);
			expect(Number(sim.retrieve(id)!.hdnDiscountAmount)).toBe(5);
		}
		await again(id, { hdnDiscountAmount: '7' });
		expect(Number(sim.retrieve(id)!.hdnDiscountAmount)).toBe(7);
	});

	it('drops shipping and adjustment that are not sent again', async () => {
		const { id } = document(await api.save('create', { ...quote([2]), hdnS_H_Amount: '20', txtAdjustment: '3' }, 'Quotes'));
		expect(sim.retrieve(id)).toMatchObject({ hdnS_H_Amount: '20.00000000', txtAdjustment: '3.00000000' });
		await again(id, {});
		expect(sim.retrieve(id)).toMatchObject({ hdnS_H_Amount: '0.00000000', txtAdjustment: '0.00000000' });
	});

	it('sets a rate that is not sent along back to 1, with lines or without', async () => {
		const { id } = document(await api.save('create', { ...quote([2]), conversion_rate: '1.1' }, 'Quotes'));
		expect(Number(sim.retrieve(id)!.conversion_rate)).toBe(1.1);
		await api.save('revise', { id, quotestage: 'Delivered' });
		expect(Number(sim.retrieve(id)!.conversion_rate)).toBe(1);
	});
});
