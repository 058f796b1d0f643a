// Owns the proof that the demo CRM's pages show the records and that the button accepts a quote.
// Must not know: the product's client code.
import { seedDemo, startVtiger, type DemoDeal, type VtigerSimulator } from '../../../demo/simulators/vtiger';

let sim: VtigerSimulator;
let deal: DemoDeal;
beforeAll(async () => {
	sim = await startVtiger();
	deal = await seedDemo(sim);
});
afterAll(() => sim.stop());

const page = async (path: string): Promise<string> => await (await fetch(sim.url + path)).text();
const accept = (id: string): Promise<Response> =>
	fetch(`${sim.url}/demo/accept`, { method: 'POST', body: new URLSearchParams({ id }), redirect: 'manual' });

it('seeds one deal: a delivered quote of five lines whose total is in whole cents', () => {
	const quote = sim.retrieve(deal.quote);
	expect(quote).toMatchObject({ quotestage: 'Delivered', account_id: deal.account, potential_id: deal.opportunity, hdnGrandTotal: '4345.00000000' });
	expect(quote?.['LineItems']).toHaveLength(5);
	expect(sim.records('Quotes').filter((q) => q['quotestage'] === 'Accepted')).toEqual([]);
});

it('lists quotes with a button, and all else', async () => {
	const text = await page('/');
	for (const seen of ['Quotes', 'Sales orders', 'Invoices', 'Opportunities', 'Organizations', 'Aurora Coffee Roasters', '4,345.00 €', 'ERP status'])
		expect(text).toContain(seen);
	expect(text.match(/<button>Accept<\/button>/g)).toHaveLength(4);
	expect(text).not.toMatch(/(?:src|href)="https?:/);
});

it('accepts, once, and shows what the ERP wrote', async () => {
	expect((await accept(deal.quote)).status).toBe(303);
	expect(sim.retrieve(deal.quote)).toMatchObject({ quotestage: 'Accepted', hdnGrandTotal: '4345.00000000' });
	sim.patch(deal.quote, { cf_quotes_erp_number: 'S00007', cf_quotes_erp_status: 'Needs attention', cf_quotes_erp_message: 'Two & <more>' });
	const text = await page('/');
	expect(text.match(/<button>Accept<\/button>/g)).toHaveLength(3);
	for (const seen of ['S00007', 'Needs attention', 'Two &amp; &lt;more&gt;']) expect(text).toContain(seen);
	expect((await accept('11x8')).status).toBe(404);
});

it('has a page for every record, with its lines and what hangs on it', async () => {
	const quote = await page(`/record/${deal.quote}`);
	for (const seen of ['Spare units for the second site', '10 %', '3,950.00', 'Purchasing']) expect(quote).toContain(seen);
	expect(await page(`/record/${deal.account}`)).toContain('Roastery equipment');
	expect((await fetch(`${sim.url}/record/4x999`)).status).toBe(404);
});
