// Proves docs/how-to/add-a-system.md: its blocks, taken literally and in order, become a profile; Test Profile shows what
// the text says after each step; and with the whole of it a quote becomes an order.
import fs from 'node:fs';
import path from 'node:path';
import { RestErp } from '../../demo/erp.rest';
import { PASSWORD, seedDemo, startRest, USER, type RestSimulator } from '../../demo/simulators/rest';
import { ADMIN, ADMIN_ACCESS_KEY, seedDemo as seedCrm, startVtiger } from '../../demo/simulators/vtiger';
import { customerSchema } from '../../nodes/core/documents';
import { mergePatch } from '../../nodes/core/patch';
import { loadProfile } from '../../nodes/RestErp/rest.profile';
import { rest } from '../../nodes/RestErp/rest.system';
import { connectTo } from '../contract/bench';
import { systemClock } from '../../nodes/kit/http';
import { Flow, loadTemplate } from './engine';
import { hurry } from './scene';

type Row = Record<string, unknown>;

interface Step {
	title: string;
	/** What to do, in the order of the text: the word behind `json`, or what is done by hand. */
	parts: Array<{ what: string; text: string }>;
}

const text = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'how-to', 'add-a-system.md'), 'utf8');
const steps = stepsOf(text);

function stepsOf(markdown: string): Step[] {
	return markdown.split(/^## /m).slice(1).map((section) => ({
		title: section.slice(0, section.indexOf('\n')),
		parts: [...section.matchAll(/^```(json|text)(?: (\w+))?\n([\s\S]*?)^```$|^<!-- by hand: (.*) -->$/gm)].map(([, language, word, block, byHand]) => (byHand ? { what: 'by hand', text: byHand } : { what: word ?? (language === 'text' ? 'message' : 'merge'), text: block! })),
	}));
}

const objects = (lines: string): Row[] => lines.trim().split('\n').map((line) => JSON.parse(line) as Row);

/** Of a message the text shows the beginning. */
const spoken = ({ message, ...row }: Row): Row => (typeof message === 'string' ? { ...row, message: expect.stringContaining(message) as string } : row);

let ledger: RestSimulator;
let profile: unknown = {};

beforeAll(async () => {
	ledger = await startRest({ face: 'ledger' });
	seedDemo(ledger);
});

afterAll(async () => await ledger.stop());

async function testProfile(document?: string): Promise<Row[]> {
	const credential = { profile: 'custom', profileJson: JSON.stringify(profile), url: ledger.url, username: USER, password: PASSWORD, installation: 'erp' };
	const connector = connectTo(rest, credential, systemClock);
	const rows = await connector.actions!.testProfile!({ parameter: (name) => (name === 'document' ? document : undefined), binary: () => Promise.reject(new Error('no file')) });
	return rows.map(({ json }) => json);
}

/** What the text has people enter in the ERP's own pages. */
const BY_HAND: Record<string, () => void> = {
	'an order': () => {
		const customer = ledger.records('customers').find(({ name }) => name === 'Harbour Supplies')!;
		const product = ledger.records('products').find(({ code }) => code === 'W-1')!;
		ledger.desk.order({ customerId: customer.id, lines: [{ productId: product.id, quantity: '3', price: '90', rates: ['10'] }] });
	},
};

function refusalOf(patch: string): string {
	try {
		loadProfile(mergePatch(profile, JSON.parse(patch)), 'profile');
		return 'nothing is refused';
	} catch (error) {
		return (error as Error).message;
	}
}

describe('add a system', () => {
	it.each(steps.filter(({ parts }) => parts.length > 0).map((step) => [step.title, step] as const))('%s', async (_title, { parts }) => {
		let [wrong, document]: Array<string | undefined> = [];
		for (const { what, text: block } of parts) {
			if (what === 'by hand') BY_HAND[block]!();
			if (what === 'merge') profile = mergePatch(profile, JSON.parse(block));
			if (what === 'wrong') wrong = block;
			if (what === 'message') expect(refusalOf(wrong!)).toContain(block.trim());
			if (what === 'document') document = block;
			if (what !== 'shows') continue;
			const rows = await testProfile(document);
			expect(rows.filter(({ result }) => result === 'did not work')).toEqual([]);
			for (const expected of objects(block)) expect(rows.find(({ kind, endpoint }) => kind === expected.kind && endpoint === expected.endpoint)).toMatchObject(spoken(expected));
		}
	});

	it('tells the demo\'s log-in', () => expect([text.includes(`\`${USER}\``), text.includes(`\`${PASSWORD}\``)]).toEqual([true, true]));

	it('changes nothing in the ERP by testing', () => {
		expect(ledger.records('customers')).toHaveLength(2);
		expect(ledger.records('orders')).toHaveLength(1);
	});

	it('says of what is there and did not change that nothing would be sent', async () => {
		const document = steps.flatMap(({ parts }) => parts).find(({ what }) => what === 'document')!.text;
		const credential = { profile: 'custom', profileJson: JSON.stringify(profile), url: ledger.url, username: USER, password: PASSWORD, installation: 'erp' };
		await connectTo(rest, credential, systemClock).upsert('customer', [customerSchema.parse(JSON.parse(document))], {});
		const rows = await testProfile(document);
		expect(rows.find(({ kind, endpoint }) => kind === 'customer' && endpoint === 'write on trial')).toMatchObject({ result: 'not sent', message: expect.stringMatching(/unchanged/) as string });
	});

	it('makes a confirmed order of an accepted quote', async () => {
		hurry();
		const crm = await startVtiger({ version: '8.4.0', unpatched: false, saveGapMs: 0 });
		const erp = await RestErp.start({ profile: () => profile as Row });
		try {
			const deal = await seedCrm(crm);
			erp.seed();
			const credentials = { vtigerCrmErpApi: { url: crm.server.url, username: ADMIN, accessKey: ADMIN_ACCESS_KEY, installation: 'vtiger', timeZone: 'UTC' }, restErpApi: erp.credential.data };
			crm.patch(deal.quote, { quotestage: 'Accepted' });
			const run = await new Flow(loadTemplate('quote-to-order-rest'), credentials).tick();
			expect([run?.error, run?.items('Reason on the quote')]).toEqual([undefined, []]);
			const quote = crm.retrieve(deal.quote)!;
			expect(erp.orders()).toMatchObject([{ confirmed: true, total: Number(quote.hdnGrandTotal).toFixed(2) }]);
			expect(Object.entries(quote).find(([name]) => name.endsWith('erp_status'))?.[1]).toBe('Ordered');
			erp.pay(erp.bill(erp.orders()[0]!), 100);
			expect(await connectTo(rest, { ...erp.credential.data }, systemClock).get('invoice', erp.sim.records('invoices')[0]!.id)).toMatchObject({ paymentState: 'partial', received: '100', orders: [{ sourceKey: expect.stringMatching(/^vtiger:/) as string }] });
		} finally {
			await crm.stop();
			await erp.stop();
		}
	});
});
