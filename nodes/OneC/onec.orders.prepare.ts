// Owns everything about orders that can be refused without writing: customer, products, VAT, choices, the names of
// fields. Fills the tasks; writes nothing but a contract where one is needed.
import { asFailure, Failure } from '../core/failure';
import { big, rounded, sum } from '../core/money';
import type { UpsertOptions } from '../core/port';
import { type Cell, plainText } from './onec.cells';
import { ContractWriter } from './onec.contracts';
import { reference, sameRef } from './onec.keys';
import { type AmountRules, type NetRow, netRows, refuseFiner } from './onec.order.amounts';
import { codeOf, headerCells, newHeaderCells, type OrderColumns, orderColumns, planRows } from './onec.order.plan';
import type { OrderTask } from './onec.orders.decide';
import { checkCodes, OrderFinder } from './onec.orders.find';
import { type Chosen, OrderMasters } from './onec.orders.masters';
import { namesOf, overrideCells, rowNames, withOverrides } from './onec.overrides';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import { wallClock } from './onec.values';
import type { Row } from './onec.wire';

/** What all orders of a call share. */
export interface Preparation {
	profile: Profile;
	columns: OrderColumns;
	masters: OrderMasters;
	finder: OrderFinder;
	options: UpsertOptions;
}

/** Where a new order is made. */
export interface NewOrder {
	warehouse?: string;
	priceKind?: string;
}

/**
 * Runs a step for each order that is still on its way; one that fails does not stop the others.
 *
 * @param atOnce how many run side by side
 */
export async function each(tasks: readonly OrderTask[], step: (task: OrderTask) => void | Promise<void>, atOnce = 1): Promise<void> {
	const open = tasks.filter((task) => !task.failure);
	const worker = async (): Promise<void> => {
		for (let task = open.shift(); task; task = open.shift()) {
			try {
				await step(task);
			} catch (error) {
				task.failure = asFailure(error);
			}
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, open.length) }, worker));
}

export async function preparation(services: Services, options: UpsertOptions): Promise<Preparation> {
	const profile = await services.profile();
	const names = await namesOf(services, profile.order.set, (options.overrides?.length ?? 0) > 0);
	return { profile, columns: orderColumns(profile, names, rowNames(names, profile.orderRows.part)), masters: new OrderMasters(services), finder: new OrderFinder(services), options };
}

/** Everything up to the comparison with what is there. */
export async function prepare(services: Services, tasks: readonly OrderTask[], given: Preparation): Promise<void> {
	const { profile, finder, options, columns, masters } = given;
	const nets = new Map<OrderTask, NetRow[]>();
	await each(tasks, async (task) => {
		task.currency = await masters.currency(profile, task.document.currency, undefined, task.record);
		refuseFiner(task.document, task.currency.places, profile.precision.amount, task.record);
		const rows = netRows(task.document, rulesOf(task, given));
		nets.set(task, rows);
		for (const row of rows) codeOf(row, options, task.record);
		task.overrides = await overrideCells(options.overrides, task.document, task.document.source, profile.order.set, services, task.record);
	});
	await locate(tasks.filter((task) => !task.failure), finder, profile);
	const open = tasks.filter((task) => !task.failure);
	const products = await finder.products(open.flatMap((task) => nets.get(task)!.map((row) => codeOf(row, options, task.record))), profile);
	await each(open, async (task) => {
		const rows = nets.get(task)!;
		const codes = rows.map((row) => codeOf(row, options, task.record));
		const rates = await masters.rates(profile, columns.vat);
		task.vatIncluded = vatIncluded(task, profile, options);
		task.rows = planRows(task.document, rows, { codes, products: checkCodes(codes, products, profile, task.record), rates, columns, rules: rulesOf(task, given), key: task.place!.key }, profile, options);
		task.header = withoutOverridden(headerCells(task.document, { customer: task.customer!, key: task.place!.key, vatIncluded: task.vatIncluded, currency: task.currency!.id, columns }, profile), task.overrides);
	});
}

async function locate(tasks: readonly OrderTask[], finder: OrderFinder, profile: Profile): Promise<void> {
	if (tasks.length === 0) return;
	const documents = tasks.map(({ document }) => document);
	const customers = await finder.customers(documents, profile);
	const places = await finder.orders(documents, customers, profile);
	tasks.forEach((task, i) => {
		const customer = customers[i]!;
		const place = places[i]!;
		if (customer instanceof Failure) task.failure = customer;
		else if (place instanceof Failure) task.failure = place;
		else Object.assign(task, { customer, place, order: place.row });
	});
}

function rulesOf(task: OrderTask, { profile, columns }: Preparation): AmountRules {
	// Columns of amounts hold two decimals: what does not fit was refused.
	return { places: Math.min(task.currency!.places, profile.precision.amount), precision: profile.precision, vatIncluded: task.vatIncluded, discounts: columns.discounts };
}

/** As chosen; else as the order is already, else on top. */
function vatIncluded({ order }: OrderTask, profile: Profile, { settings }: UpsertOptions): boolean {
	const chosen = settings?.vatIncluded;
	if (chosen === 'included' || chosen === 'true') return true;
	if (chosen === 'onTop' || chosen === 'false') return false;
	return order !== undefined && profile.order.vatIncluded !== undefined && order[profile.order.vatIncluded] === true;
}

/** What a new order is given once: organization, warehouse, agreement, contract. */
export async function prepareNew(services: Services, task: OrderTask, given: Preparation): Promise<NewOrder> {
	const { profile, masters, options, columns } = given;
	const settings = options.settings ?? {};
	const { record, document } = task;
	const overridden = new Set(task.overrides.map(({ field }) => field));
	const chosen = async (field: string | undefined, choose: () => Promise<Chosen | undefined>): Promise<Chosen | undefined> => (field && !overridden.has(field) ? await choose() : undefined);
	const organization = await chosen(profile.order.organization, async () => await masters.organization(profile, settings, record));
	if (!document.currency) await regularCurrency(task, organization, given);
	const warehouse = await chosen(profile.order.warehouse, async () => await masters.warehouse(profile, settings, record));
	const priceKind = await masters.priceKind(profile, settings, record);
	const currency = task.currency!;
	const customer = task.customer!;
	const seller = organization ?? overriddenSeller(task, profile.order.organization);
	const agreement = await chosen(profile.order.agreement, async () => await masters.agreement(profile, settings, { partner: customer.partner, organization: seller?.id, currency, record }));
	const contract = profile.contract?.needed && seller && !overridden.has(profile.order.contract ?? '') ? await new ContractWriter(services).ensure(profile.contract, { key: document.customer!.key, customer: customer.id, partner: customer.partner, organization: seller, currency, record }, options.dryRun === true) : undefined;
	task.notes.push(...(contract?.notes ?? []));
	const cells = newHeaderCells(document, { customer, key: task.place!.key, now: nowOf(services), vatIncluded: task.vatIncluded, organization: organization?.id, warehouse: warehouse?.id, agreement: agreement?.id, contract: contract?.id, priceKind: priceKind?.id, currency: currency.id, total: totalOf(task), taxed: task.rows.some(({ rate }) => !rate.without), columns }, profile);
	task.whenNew = withoutOverridden(cells, task.overrides);
	return { warehouse: warehouse?.id ?? overriddenRef(task, profile.order.warehouse), priceKind: priceKind?.id };
}

/** A document without a currency is in that of the organization's books. */
async function regularCurrency(task: OrderTask, organization: Chosen | undefined, { profile, masters }: Preparation): Promise<void> {
	task.currency = await masters.currency(profile, undefined, organization, task.record);
	const cell = profile.order.currency;
	if (cell) for (const header of task.header) if (header.field === cell) Object.assign(header, { write: () => task.currency!.id, same: (current: unknown) => sameRef(current, task.currency!.id), shown: task.currency!.code });
}

/** An organization that a field override names is the contract's, too. */
function overriddenSeller(task: OrderTask, field: string | undefined): { id: string; name: string } | undefined {
	const id = overriddenRef(task, field);
	return id ? { id, name: id.slice(0, 8) } : undefined;
}

function overriddenRef({ overrides }: OrderTask, field: string | undefined): string | undefined {
	return reference(overrides.find((cell) => cell.field === field)?.write());
}

/** СуммаДокумента: some configurations work it out themselves, others believe what is sent. */
export function totalOf({ rows }: OrderTask): string {
	return rounded(sum(rows.map(({ amounts }) => big(amounts.total))));
}

export function nowOf({ clock, credential }: Services): string {
	return wallClock(clock.now(), credential.timeZone)!;
}

function withoutOverridden(cells: readonly Cell[], overrides: readonly Cell[]): Cell[] {
	return withOverrides(cells, overrides).filter((cell) => !overrides.includes(cell));
}

/** `ТДЦБ-000002` */
export function numberOf(order: Row | undefined): string | undefined {
	return order ? plainText(order.Number).trim() || undefined : undefined;
}
