// Owns what an order needs that is chosen rather than written: organization, warehouse, agreement, price kind, currency,
// state. The user's choice, else the only one there is, else a question. Lists are kept for a minute; writes nothing.
import { Failure } from '../core/failure';
import { plainText } from './onec.cells';
import { reference, sameRef } from './onec.keys';
import { alphaCode, decimalsOf, numericCode, OTHER_NAMES } from './onec.order.iso4217';
import { namesOf } from './onec.overrides';
import { describeRow, fold } from './onec.partners.find';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { OnecSession } from './onec.session';
import { type VatRate, vatRates } from './onec.vat.rates';
import type { Row } from './onec.wire';

const KEPT_MS = 60_000;
/** More are not listed in a message. */
const MOST_NAMED = 10;

interface Kept {
	until: number;
	value: Promise<unknown>;
}

const kept = new WeakMap<OnecSession, Map<string, Kept>>();

/** What was read may have been mended since: the next order asks anew. */
export function forgetMasters(session: OnecSession): void {
	kept.delete(session);
}

export interface Chosen {
	id: string;
	name: string;
	row: Row;
}

/** Where the user chooses, and what for. */
interface Choosing {
	/** `organization (Организация)` */
	word: string;
	/** Label of the node's option. */
	option: string;
	chosen?: string;
	/** Columns by which the choice may be given beside its Ref_Key. */
	by: ReadonlyArray<string | undefined>;
	name: string;
	record: string;
	/** Columns to read where the catalog is large. */
	columns?: ReadonlyArray<string | undefined>;
}

export interface OrderCurrency {
	id: string;
	/** ISO 4217. */
	code: string;
	places: number;
}

export class OrderMasters {
	constructor(private readonly services: Services) {}

	/**
	 * Live records of a catalog that is not large, or with few columns.
	 *
	 * @param columns what is needed of each record; nothing: all of it
	 */
	async list(set: string, columns?: ReadonlyArray<string | undefined>): Promise<Row[]> {
		return (await this.keep(set, async () => {
			const names = columns ? await namesOf(this.services, set) : undefined;
			// A column that this release lacks makes the whole question invalid.
			const select = names && columns ? [...new Set(['Ref_Key', 'DeletionMark', 'IsFolder', ...columns])].filter((name): name is string => name !== undefined && names.has(name)) : undefined;
			const rows: Row[] = [];
			for await (const page of this.services.session.pages(set, { select })) rows.push(...page);
			return rows.filter((row) => row.DeletionMark !== true && row.IsFolder !== true);
		})) as Row[];
	}

	private async keep(name: string, read: () => Promise<unknown>): Promise<unknown> {
		const { session, clock } = this.services;
		const known = kept.get(session) ?? new Map<string, Kept>();
		kept.set(session, known);
		const there = known.get(name);
		if (there && there.until > clock.now()) return await there.value;
		const value = read();
		known.set(name, { until: clock.now() + KEPT_MS, value });
		try {
			return await value;
		} catch (error) {
			known.delete(name);
			throw error;
		}
	}

	async rates(profile: Profile, column: string | undefined): Promise<VatRate[]> {
		return (await this.keep(`vat ${column ?? ''}`, async () => await vatRates(this.services, profile, column))) as VatRate[];
	}

	async organization({ organization }: Profile, settings: Readonly<Record<string, string>>, record: string): Promise<Chosen> {
		const chosen = settings.organization || this.services.credential.organization;
		const { set, name, code, inn } = organization;
		return await this.one(set, { word: 'organization (Организация)', option: 'Organization', chosen, by: [name, code ?? 'Code', inn, 'НаименованиеПолное'], name, record });
	}

	/** Nothing where the document can be without one and none is the only one. */
	async warehouse({ warehouse, order }: Profile, settings: Readonly<Record<string, string>>, record: string): Promise<Chosen | undefined> {
		const needed = order.needs.includes('warehouse');
		if (!warehouse || !order.warehouse) return undefined;
		const choosing = { word: 'warehouse (Склад)', option: 'Warehouse', chosen: settings.warehouse, by: [warehouse.name, warehouse.code ?? 'Code'], name: warehouse.name, record };
		if (!needed && !settings.warehouse) return (await this.services.metadata.has(warehouse.set)) ? only(await this.list(warehouse.set), choosing) : undefined;
		return await this.one(warehouse.set, choosing);
	}

	/** Only when chosen: the prices of the rows are the document's own, and 1C compares them with a kind's. */
	async priceKind({ priceKind }: Profile, settings: Readonly<Record<string, string>>, record: string): Promise<Chosen | undefined> {
		if (!priceKind || !settings.priceKind) return undefined;
		return await this.one(priceKind.set, { word: 'price kind (Вид цен)', option: 'Price Kind', chosen: settings.priceKind, by: [priceKind.name], name: priceKind.name, record });
	}

	/**
	 * The terms of sale: the chosen ones, else the customer's own, else the general ones, in the order's currency.
	 *
	 * @throws Failure `ambiguous` when several fit
	 */
	async agreement({ agreement, order }: Profile, settings: Readonly<Record<string, string>>, at: { partner?: string; organization?: string; currency: OrderCurrency; record: string }): Promise<Chosen | undefined> {
		if (!agreement || !order.agreement) return undefined;
		const { record } = at;
		// Where each customer has terms of its own, there are thousands.
		const columns = [agreement.name, 'Code', 'Номер', agreement.partner, agreement.organization, agreement.currency, agreement.status];
		const choosing: Choosing = { word: 'agreement (Соглашение)', option: 'Agreement', chosen: settings.agreement, by: [agreement.name, 'Code', 'Номер'], name: agreement.name, record, columns };
		if (settings.agreement) return await this.one(agreement.set, choosing);
		if (!(await this.services.metadata.has(agreement.set))) return undefined;
		const fits = (row: Row, field: string | undefined, id: string | undefined): boolean => !field || !reference(row[field]) || sameRef(row[field], id);
		const valid = (await this.list(agreement.set, columns)).filter(
			(row) =>
				(!agreement.status || !agreement.statusValue || !(agreement.status in row) || plainText(row[agreement.status]) === agreement.statusValue) &&
				fits(row, agreement.organization, at.organization) &&
				fits(row, agreement.currency, at.currency.id) &&
				fits(row, agreement.partner, at.partner),
		);
		const own = valid.filter((row) => agreement.partner && reference(row[agreement.partner]));
		const candidates = own.length > 0 ? own : valid;
		if (candidates.length > 1) throw several(candidates, choosing);
		if (candidates[0]) return chosenOf(candidates[0], choosing);
		if (order.needs.includes('agreement')) throw new Failure('rejected', `1C has no agreement (Соглашение) for this customer in ${at.currency.code}`, { record, advice: 'Make one in 1C, or choose one in the option "Agreement" of this node' });
		return undefined;
	}

	/** @throws Failure `rejected` when 1C does not have the currency */
	async currency({ currency }: Profile, code: string | undefined, organization: Chosen | undefined, record: string): Promise<OrderCurrency> {
		const rows = await this.list(currency.set);
		const own = reference(organization?.row['ВалютаРегламентированногоУчета_Key']);
		const alpha = (row: Row): string => {
			const numeric = currency.numeric ? alphaCode(plainText(row[currency.numeric])) : undefined;
			return numeric ?? plainText(row[currency.alpha]).toUpperCase();
		};
		const found = code ? findCurrency(rows, code, currency) : (rows.find((row) => sameRef(row.Ref_Key, own)) ?? (rows.length === 1 ? rows[0] : findCurrency(rows, 'RUB', currency)));
		const id = reference(found?.Ref_Key);
		if (found && id) return { id, code: code?.toUpperCase() ?? alpha(found), places: decimalsOf(code ?? alpha(found)) };
		const there = rows.slice(0, MOST_NAMED).map((row) => plainText(row[currency.alpha])).join(', ');
		throw new Failure('rejected', `1C has no currency ${code ?? 'for the order'}${there ? ` (it has ${there})` : ''}`, { record, advice: 'Add the currency from the classifier in 1C' });
	}

	/** The value of the order's state: a word, or in УНФ a record of that name. */
	async state({ orderStates }: Profile, word: string | undefined, record: string): Promise<string | undefined> {
		if (!orderStates.field || !word || !orderStates.set) return word;
		return (await this.one(orderStates.set, { word: 'order state', option: 'Configuration Overrides', chosen: word, by: ['Description'], name: 'Description', record })).id;
	}

	private async one(set: string, choosing: Choosing): Promise<Chosen> {
		if (!(await this.services.metadata.has(set))) throw new Failure('denied', `1C does not publish ${set}, from which the ${choosing.word} is taken`, { record: choosing.record, advice: 'An administrator adds it in the form "Настройка автоматического REST-сервиса"' });
		const rows = await this.list(set, choosing.columns);
		if (choosing.chosen) return pick(rows, choosing.chosen, choosing);
		if (rows.length > 1) throw several(rows, choosing);
		if (rows[0]) return chosenOf(rows[0], choosing);
		throw new Failure('rejected', `1C has no ${choosing.word}, or the 1C user may not see one`, { record: choosing.record, advice: 'Make one in 1C' });
	}
}

function pick(rows: readonly Row[], chosen: string, choosing: Choosing): Chosen {
	const byId = rows.find((row) => sameRef(row.Ref_Key, chosen) && reference(chosen));
	const found = byId ? [byId] : rows.filter((row) => choosing.by.some((field) => field && fold(plainText(row[field])) === fold(chosen)));
	if (found.length === 1) return chosenOf(found[0]!, choosing);
	if (found.length > 1) throw several(found, { ...choosing, word: `${choosing.word} "${chosen}"` });
	throw new Failure('rejected', `1C has no ${choosing.word} "${chosen}", or it is marked for deletion`, { record: choosing.record, advice: `Choose another one in the option "${choosing.option}" of this node. There are: ${listed(rows, choosing)}` });
}

function only(rows: readonly Row[], choosing: Choosing): Chosen | undefined {
	return rows.length === 1 ? chosenOf(rows[0]!, choosing) : undefined;
}

function several(rows: readonly Row[], choosing: Choosing): Failure {
	return new Failure('ambiguous', `1C has ${rows.length} records for the ${choosing.word}: ${listed(rows, choosing)}`, { record: choosing.record, advice: `Choose one in the option "${choosing.option}" of this node` });
}

function listed(rows: readonly Row[], { name }: Choosing): string {
	const shown = rows.slice(0, MOST_NAMED).map((row) => describeRow(row, { code: 'Code', name })).join('; ');
	return rows.length > MOST_NAMED ? `${shown}; and ${rows.length - MOST_NAMED} more` : shown || 'none';
}

function chosenOf(row: Row, { name }: Choosing): Chosen {
	return { id: reference(row.Ref_Key)!, name: plainText(row[name]), row };
}

/** By the alphabetic code where it is the name, else by the numeric one, else by what people call it. */
function findCurrency(rows: readonly Row[], code: string, { alpha, numeric }: Profile['currency']): Row | undefined {
	const wanted = code.trim().toUpperCase();
	const number = numericCode(wanted);
	return (
		rows.find((row) => numeric && number && plainText(row[numeric]).trim().padStart(3, '0') === number) ??
		rows.find((row) => plainText(row[alpha]).trim().toUpperCase() === wanted) ??
		rows.find((row) => (OTHER_NAMES[wanted] ?? []).some((name) => fold(name) === fold(plainText(row[alpha]))))
	);
}
