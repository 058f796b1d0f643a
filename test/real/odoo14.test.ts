// Owns the proof that the Odoo 14 set up here is the one the pack's tests need: the main job's ERP half by plain calls,
// the rights of the user, and that nothing of the server stays behind. Shares no code with the pack's nodes.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder } from '../../demo/host/cache';
import { until } from '../../demo/host/until';
import { mirrorsOfApt } from './debian';
import { type Json, OdooRefusal, OdooUser, readVersion } from './jsonrpc';
import { type RealOdoo, setUpOdoo14 } from './odoo14';

const REPO = path.join(__dirname, '..', '..');
const ORDER_COLUMNS = ['id', 'partner_id/id', 'client_order_ref', 'pricelist_id/.id', 'order_line/id', 'order_line/product_id/.id', 'order_line/product_uom_qty', 'order_line/price_unit', 'order_line/discount', 'order_line/tax_id/.id'];
const ORDER_KEY = 'crm_erp.vtiger__sale_order__6x39';
const PARTNER_KEY = 'crm_erp.vtiger__res_partner__11x8';

let server: RealOdoo;
let user: OdooUser;

beforeAll(async () => {
	server = await setUpOdoo14((text) => process.stderr.write(`${text}\n`));
	user = await OdooUser.login(server.url, server.database, server.login, server.password);
});

afterAll(async () => {
	await server?.stop();
});

/** load() that must succeed: the ids. */
async function load(model: string, columns: readonly string[], rows: readonly Json[]): Promise<Json> {
	const answer = await user.call(model, 'load', [columns, rows]);
	expect(answer).toMatchObject({ messages: [] });
	return (answer as { ids: Json }).ids;
}

async function read(model: string, id: number, fields: readonly string[]): Promise<Json> {
	return await user.call(model, 'read', [[id], fields]);
}

async function idsOf(model: string, field: string, values: readonly string[]): Promise<string[]> {
	const rows = await user.find(model, [[field, 'in', values]], [field]);
	return values.map((value) => String(rows.find((row) => row[field] === value)?.id));
}

/** Runs a wizard on one record of a model. */
async function wizard(model: string, values: Readonly<Record<string, Json>>, method: string, on: string, id: number): Promise<void> {
	const context = { active_model: on, active_id: id, active_ids: [id] };
	await user.call(model, method, [[await user.create(model, values, context)]], context);
}

describe('a real Odoo 14', () => {
	let order = 0;
	let invoice = 0;

	test('is version 14 and fresh from the template', async () => {
		expect(server.version).toBe('14.0');
		for (const model of ['sale.order', 'account.move', 'stock.picking']) expect(await user.find(model, [], ['id'])).toEqual([]);
		const currencies = await user.find('res.currency', [], ['name']);
		expect(currencies.map((row) => row.name).sort()).toEqual(['EUR', 'USD']);
		const taxes = await user.find('account.tax', [['type_tax_use', '=', 'sale']], ['amount']);
		expect(taxes.map((row) => row.amount)).toEqual(expect.arrayContaining([4.5, 10, 22]));
		const products = await user.find('product.product', [['default_code', '=like', 'W-%']], ['default_code', 'type']);
		expect(products.map((row) => row.default_code)).toEqual(['W-1', 'W-2', 'W-3', 'W-4', 'W-5', 'W-6']);
	});

	test('takes customer and order through load(), twice, as one', async () => {
		await load('res.partner', ['id', 'name', 'is_company', 'country_id/id'], [[PARTNER_KEY, 'Flow Ltd', 'True', 'base.it']]);
		const [widget, install] = await idsOf('product.product', 'default_code', ['W-1', 'W-5']);
		const [reduced, ten, full] = await idsOf('account.tax', 'name', ['VAT 4.5%', 'VAT 10%', 'VAT 22%']);
		const euro = await user.findOne('product.pricelist', [['currency_id.name', '=', 'EUR']], ['id']);
		const rows = [
			[ORDER_KEY, PARTNER_KEY, 'SO6', String(euro.id), `${ORDER_KEY}_1`, widget ?? '', '3', '77.77', '10', full ?? ''],
			['', '', '', '', `${ORDER_KEY}_2`, install ?? '', '2', '33.33', '0', ten ?? ''],
			['', '', '', '', `${ORDER_KEY}_3`, widget ?? '', '1', '100', '33.33', `${reduced},${ten}`],
		];
		const first = await load('sale.order', ORDER_COLUMNS, rows);
		expect(await load('sale.order', ORDER_COLUMNS, rows)).toEqual(first);
		order = Number((first as readonly number[])[0]);
		// 209.98 + 66.66 + 66.67; taxes 46.20 + 6.67 + 3.00 + 6.67, rounded by line
		const totals = { amount_untaxed: 343.31, amount_tax: 62.54, amount_total: 405.85 };
		expect(await read('sale.order', order, ['state', 'amount_untaxed', 'amount_tax', 'amount_total', 'currency_id'])).toEqual([{ id: order, state: 'draft', ...totals, currency_id: [1, 'EUR'] }]);
		expect(await user.find('sale.order.line', [['order_id', '=', order]], ['id'])).toHaveLength(3);
	});

	test('confirms the order, with its delivery', async () => {
		expect(await user.call('sale.order', 'action_confirm', [[order]])).toBe(true);
		expect(await read('sale.order', order, ['state', 'invoice_status'])).toEqual([{ id: order, state: 'sale', invoice_status: 'to invoice' }]);
		expect(await user.find('stock.picking', [['sale_id', '=', order]], ['state'])).toHaveLength(1);
	});

	test('makes the invoice, posts it and takes a part payment', async () => {
		await wizard('sale.advance.payment.inv', { advance_payment_method: 'delivered' }, 'create_invoices', 'sale.order', order);
		invoice = Number((await user.findOne('account.move', [['invoice_origin', '!=', false]], ['id'])).id);
		expect(await user.call('account.move', 'action_post', [[invoice]])).toBe(`account.move(${invoice},)`);
		expect(await read('account.move', invoice, ['state', 'payment_state', 'amount_total', 'amount_residual', 'ref'])).toEqual([{ id: invoice, state: 'posted', payment_state: 'not_paid', amount_total: 405.85, amount_residual: 405.85, ref: 'SO6' }]);
		await wizard('account.payment.register', { amount: 50 }, 'action_create_payments', 'account.move', invoice);
		expect(await read('account.move', invoice, ['payment_state', 'amount_residual'])).toEqual([{ id: invoice, payment_state: 'partial', amount_residual: 355.85 }]);
	});

	test('takes the credit note', async () => {
		await wizard('account.move.reversal', { refund_method: 'refund', reason: 'returned' }, 'reverse_moves', 'account.move', invoice);
		expect(await user.find('account.move', [['reversed_entry_id', '=', invoice]], ['move_type', 'amount_total'])).toEqual([{ id: expect.any(Number), move_type: 'out_refund', amount_total: 405.85 }]);
	});

	test('gives the integration user no settings', async () => {
		for (const [model, values] of [['res.users', { login: 'x', name: 'x' }], ['ir.config_parameter', { key: 'x', value: 'x' }]] as const) {
			await expect(user.create(model, values)).rejects.toMatchObject({ name: 'odoo.exceptions.AccessError' });
		}
		await expect(OdooUser.login(server.url, server.database, server.login, 'wrong')).rejects.toThrow('refused');
		await expect(OdooUser.login(server.url, 'elsewhere', server.login, server.password)).rejects.toBeInstanceOf(OdooRefusal);
	});

	test('lists its own database alone, as a client that looks for one sees it', async () => {
		const response = await fetch(`${server.url}/web/database/list`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"jsonrpc":"2.0","method":"call","params":{}}' });
		expect(await response.json()).toMatchObject({ result: [server.database] });
	});
});

describe('nothing stays behind', () => {
	/** The folder of the run that serves this URL, if it is there. */
	function runOf(url: string): string | undefined {
		const port = `http_port = ${new URL(url).port}\n`;
		const runs = fs.readdirSync(cacheFolder()).filter((name) => name.startsWith('odoo-14-run-'));
		const files = runs.map((name) => path.join(cacheFolder(), name, 'odoo.conf'));
		return files.find((file) => fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes(port));
	}

	test.each(['SIGINT', 'SIGKILL'] as const)('after %s', async (signal) => {
		const child = spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'odoo14.ts')], { cwd: REPO, stdio: ['ignore', 'pipe', 'ignore'] });
		let url = '';
		for await (const line of createInterface({ input: child.stdout })) {
			url = /^ODOO_URL=(.*)/.exec(line)?.[1] ?? url;
			if (line.startsWith('ODOO_PASSWORD=')) break;
		}
		expect(await readVersion(url)).toBe('14.0');
		expect(runOf(url)).toBeDefined();
		// The machine never sees the mounts, not even now.
		expect(fs.readFileSync('/proc/self/mounts', 'utf8')).not.toContain(cacheFolder());
		child.kill(signal);
		await until(() => runOf(url) === undefined, { timeout: 30_000, every: 200, what: 'the end of the second server' });
		await expect(readVersion(url)).rejects.toThrow('fetch failed');
		// The first one is not disturbed.
		expect(await readVersion(server.url)).toBe('14.0');
	});
});

test('mirrors are read from both notations of apt', () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'apt-'));
	fs.mkdirSync(path.join(folder, 'sources.list.d'));
	fs.writeFileSync(path.join(folder, 'sources.list'), '# deb http://old.example/debian stable main\ndeb [arch=amd64] https://one.example/debian/ bookworm main\ndeb http://sec.example/debian-security bookworm-security main\n');
	fs.writeFileSync(path.join(folder, 'sources.list.d', 'debian.sources'), 'Types: deb\nURIs: http://two.example/mirror/debian\nSuites: trixie\n');
	expect(mirrorsOfApt(folder)).toEqual(['https://one.example/debian', 'http://two.example/mirror/debian']);
	fs.rmSync(folder, { recursive: true });
});
