// Owns which demo page a path shows and what its buttons do.
// Must not know: the OData interface, styles.
import type { SimRequest, SimResponse } from '../server';
import { cancelShipment, pay, ship } from './desk';
import type { Desk } from './desk.work';
import { OdataError } from './errors';
import { bookOf } from './page.book';
import { frame, html } from './page.layout';
import { type View, customerList, goodsList, orderList, ordersOf, overview, paymentList, paymentsOf, shipmentList, shipmentsOf, tabs } from './page.lists';
import { customerPage, orderPage, shipmentPage } from './page.record';
import type { Row } from './values';

const LISTS: Readonly<Record<string, (view: View) => string>> = {
	'': overview,
	customers: customerList,
	orders: (view) => orderList(view, ordersOf(view)),
	shipments: (view) => shipmentList(view, shipmentsOf(view)),
	payments: (view) => paymentList(view, paymentsOf(view)),
	goods: goodsList,
};

const RECORDS: Readonly<Record<string, { set: (view: View) => string; show: (view: View, row: Row) => string }>> = {
	customers: { set: () => 'Catalog_Контрагенты', show: customerPage },
	orders: { set: ({ book }) => book.orders.set, show: orderPage },
	shipments: { set: ({ book }) => book.shipments.set, show: shipmentPage },
};

/** What a button does; gives the page to go to. */
const WORK: Readonly<Record<string, (view: View, ref: string, form: URLSearchParams) => string>> = {
	'orders/post': ({ desk, book }, ref) => {
		desk.objects.post(book.orders.set, ref);
		return `/orders/${ref}`;
	},
	'orders/ship': ({ desk }, ref) => {
		ship({ base: desk }, ref);
		return `/orders/${ref}`;
	},
	'orders/pay': ({ desk, book }, ref, form) => {
		const asked = Number(form.get('amount') ?? '');
		const left = Number(desk.objects.must(book.orders.set, ref)['СуммаДокумента'] ?? 0) - book.paid(desk, ref).toNumber();
		pay({ base: desk }, ref, (asked > 0 ? asked : left).toFixed(2));
		return `/orders/${ref}`;
	},
	'shipments/cancel': ({ desk }, ref) => {
		cancelShipment({ base: desk }, ref);
		return `/shipments/${ref}`;
	},
};

/** A demo page, or what a button of it did; `undefined` for a path that is none. The infobase's own address shows the overview. */
export function demoPage({ store, objects, configuration }: Desk & { configuration: { path: string } }, request: SimRequest): SimResponse | undefined {
	const path = request.path === `/${configuration.path}` || request.path === `/${configuration.path}/` ? '/' : request.path;
	const [, part = '', ref = '', action = '', ...more] = path.split('/');
	const view: View = { desk: { store, objects }, book: bookOf(store) };
	const list = LISTS[part];
	if (more.length > 0 || !list) return undefined;
	if (request.method === 'POST') return pressed(view, request, `${part}/${action}`, part, ref);
	if (request.method !== 'GET' || action !== '') return undefined;
	const content = ref === '' ? list(view) : recordPage(view, part, ref);
	if (content === undefined) return page(view, 404, 'Not found', '', '<h1>Not found</h1><p>There is no such record here.</p>');
	return page(view, 200, part === '' ? 'Overview' : part.charAt(0).toUpperCase() + part.slice(1), `/${part}`, content);
}

function recordPage(view: View, part: string, ref: string): string | undefined {
	const kind = RECORDS[part];
	const row = kind && view.desk.store.get(kind.set(view), ref);
	return kind && row ? kind.show(view, row) : undefined;
}

function page(view: View, status: number, title: string, here: string, content: string): SimResponse {
	return { status, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: frame(title, view.book.product, tabs(view), here, content) };
}

/** Does what the button says and goes back to the record; a refusal is shown with 1C's own words. */
function pressed(view: View, request: SimRequest, name: string, part: string, ref: string): SimResponse | undefined {
	const work = WORK[name];
	if (!work) return undefined;
	if (recordPage(view, part, ref) === undefined) return page(view, 404, 'Not found', '', '<h1>Not found</h1>');
	// Another site must not press buttons in the visitor's browser.
	if (request.headers['sec-fetch-site'] === 'cross-site') return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Only from this page.' };
	try {
		return { status: 303, headers: { location: work(view, ref, new URLSearchParams(request.body)) }, body: '' };
	} catch (error) {
		if (!(error instanceof OdataError)) throw error;
		return page(view, 409, 'Not possible', `/${part}`, `<h1>Not possible</h1><p style="white-space:pre-line">${html(error.text.ru)}</p><p><a href="/${part}/${html(ref)}">Back</a></p>`);
	}
}
