// Proves the main job in the real hosts, as `npm start -- --once` tells it: both lines of n8n, both of Odoo's interfaces, 1C, and an
// ERP that only a profile describes.
import { OdooErp } from '../../demo/erp.odoo';
import { OnecErp } from '../../demo/erp.onec';
import { RestErp } from '../../demo/erp.rest';
import { setTheStage, type Stage } from '../../demo/stage';
import { tellTheStory } from '../../demo/story';

describe.each([
	{ n8n: '2', name: 'Odoo 18', erp: async () => await OdooErp.start(18) },
	{ n8n: '1', name: 'Odoo 19', erp: async () => await OdooErp.start(19) },
	{ n8n: '2', name: '1C, УТ', erp: async () => await OnecErp.start({ profile: 'ut' }) },
	{ n8n: '2', name: 'a REST ERP', erp: async () => await RestErp.start() },
] as const)('n8n $n8n with $name', ({ n8n, erp }) => {
	let stage: Stage | undefined;
	const said: string[] = [];
	afterAll(async () => await stage?.stop(), 60_000);

	test('a quote accepted becomes customer, order and invoice, once', async () => {
		const say = (text: string) => void said.push(text);
		stage = await setTheStage({ n8n, erp, hurry: true, progress: say });
		const report = await tellTheStory(stage, say).catch((error: Error) => {
			throw new Error(`${error.message}\n${said.join('\n')}`);
		});
		expect(report).toMatchObject({
			ok: true,
			totals: { difference: '0.00' },
			records: { customers: 1, orders: 1, invoices: 1 },
			rerun: { created: 0 },
		});
		expect(Object.keys(report.calls)).toEqual(['vtiger', stage.erp.system]);
	}, 1_200_000);

	test('the pickers answer in the editor', async () => {
		const { host, erp: { credential: { type } } } = stage!;
		const credentials = stage!.credentials;
		const taxes = await host.dynamic('options', { node: { name: `n8n-nodes-crm-erp.${type.replace(/Api$/, '')}`, version: 1 }, method: 'getTaxes', parameters: { resource: 'order', operation: 'upsert' }, credentials });
		expect(taxes.length).toBeGreaterThan(0);
		const fields = await host.dynamic('options', { node: { name: 'n8n-nodes-crm-erp.vtiger', version: 1 }, method: 'getFields', parameters: { resource: 'invoice', operation: 'upsert' }, credentials });
		expect(fields.some((field) => /ERP Key/.test(field.name))).toBe(true);
		const quotes = await host.dynamic('resource-locator-results', { node: { name: 'n8n-nodes-crm-erp.vtiger', version: 1 }, method: 'searchDocuments', parameters: { resource: 'quote', operation: 'get' }, credentials });
		expect(quotes.results.some((quote) => quote.name.includes('Roastery'))).toBe(true);
	}, 60_000);
});
