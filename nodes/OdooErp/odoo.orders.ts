// Owns "Sales order: create or update" in Odoo: look up, compare, write what differs, read back, prove, confirm.
// Must not know the wire.
import { describeDocument, type Document } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, UpsertOptions } from '../core/port';
import { KEYED_WRITE, type RetryPolicy } from '../core/retry';
import { type Cell, referenceCell, textCell } from './odoo.cells';
import type { Services } from './odoo.customers';
import { proveOrder } from './odoo.order.check';
import { codeOf, orderRows, plannedLines, planOrderLines, type SalesSource } from './odoo.order.plan';
import { OrderDecider, type OrderTask, stateWords } from './odoo.orders.decide';
import { currencyOf, OrderFinder } from './odoo.orders.find';
import { OrderStates, isConfirmed, isOpen } from './odoo.orders.state';
import { overrideCells, withOverrides } from './odoo.overrides';
import { MODELS, plannedRef, RefMaker } from './odoo.refs';
import { reference, text } from './odoo.values';

/** A lost race is answered by reading again: the winner may have confirmed the order. */
const ORDER_LOAD: RetryPolicy = { ...KEYED_WRITE, on: KEYED_WRITE.on.filter((kind) => kind !== 'conflict') };
const MODEL = MODELS.order;
const LINE = 'sale.order.line';

export class OrderWriter {
	private readonly finder: OrderFinder;
	private readonly decider: OrderDecider;
	private readonly states: OrderStates;

	constructor(private readonly services: Services) {
		this.finder = new OrderFinder(services);
		this.decider = new OrderDecider(services);
		this.states = new OrderStates(services);
	}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		// The last document under a key is the newest.
		const tasks = new Map(documents.flatMap((document): Array<[string, OrderTask]> => (isSales(document) ? [[document.key, newTask(document)]] : [])));
		let open = [...tasks.values()];
		for (let attempt = 1; open.length > 0; attempt++) {
			await this.pass(open, options);
			open = attempt < KEYED_WRITE.attempts ? open.filter((task) => task.failure?.kind === 'conflict') : [];
			if (open.length > 0) await this.services.clock.sleep(KEYED_WRITE.baseMs * 2 ** (attempt - 1) * (0.5 + this.services.clock.random()));
			for (const task of open) tasks.set(task.document.key, Object.assign(task, newTask(task.document)));
		}
		const { credential } = this.services.session;
		const refs = new RefMaker(credential.installation, credential.url, await this.services.session.version());
		return documents.map((document) => {
			const task = tasks.get(document.key);
			if (task) return this.result(task, refs, options);
			return { ok: false, failure: new Failure('rejected', `A ${document.kind} cannot become a sales order`, { record: describeDocument(document), advice: 'Feed this node with quotes or orders' }) };
		});
	}

	private async pass(tasks: readonly OrderTask[], options: UpsertOptions): Promise<void> {
		try {
			await this.plan(tasks, options);
			await this.readOrders(tasks.filter((task) => !task.failure && task.place?.id !== undefined));
			await each(tasks, async (task) => await this.decider.decide(task));
			if (options.dryRun) return;
			const written = tasks.filter((task) => !task.failure && task.write);
			await this.write(written);
			await this.readOrders(written.filter((task) => !task.failure));
			await each(tasks, async (task) => await this.prove(task, options));
			if (options.confirm) await each(tasks, async (task) => await this.confirm(task));
		} catch (error) {
			const failure = asFailure(error);
			for (const task of tasks) task.failure ??= failure;
		}
	}

	/** Everything that can be refused without writing: currency, decimals, customer, products, taxes. */
	private async plan(tasks: readonly OrderTask[], options: UpsertOptions): Promise<void> {
		const { metadata } = this.services;
		const [precision, company, taxField] = [await metadata.linePrecision(), await metadata.company(), (await metadata.fieldNamed(LINE, 'tax_ids', 'tax_id')) ?? 'tax_id'];
		const codes = new Map<OrderTask, string[]>();
		await each(tasks, async (task) => {
			task.currency = await this.finder.currency(task.document);
			codes.set(task, plannedLines(task.document, precision, task.currency.places).map((line) => codeOf(line, options, task.record)));
		});
		await this.lookUp(tasks.filter((task) => !task.failure), options);
		const products = await this.finder.products([...codes].flatMap(([task, own]) => (task.failure ? [] : own)));
		const taxes = options.taxSource === 'target' ? [] : await metadata.taxes();
		await each(tasks, (task) => {
			const { places } = task.currency!;
			task.lines = planOrderLines(task.document, plannedLines(task.document, precision, places), { precision, places, company, taxes, taxField, products }, options);
		});
	}

	private async lookUp(tasks: readonly OrderTask[], options: UpsertOptions): Promise<void> {
		if (tasks.length === 0) return;
		const customers = await this.finder.customers(tasks.map((task) => task.document));
		tasks.forEach((task, i) => {
			const found = customers[i]!;
			if (found instanceof Failure) task.failure = found;
			else task.header = headerCells(task.document, found);
		});
		const open = tasks.filter((task) => !task.failure);
		const places = open.length > 0 ? await this.finder.orders(open.map((task) => task.document)) : [];
		open.forEach((task, i) => (task.place = places[i]));
		await each(open, async (task) => {
			const extra = await overrideCells(options.overrides, task.document, task.document.source, MODEL, this.services.metadata, task.record);
			task.header = withOverrides(task.header, extra);
		});
	}

	/** Orders and all their lines as they stand: two calls, however many orders. */
	private async readOrders(tasks: readonly OrderTask[]): Promise<void> {
		if (tasks.length === 0) return;
		const { session, metadata } = this.services;
		const ids = tasks.map((task) => task.place!.id!);
		const header = ['name', 'state', 'currency_id', 'amount_untaxed', 'amount_tax', 'amount_total', ...(await metadata.present(MODEL, ['locked'])), ...tasks.flatMap((task) => task.header.map((cell) => cell.field))];
		const fields = ['order_id', 'display_type', 'is_downpayment', 'price_subtotal', ...new Set(tasks.flatMap((task) => task.lines.flatMap((line) => line.cells.map((cell) => cell.field))))];
		const [orders, rows] = await Promise.all([session.read(MODEL, ids, [...new Set(header)]), session.searchRead(LINE, [['order_id', 'in', ids]], fields)]);
		for (const task of tasks) {
			task.order = orders.find((order) => order.id === task.place!.id);
			task.rows = rows.filter((row) => reference(row.order_id)?.id === task.place!.id);
			if (!task.order) task.failure = new Failure('missing', `The order with id ${task.place!.id} is no longer in Odoo, or the Odoo user may not see it`, { record: task.record });
		}
	}

	private async write(tasks: readonly OrderTask[]): Promise<void> {
		const items = tasks.map(({ place, header, lines }) => ({ rows: orderRows(place!.externalId, place!.key, header, lines), oneRecord: true }));
		const results = await this.services.loader.load(MODEL, items, ORDER_LOAD);
		results.forEach((result, i) => {
			const task = tasks[i]!;
			if (result.ok) task.place!.id = result.value[0];
			else task.failure = result.failure;
		});
		await each(tasks, async (task) => await this.states.removeLines(task.place!.id!, task.removed));
	}

	private async prove(task: OrderTask, options: UpsertOptions): Promise<void> {
		const order = task.order!;
		const number = text(order.name) ?? `id ${order.id}`;
		const { rounding } = await this.services.metadata.company();
		try {
			if (task.document.currency && currencyOf(order) !== task.document.currency) {
				throw new Failure('rejected', `Order ${number} is in ${currencyOf(order) ?? 'another currency'} instead of ${task.document.currency}`, { record: task.record, advice: 'Check the pricelists in Odoo; the order stays a quotation there' });
			}
			task.proof = proveOrder(task.document, task.record, task.lines, order, task.rows, { policy: options.rounding ?? { mode: 'explained' }, method: rounding, places: task.currency!.places });
		} catch (error) {
			if (isOpen(order)) throw error;
			// Somebody has looked at it and confirmed it in Odoo: their decision.
			task.notes.push(`${asFailure(error).what}. It is ${stateWords(order)} in Odoo all the same`);
		}
	}

	private async confirm(task: OrderTask): Promise<void> {
		const order = task.order!;
		if (isConfirmed(order)) return;
		if (!isOpen(order)) throw new Failure('rejected', `Order ${text(order.name) ?? order.id} was cancelled in Odoo`, { record: task.record, advice: 'Set it to quotation in Odoo and run this again, or cancel it in the CRM too' });
		const before = text(order.state);
		order.state = await this.states.confirm(order.id);
		if (task.outcome === 'unchanged') task.outcome = 'updated';
		if (task.outcome === 'updated') task.changed.state = { before, after: text(order.state) };
	}

	private result(task: OrderTask, refs: RefMaker, { dryRun }: UpsertOptions): ItemResult {
		if (task.failure) return { ok: false, failure: task.failure.on(task.record) };
		const notes = dryRun ? [...task.notes, 'Nothing was written: this was a comparison only'] : task.notes;
		const id = task.place?.id;
		const ref = id === undefined ? plannedRef(this.services.session.credential.installation, 'order') : refs.ref('order', id, { number: text(task.order?.name), status: text(task.order?.state) });
		return { ok: true, value: { outcome: task.outcome, ref, changed: task.changed, proof: task.proof, notes } };
	}
}

function newTask(document: SalesSource): OrderTask {
	return { document, record: describeDocument(document), place: undefined, currency: undefined, lines: [], header: [], order: undefined, rows: [], removed: [], write: false, outcome: 'unchanged', changed: {}, proof: undefined, notes: [], failure: undefined };
}

function isSales(document: Document): document is SalesSource {
	return document.kind === 'quote' || document.kind === 'order';
}

function headerCells(document: SalesSource, customer: number): Cell[] {
	const reference = document.reference ?? document.number;
	return [
		referenceCell('partner_id', customer, document.customer?.name),
		...(reference ? [textCell('client_order_ref', reference)] : []),
		...(document.number ? [textCell('origin', document.number)] : []),
		...(document.validUntil ? [textCell('validity_date', document.validUntil.slice(0, 10))] : []),
	];
}

/** Runs a step for each order that is still on its way; one that fails does not stop the others. */
async function each(tasks: readonly OrderTask[], step: (task: OrderTask) => void | Promise<void>): Promise<void> {
	for (const task of tasks) {
		if (task.failure) continue;
		try {
			await step(task);
		} catch (error) {
			task.failure = asFailure(error);
		}
	}
}
