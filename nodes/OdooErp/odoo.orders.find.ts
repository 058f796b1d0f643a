// Owns what must be looked up before an order can be written: its customer, the order itself, the products, the
// pricelist of its currency. Few calls for many orders. Writes nothing.
import { describeDocument, refTo } from '../core/documents';
import { Failure } from '../core/failure';
import { odooExternalId } from '../core/keys';
import type { Services } from './odoo.customers';
import { orderExternalId, type SalesSource } from './odoo.order.plan';
import { MODELS } from './odoo.refs';
import { normalVat, reference, text } from './odoo.values';

/** Where an order is, or will be, in Odoo. */
export interface OrderPlace {
	/** The key it carries: the document's own, or that of the quote it was made from. */
	key: string;
	externalId: string;
	id?: number;
}

export interface Currency {
	/** Decimals. */
	places: number;
	/** Nothing: the customer's own pricelist will do. */
	pricelist?: { id: number; name: string };
}

/** A search for products answers at most this many; more codes are asked for in parts. */
const CODES_AT_ONCE = 1_000;

export class OrderFinder {
	constructor(private readonly services: Services) {}

	/** The partner of each document, or why there is none. */
	async customers(documents: readonly SalesSource[]): Promise<Array<number | Failure>> {
		const { installation } = this.services.session.credential;
		const stated = documents.map((document) => Number(refTo(document, installation, 'customer')?.id) || undefined);
		const keys = documents.map((document, i) => (stated[i] === undefined && document.customer ? odooExternalId(document.customer.key, MODELS.customer) : undefined));
		const found = await this.byKey(MODELS.customer, keys.filter((key) => key !== undefined));
		return await Promise.all(documents.map(async (document, i) => stated[i] ?? found.get(keys[i] ?? '') ?? (await this.customerByVat(document))));
	}

	/** A customer that carries no key because the Odoo user may not store one. */
	private async customerByVat(document: SalesSource): Promise<number | Failure> {
		const record = describeDocument(document);
		const vat = document.customer?.vat;
		const advice = 'Add the step "Customer: create or update" before this one';
		if (!document.customer) return new Failure('rejected', 'It has no customer', { record, advice: 'Give it an organisation or a contact in the CRM' });
		if (!vat) return new Failure('missing', `Its customer "${document.customer.name}" is not in Odoo yet`, { record, advice });
		const rows = await this.services.session.searchRead(MODELS.customer, [['parent_id', '=', false], '|', ['vat', 'in', [vat, normalVat(vat)]], ['vat', '=ilike', [...normalVat(vat)].join('%')]], ['name', 'vat']);
		const same = rows.filter((row) => normalVat(text(row.vat) ?? '') === normalVat(vat));
		if (same.length === 1) return same[0]!.id;
		if (same.length === 0) return new Failure('missing', `Its customer "${document.customer.name}" is not in Odoo yet`, { record, advice });
		return new Failure('ambiguous', `${same.length} customers in Odoo have the VAT number ${vat}: ${same.map((row) => `"${text(row.name)}" (id ${row.id})`).join(', ')}`, { record, advice: 'Merge them in Odoo' });
	}

	/** Orders by key; one that was made from a quote is found under the quote's key too. */
	async orders(documents: readonly SalesSource[]): Promise<OrderPlace[]> {
		const keys = documents.map((document) => [document.key, ...(document.kind === 'order' && document.quoteKey ? [document.quoteKey] : [])]);
		const found = documents.length === 1 ? await this.firstKey(keys[0]!) : await this.manyOrders(documents, keys.flat());
		return keys.map((own) => {
			const key = own.find((given) => found.has(orderExternalId(given))) ?? own[0]!;
			return { key, externalId: orderExternalId(key), id: found.get(orderExternalId(key)) };
		});
	}

	/** The second key is only asked for when the first is not there. */
	private async firstKey(keys: readonly string[]): Promise<Map<string, number>> {
		for (const key of keys) {
			const id = await this.services.keys.find(MODELS.order, orderExternalId(key));
			if (id !== undefined) return new Map([[orderExternalId(key), id]]);
		}
		return new Map();
	}

	private async manyOrders(documents: readonly SalesSource[], keys: readonly string[]): Promise<Map<string, number>> {
		const externalIds = keys.map(orderExternalId);
		const many = await this.services.keys.findMany(MODELS.order, externalIds);
		if (many) return many;
		// Without the right to read keys: orders that look like ours, and the keys of those.
		const numbers = [...new Set(documents.flatMap((document) => [document.number, document.reference].filter(Boolean)))];
		const rows = numbers.length > 0 ? await this.services.session.searchRead(MODELS.order, ['|', ['client_order_ref', 'in', numbers], ['origin', 'in', numbers]], ['name']) : [];
		const found = new Map<string, number>();
		for (const [id, own] of rows.length > 0 ? await this.services.keys.ofRecords(MODELS.order, rows.map((row) => row.id)) : []) for (const key of own) found.set(key, id);
		// A reference may have been changed in Odoo; writing over a confirmed order by mistake would be worse than asking.
		for (const [key, id] of await this.byKey(MODELS.order, externalIds.filter((key) => !found.has(key)), true)) found.set(key, id);
		return found;
	}

	private async byKey(model: string, externalIds: readonly string[], oneByOne = externalIds.length === 1): Promise<Map<string, number>> {
		const unique = [...new Set(externalIds)];
		if (unique.length === 0) return new Map();
		const many = oneByOne || unique.length === 1 ? undefined : await this.services.keys.findMany(model, unique);
		if (many) return many;
		const ids = await Promise.all(unique.map(async (key) => await this.services.keys.find(model, key)));
		return new Map(unique.flatMap((key, i): Array<[string, number]> => (ids[i] === undefined ? [] : [[key, ids[i]]])));
	}

	/** Product code -> products, for all codes of all orders at once. */
	async products(codes: Iterable<string>): Promise<Map<string, Array<{ id: number; name: string }>>> {
		const unique = [...new Set(codes)];
		const found = new Map<string, Array<{ id: number; name: string }>>();
		for (let i = 0; i < unique.length; i += CODES_AT_ONCE) {
			const rows = await this.services.session.searchRead(MODELS.product, [['default_code', 'in', unique.slice(i, i + CODES_AT_ONCE)]], ['default_code', 'name']);
			for (const row of rows) found.set(String(row.default_code), [...(found.get(String(row.default_code)) ?? []), { id: row.id, name: text(row.name) ?? '' }]);
		}
		return found;
	}

	/** @throws Failure `rejected` when Odoo cannot make an order in that currency */
	async currency(document: SalesSource): Promise<Currency> {
		const { metadata } = this.services;
		const company = await metadata.company();
		const code = document.currency ?? company.currency;
		const record = describeDocument(document);
		const places = (await metadata.currencies()).get(code);
		if (places === undefined) throw new Failure('rejected', `The currency ${code} is not active in Odoo`, { record, advice: `Activate ${code} in Odoo (Accounting > Configuration > Currencies) and make a pricelist in it` });
		if (!document.currency) return { places };
		const fits = (await metadata.pricelists()).filter((list) => list.currency === code && (list.companyId === undefined || list.companyId === company.id));
		if (fits[0]) return { places, pricelist: { id: fits[0].id, name: fits[0].name } };
		const needed = (await metadata.fields(MODELS.order)).pricelist_id?.required ?? false;
		if (code === company.currency && !needed) return { places };
		throw new Failure('rejected', `Odoo has no pricelist in ${code}`, { record, advice: `Switch pricelists on (Sales > Configuration > Settings) and make one in ${code}: the pricelist is what gives an order its currency` });
	}
}

/** The currency of an order that was read. */
export function currencyOf(order: Record<string, unknown>): string | undefined {
	return reference(order.currency_id)?.label || undefined;
}
