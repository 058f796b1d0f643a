// Owns reading records as documents: header, references, customer with contacts, products of the lines. Many at a
// time, one query per module for all of them. Writes nothing.
import type { Contact, Customer, Document, Invoice, Kind, Link, Opportunity, Order, Product, Quote } from '../core/documents';
import { contactSchema, customerSchema, invoiceSchema, opportunitySchema, orderSchema, productSchema, quoteSchema } from '../core/documents';
import { fromFields } from '../core/mapping';
import type { Row } from './vtiger.gateway';
import { idOf } from './vtiger.gateway';
import { linesOf, readMoney, type LineProduct } from './vtiger.lines';
import { CONTACT_ROWS, CUSTOMER_ROWS, INVOICE_ROWS, INVOICE_STATUS, MODULES, OPPORTUNITY_ROWS, OPPORTUNITY_STATUS, ORDER_ROWS, ORDER_STATUS, PRODUCT_ROWS, QUOTE_ROWS, QUOTE_STATUS, SERVICE_ROWS } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import type { Site } from './vtiger.site';
import { turned } from './vtiger.credit';
import { amountOf, dateOf, decimalOf, textOf } from './vtiger.values';

export type SalesKind = 'quote' | 'order' | 'invoice';

export class Reader {
	constructor(private readonly site: Site) {}

	/** Documents of records that `retrieve` gave, in their order. */
	async sales(kind: SalesKind, records: readonly Row[]): Promise<Array<Quote | Order | Invoice>> {
		if (records.length === 0) return [];
		const products = await this.lineProducts(records);
		const customers = await this.customersOf(records.map((record) => textOf(record.account_id)));
		const link = await this.site.metadata.linkFields(MODULES[kind]);
		const currencies = new Map((await this.site.metadata.currencies()).map(({ id, code }) => [id, code]));
		return records.map((record) => {
			const customer = customers.get(textOf(record.account_id) ?? '');
			return this.salesDocument(kind, record, link, { products, customer, currency: currencies.get(textOf(record.currency_id) ?? '') });
		});
	}

	private salesDocument(kind: SalesKind, record: Row, linkFields: LinkFields, parts: { products: ReadonlyMap<string, LineProduct>; customer?: Customer; currency?: string }): Quote | Order | Invoice {
		const common = {
			...this.base(MODULES[kind], record, linkFields),
			number: this.site.number(MODULES[kind], record),
			date: this.localDate(record.createdtime),
			currency: parts.currency,
			currencyRate: decimalOf(record.conversion_rate),
			customer: parts.customer,
			contactKey: this.site.keyTo('Contacts', record.contact_id),
			opportunityKey: this.site.keyTo('Potentials', record.potential_id),
			...readMoney(record, parts.products),
		};
		if (kind === 'quote') return quoteSchema.parse({ ...common, ...fromFields(record, QUOTE_ROWS), kind, status: QUOTE_STATUS[String(record.quotestage)] ?? 'draft' });
		if (kind === 'order') return this.order(record, common);
		return this.invoice(record, common);
	}

	private order(record: Row, common: Row): Order {
		const order = { ...common, ...fromFields(record, ORDER_ROWS), kind: 'order', status: ORDER_STATUS[String(record.sostatus)] ?? 'draft', quoteKey: this.site.keyTo('Quotes', record.quote_id) };
		return orderSchema.parse(order);
	}

	private invoice(record: Row, common: Row): Invoice {
		const state = String(record.invoicestatus);
		const received = amountOf(record.received);
		const order = this.site.keyTo('SalesOrder', record.salesorder_id);
		const invoice = invoiceSchema.parse({
			...common,
			...fromFields(record, INVOICE_ROWS),
			kind: 'invoice',
			type: state === 'Credit Invoice' ? 'creditNote' : 'invoice',
			status: INVOICE_STATUS[state] ?? 'draft',
			paymentState: state === 'Paid' ? 'paid' : received.eq(0) ? 'unpaid' : 'partial',
			received: decimalOf(record.received),
			residual: decimalOf(record.balance),
			orders: order ? [{ key: order, sourceKey: order }] : [],
		});
		return invoice.type === 'creditNote' && amountOf(record.hdnGrandTotal).lt(0) ? turned(invoice) : invoice;
	}

	/** Customers of account records as a query gives them, each with its contacts. */
	async customers(accounts: readonly Row[]): Promise<Customer[]> {
		if (accounts.length === 0) return [];
		const contacts = await this.contactsOf(accounts.map(idOf));
		const link = await this.site.metadata.linkFields('Accounts');
		const vatField = await this.site.metadata.vatField();
		return accounts.map((record) =>
			customerSchema.parse({
				...this.base('Accounts', record, link),
				...fromFields(record, CUSTOMER_ROWS),
				kind: 'customer',
				vat: vatField ? textOf(record[vatField]) : undefined,
				contacts: contacts.get(idOf(record)) ?? [],
			}),
		);
	}

	private async customersOf(ids: ReadonlyArray<string | undefined>): Promise<Map<string, Customer>> {
		const wanted = ids.filter((id): id is string => id !== undefined);
		const accounts = wanted.length > 0 ? await this.site.gateway.among('*', 'Accounts', 'id', wanted) : [];
		const customers = await this.customers(accounts);
		return new Map(accounts.map((account, i) => [idOf(account), customers[i]!]));
	}

	private async contactsOf(accountIds: readonly string[]): Promise<Map<string, Contact[]>> {
		const contacts = new Map<string, Contact[]>();
		for (const row of await this.site.gateway.among('*', 'Contacts', 'account_id', accountIds)) {
			const account = String(row.account_id);
			contacts.set(account, [...(contacts.get(account) ?? []), this.contact(row)]);
		}
		return contacts;
	}

	contact(row: Row): Contact {
		return contactSchema.parse({ ...fromFields(row, CONTACT_ROWS), key: this.site.key('Contacts', idOf(row)) });
	}

	/** Products of all lines of all records: one query for products, one for services when there are any. */
	async lineProducts(records: readonly Row[]): Promise<Map<string, LineProduct>> {
		const ids = new Map<string, Set<string>>();
		for (const line of records.flatMap(linesOf)) {
			const id = textOf(line.productid);
			if (!id) continue;
			const module = line.entity_type === 'Services' ? 'Services' : 'Products';
			ids.set(module, (ids.get(module) ?? new Set()).add(id));
		}
		const products = new Map<string, LineProduct>();
		for (const [module, wanted] of ids) {
			for (const row of await this.site.gateway.among('*', module, 'id', [...wanted])) products.set(idOf(row), this.lineProduct(module, row));
			// A product that the user may not see has no code for us, but it is still the line's product.
			for (const id of wanted) if (!products.has(id)) products.set(id, { key: this.site.key(module, id) });
		}
		return products;
	}

	private lineProduct(module: string, row: Row): LineProduct {
		return { key: this.site.key(module, idOf(row)), code: productCode(module, row), unit: textOf(row.usageunit) ?? textOf(row.service_usageunit) };
	}

	/** Products or services as a query or a retrieve gives them. */
	async products(module: 'Products' | 'Services', records: readonly Row[]): Promise<Product[]> {
		if (records.length === 0) return [];
		const link = await this.site.metadata.linkFields(module);
		const base = (await this.site.metadata.currencies()).find((currency) => currency.base)?.code;
		const names = new Map((await this.site.metadata.taxColumns(module)).map(({ code, name }) => [code, name]));
		return records.map((record) => {
			const taxes = Object.entries(record)
				.filter(([field, value]) => /^tax\d+$/.test(field) && !amountOf(value).eq(0))
				.map(([code, value]) => ({ name: names.get(code) ?? code, rate: decimalOf(value), code }));
			return productSchema.parse({
				...this.base(module, record, link),
				...fromFields(record, module === 'Products' ? PRODUCT_ROWS : SERVICE_ROWS),
				kind: 'product',
				type: module === 'Products' ? 'product' : 'service',
				code: productCode(module, record),
				currency: base,
				taxes,
			});
		});
	}

	async opportunities(records: readonly Row[]): Promise<Opportunity[]> {
		if (records.length === 0) return [];
		const link = await this.site.metadata.linkFields('Potentials');
		return records.map((record) =>
			opportunitySchema.parse({
				...this.base('Potentials', record, link),
				...fromFields(record, OPPORTUNITY_ROWS),
				kind: 'opportunity',
				status: OPPORTUNITY_STATUS[String(record.sales_stage)] ?? 'open',
				customerKey: this.site.keyTo('Accounts', record.related_to),
				contactKey: this.site.keyTo('Contacts', record.contact_id),
			}),
		);
	}

	/** Documents of any kind from records as `retrieve` gives them. */
	async documents(kind: Kind, records: readonly Row[]): Promise<Document[]> {
		if (kind === 'customer') return await this.customers(records);
		if (kind === 'opportunity') return await this.opportunities(records);
		if (kind !== 'product') return await this.sales(kind, records);
		const services = (await this.site.metadata.module('Services')).idPrefix;
		const isService = (row: Row) => idOf(row).startsWith(`${services}x`);
		const read = new Map<string, Product>();
		for (const [module, rows] of [['Products', records.filter((row) => !isService(row))], ['Services', records.filter(isService)]] as const) {
			for (const product of await this.products(module, rows)) read.set(product.source!.id, product);
		}
		return records.map((row) => read.get(idOf(row))!);
	}

	private base(module: string, record: Row, link: LinkFields): { key: string; source: Document['source']; link?: Link; refs: [] } {
		const id = idOf(record);
		const values = readLink(record, link);
		// An order that we made from a quote stays one document with it: its key field holds the quote's key.
		const key = module === 'SalesOrder' && values?.key && this.site.own(values.key) ? values.key : this.site.key(module, id);
		return {
			key,
			source: {
				installation: this.site.installation,
				module,
				id,
				number: this.site.number(module, record),
				url: this.site.url(module, id),
				modifiedAt: this.site.time.toUtc(String(record.modifiedtime ?? '')),
				owner: textOf(record.assigned_user_id),
			},
			link: values,
			refs: [],
		};
	}

	/** The day in the server's own zone: the day that people saw. */
	private localDate(value: unknown): string | undefined {
		return dateOf(value);
	}
}

/** The four link fields, empty ones undefined; undefined when the module has no such fields. */
export function readLink(record: Row, fields: LinkFields): Link | undefined {
	if (!fields.key && !fields.number && !fields.status && !fields.message) return undefined;
	const value = (field: string | undefined) => (field ? textOf(record[field]) : undefined);
	return { key: value(fields.key), number: value(fields.number), status: value(fields.status), message: value(fields.message) };
}

/** Services have no code field; a product may have none filled: then the number stands for it. */
export function productCode(module: string, row: Row): string | undefined {
	return module === 'Services' ? textOf(row.service_no) : (textOf(row.productcode) ?? textOf(row.product_no));
}
