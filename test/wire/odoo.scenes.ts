// Owns the recorded state around an exchange: records made by calls that were not recorded, and the moment it happened.
// Must not know: how answers are compared, any client code.
import type { OdooSimulator, SlowTransaction } from '../../demo/simulators/odoo';
import { find, isObject, modelCallOf, resultOf } from './odoo.fixture';
import type { Exchange, Json } from './odoo.fixture';

interface Stage {
	simulator: OdooSimulator;
	exchanges: Exchange[];
	exchange: Exchange;
}

/** What has to be there before the exchange of that name. */
const SCENES: Record<string, (stage: Stage) => void> = {
	'imd-create': keyedPartner,
	'so-line-price-before': orderWithOwnPrice,
	'inv-wizard-nothing-left': secondWizard,
	'downpay-wizard-create': confirmedOrder,
	'late-quick-create': slowBatchBegins,
	'late-poll-2-gt': slowBatchCommits,
	'arch-poll-default': archivedPartner,
};

export function prepare(simulator: OdooSimulator, exchanges: Exchange[], exchange: Exchange): void {
	SCENES[exchange.name]?.({ simulator, exchanges, exchange });
}

/** The external id is given to a contact that was there already. */
function keyedPartner({ simulator, exchange }: Stage): void {
	const values = modelCallOf(exchange)?.args[0];
	if (isObject(values)) simulator.insert('res.partner', { id: Number(values['res_id']), name: 'IMD partner' });
}

/** An order whose line was created with an agreed price, a discount and a text of its own. */
function orderWithOwnPrice({ simulator, exchanges, exchange }: Stage): void {
	const created = modelCallOf(find(exchanges, 'so-create') ?? exchange)?.args[0];
	const order = idsOf(find(exchanges, 'so-write-pricelist'))[0] ?? 0;
	const line = idsOf(exchange)[0] ?? 0;
	const product = isObject(created) && Array.isArray(created['order_line']) ? (created['order_line'] as Json[][])[0]?.[2] : undefined;
	simulator.world.store.setNextId('sale.order.line', line);
	simulator.insert('sale.order', {
		id: order,
		partner_id: isObject(created) ? (created['partner_id'] ?? 0) : 0,
		order_line: [[0, 0, { product_id: isObject(product) ? (product['product_id'] ?? 0) : 0, product_uom_qty: 1, price_unit: 77.77, discount: 5, name: 'custom text' }]],
	});
}

function secondWizard({ simulator, exchange }: Stage): void {
	simulator.insert('sale.advance.payment.inv', { id: idsOf(exchange)[0] ?? 0, advance_payment_method: 'delivered' });
}

function confirmedOrder({ simulator, exchange }: Stage): void {
	const body = exchange.request.body;
	const args = isObject(body) && isObject(body['params']) ? body['params']['args'] : undefined;
	const keywords = Array.isArray(args) ? args[6] : undefined;
	const context = isObject(keywords) && isObject(keywords['context']) ? keywords['context'] : {};
	simulator.call('sale.order', 'action_confirm', [Number(context['active_id'])]);
}

const slow = new WeakMap<OdooSimulator, SlowTransaction>();

/** A batch of 1,500 contacts that began before the quick record and commits after it. */
function slowBatchBegins({ simulator, exchanges, exchange }: Stage): void {
	const asked = idsOf(find(exchanges, 'late-records'));
	const quick = Number(resultOf(exchange));
	const [first = 0, last = 0] = asked.filter((id) => id !== quick);
	const moment = stampOf(find(exchanges, 'late-records'), first);
	const transaction = simulator.beginSlow(moment);
	const store = simulator.world.store;
	let n = 0;
	for (let id = first; id <= last; id++) {
		if (id === quick) continue;
		store.setNextId('res.partner', id);
		transaction.create('res.partner', { name: `Late ${n++}` });
	}
	slow.set(simulator, transaction);
}

function slowBatchCommits({ simulator }: Stage): void {
	slow.get(simulator)?.commit();
}

function archivedPartner({ simulator, exchanges }: Stage): void {
	const id = Number(resultOf(find(exchanges, 'arch-create') as Exchange));
	simulator.update('res.partner', id, { active: false });
}

function idsOf(exchange: Exchange | undefined): number[] {
	const ids = exchange ? modelCallOf(exchange)?.args[0] : undefined;
	return Array.isArray(ids) ? ids.map(Number) : [];
}

/** Exchanges whose moment matters, and the exchange whose answer tells it. */
const MOMENTS: Record<string, string> = {
	'poll-create': 'poll-read-write-date',
	'poll-create-batch': 'poll-keyset-page1',
	'late-quick-create': 'late-records',
	'arch-create': 'arch-poll-active-test',
	'arch-poll-default': 'arch-poll-active-test',
};

/** The moment of an exchange when its answer depends on it: half a second into the recorded second. */
export function clockOf(exchanges: Exchange[], exchange: Exchange): number | undefined {
	const source = find(exchanges, MOMENTS[exchange.name] ?? '');
	return source ? stampOf(source, Number(resultOf(exchange))) : undefined;
}

/** write_date of a record in an answer, of the first one when the id is not among them. */
function stampOf(exchange: Exchange | undefined, id: number): number {
	const rows = (exchange ? resultOf(exchange) : undefined) ?? [];
	const records = Array.isArray(rows) ? rows.filter(isObject) : [];
	const record = records.find((r) => r['id'] === id) ?? records[0];
	return Date.parse(`${String(record?.['write_date']).replace(' ', 'T')}.500Z`);
}
