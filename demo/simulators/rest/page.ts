// Owns which demo page a path shows and what its buttons do. Must not know: any API, styles.
import type { SimRequest, SimResponse } from '../server';
import { least, minus } from './books.money';
import { Refusal } from './books.refusal';
import type { RestSimulator } from './index';
import { frame, html } from './page.layout';
import { customerList, invoiceList, invoicesOf, orderList, ordersOf, overview, productList, tabs } from './page.lists';
import { customerPage, invoicePage, orderPage } from './page.record';

const LISTS: Readonly<Record<string, (sim: RestSimulator) => string>> = {
	'': overview,
	customers: customerList,
	orders: (sim) => orderList(sim, ordersOf(sim)),
	invoices: (sim) => invoiceList(sim, invoicesOf(sim)),
	products: productList,
};

/** What a button does. */
const WORK: Readonly<Record<string, (sim: RestSimulator, id: string, form: URLSearchParams) => unknown>> = {
	'orders/confirm': ({ desk }, id) => desk.confirm(id),
	'orders/invoice': ({ desk }, id) => desk.invoice(id),
	'invoices/pay': ({ desk, books }, id, form) => {
		const { total, paid } = books.must('invoices', id);
		const asked = form.get('amount') ?? '';
		return desk.pay(id, Number(asked) > 0 ? least(asked, minus(total, paid)) : minus(total, paid));
	},
};

/** A demo page, or what a button of it did; `undefined` for a path that is none. */
export function demoPage(sim: RestSimulator, request: SimRequest): SimResponse | undefined {
	const [, part = '', id = '', action = '', ...more] = request.path.split('/');
	const list = LISTS[part];
	if (more.length > 0 || !list) return undefined;
	if (request.method === 'POST') return pressed(sim, request, part, id, action);
	if (request.method !== 'GET' || action !== '') return undefined;
	const content = id === '' ? list(sim) : recordPage(sim, part, id);
	if (content === undefined) return page(sim, 404, 'Not found', '', '<h1>Not found</h1><p>There is no such record here.</p>');
	return page(sim, 200, part === '' ? 'Overview' : part.charAt(0).toUpperCase() + part.slice(1), `/${part}`, content);
}

function recordPage(sim: RestSimulator, part: string, id: string): string | undefined {
	const { books } = sim;
	const [customer, order, invoice] = [books.find('customers', id), books.find('orders', id), books.find('invoices', id)];
	if (part === 'customers' && customer) return customerPage(sim, customer);
	if (part === 'orders' && order) return orderPage(sim, order);
	return part === 'invoices' && invoice ? invoicePage(sim, invoice) : undefined;
}

function page(sim: RestSimulator, status: number, title: string, here: string, content: string): SimResponse {
	return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: frame(title, sim.title, tabs(sim), here, content) };
}

/** Does what the button says and goes back to the record; a refusal is shown with its reason. */
function pressed(sim: RestSimulator, request: SimRequest, part: string, id: string, action: string): SimResponse | undefined {
	const work = WORK[`${part}/${action}`];
	if (!work) return undefined;
	if (recordPage(sim, part, id) === undefined) return page(sim, 404, 'Not found', '', '<h1>Not found</h1>');
	// Another site must not press buttons in the visitor's browser.
	if (request.headers['sec-fetch-site'] === 'cross-site') return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Only from this page.' };
	try {
		work(sim, id, new URLSearchParams(request.body));
		return { status: 303, headers: { location: `/${part}/${id}` }, body: '' };
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		return page(sim, 409, 'Not possible', `/${part}`, `<h1>Not possible</h1><p>${html(error.message)}</p><p><a href="/${part}/${html(id)}">Back</a></p>`);
	}
}
