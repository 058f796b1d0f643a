// Owns which demo page a path shows and what its buttons do.
// Must not know: the server's protocols, styles.
import type { SimRequest, SimResponse } from '../server';
import { OdooError } from './failure';
import type { OdooSimulator } from './index';
import { num } from './json';
import { frame, html } from './page.layout';
import { customerList, invoiceList, invoicesOf, orderList, ordersOf, overview, productList, tabs } from './page.lists';
import { customerPage, invoicePage, orderPage } from './page.record';

/** A demo page, or what a button of it did; `undefined` for a path that is none. */
export function demoPage(sim: OdooSimulator, request: SimRequest): SimResponse | undefined {
	const [, part = '', id = '', action = '', ...more] = request.path.split('/');
	if (more.length > 0 || !['', 'customers', 'orders', 'invoices', 'products'].includes(part)) return undefined;
	if (request.method === 'POST') return pressed(sim, request, part, Number(id), action);
	if (request.method !== 'GET' || action !== '') return undefined;
	const content = contentOf(sim, part, id);
	if (content === undefined) return page(sim, 404, 'Not found', '', `<h1>Not found</h1><p>There is no such record here.</p>`);
	return page(sim, 200, part === '' ? 'Overview' : part.charAt(0).toUpperCase() + part.slice(1), `/${part}`, content);
}

function page(sim: OdooSimulator, status: number, title: string, here: string, content: string): SimResponse {
	return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: frame(title, sim.version, tabs(sim), here, content) };
}

const MODELS: Record<string, string> = { customers: 'res.partner', orders: 'sale.order', invoices: 'account.move' };

function contentOf(sim: OdooSimulator, part: string, id: string): string | undefined {
	if (id === '') {
		switch (part) {
			case '':
				return overview(sim);
			case 'customers':
				return customerList(sim);
			case 'orders':
				return orderList(sim, ordersOf(sim));
			case 'invoices':
				return invoiceList(sim, invoicesOf(sim));
			default:
				return productList(sim);
		}
	}
	const model = MODELS[part];
	if (!model || !sim.world.store.get(model, Number(id))) return undefined;
	const row = sim.record(model, Number(id));
	return part === 'customers' ? customerPage(sim, row) : part === 'orders' ? orderPage(sim, row) : invoicePage(sim, row);
}

/** Does what the button says and goes back to the record; a refusal is shown with its reason. */
function pressed(sim: OdooSimulator, request: SimRequest, part: string, id: number, action: string): SimResponse | undefined {
	const model = MODELS[part];
	const work = WORK[`${part}/${action}`];
	if (!model || !work) return undefined;
	if (!sim.world.store.get(model, id)) return page(sim, 404, 'Not found', '', '<h1>Not found</h1>');
	// Another site must not press buttons in the visitor's browser.
	if (request.headers['sec-fetch-site'] === 'cross-site') return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Only from this page.' };
	try {
		return { status: 303, headers: { location: work(sim, id, new URLSearchParams(request.body)) }, body: '' };
	} catch (error) {
		if (!(error instanceof OdooError)) throw error;
		return page(sim, 409, 'Not possible', `/${part}`, `<h1>Not possible</h1><p>${html(error.message)}</p><p><a href="/${part}/${id}">Back</a></p>`);
	}
}

const WORK: Record<string, (sim: OdooSimulator, id: number, form: URLSearchParams) => string> = {
	'orders/confirm': (sim, id) => {
		sim.call('sale.order', 'action_confirm', [id]);
		return `/orders/${id}`;
	},
	'orders/invoice': (sim, id) => {
		sim.deliver(id);
		if (sim.record('sale.order', id)['invoice_status'] === 'to invoice') for (const move of sim.invoiceOrder(id)) sim.post(move);
		return `/orders/${id}`;
	},
	'invoices/post': (sim, id) => {
		sim.post(id);
		return `/invoices/${id}`;
	},
	'invoices/pay': (sim, id, form) => {
		const asked = Number(form.get('amount') ?? '');
		const left = num(sim.record('account.move', id)['amount_residual']);
		sim.pay(id, asked > 0 && asked < left ? asked : left);
		return `/invoices/${id}`;
	},
	'invoices/credit': (sim, id) => `/invoices/${sim.creditNote(id)}`,
};
