// Owns sales orders: made from accepted quotes under the quote's key, found again by it, told of the ERP's progress.
import type { Document } from '../core/documents';
import { describeDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { evaluateOverrides, toFields } from '../core/mapping';
import { proveTotals, rounded } from '../core/money';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { allNew, changedFields, characterNotes, eachDocument, fieldDifferences, isOneOf, outcome } from './vtiger.fields';
import { idOf, type Row } from './vtiger.gateway';
import { InventoryWriter } from './vtiger.inventory';
import { missingFieldsNote } from './vtiger.links';
import { ADDRESS_ROWS, OUR_MARK, STATES } from './vtiger.mapping';
import { OrderMatching, type OrderSource as Source } from './vtiger.matching';
import type { LinkFields } from './vtiger.metadata';
import { expectedTotal, planDifferences, type Plan } from './vtiger.plan';
import { adjusted, makePlan } from './vtiger.planner';
import { noProduct, Resolver } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { decimalOf, textOf } from './vtiger.values';

const MODULE = 'SalesOrder';
/** What vtiger itself names a field that is mandatory but was never filled. */
const NOT_GIVEN = '-';

export class Orders {
	private readonly writer: InventoryWriter;
	private readonly resolver: Resolver;
	private readonly matching: OrderMatching;

	constructor(private readonly site: Site) {
		this.writer = new InventoryWriter(site);
		this.resolver = new Resolver(site);
		this.matching = new OrderMatching(site, this.writer);
	}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		await this.site.learn([MODULE, 'Quotes']);
		const link = await this.site.metadata.linkFields(MODULE);
		const sources = documents.filter((document): document is Source => isOneOf(document, ['quote', 'order']));
		const rows = await this.matching.lookUp(sources, link);
		return await eachDocument(documents, async (document) => {
			if (!isOneOf(document, ['quote', 'order'])) throw new Failure('rejected', `A ${document.kind} cannot become a sales order`, { advice: 'Feed this step with quotes or orders' });
			return await this.one(document, rows, link, options);
		});
	}

	private async one(document: Source, rows: readonly Row[], link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		const found = await this.matching.match(document, rows, link);
		if (found && document.source?.module === MODULE && document.source.id === idOf(found)) {
			return outcome('unchanged', this.site.ref('order', MODULE, found, textOf(found.sostatus)));
		}
		if (found && this.matching.isForeign(document)) return await this.progress(document, found, link, options);
		return found ? await this.bring(document, found, link, options) : await this.create(document, link, options);
	}

	private async create(document: Source, link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		if (!link.key && this.matching.conditions(document, link).every(({ values }) => values.length === 0)) {
			throw new Failure('rejected', 'The CRM has no field to find this order by, so it would be made again on every run', { advice: missingFieldsNote(MODULE, link).join(' ') });
		}
		const plan = await this.plan(document, options);
		const header = { ...(await this.header(document, link, options)), ...(await this.newHeader(document)) };
		const notes = [...characterNotes(header), ...missingFieldsNote(MODULE, link)];
		if (options.dryRun) return outcome('created', { ...this.site.ref('order', MODULE, { id: '' }), key: document.key }, allNew(header), [...notes, 'Nothing was written']);
		const record = await this.writer.create(MODULE, header, plan, {
			find: async () => (await this.matching.lookUp([document], link)).filter((row) => (link.key ? textOf(row[link.key]) === document.key : textOf(row.source) === OUR_MARK)),
			keyField: link.key,
			key: document.key,
		});
		return { ...outcome('created', this.site.ref('order', MODULE, record, textOf(record.sostatus)), allNew(header), notes), proof: this.prove(document, record, options) };
	}

	/** Brings an existing sales order to what the quote says, when it differs. */
	private async bring(document: Source, found: Row, link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		const record = await this.site.gateway.retrieve(idOf(found));
		const plan = await this.plan(document, options);
		const header = await this.header(document, link, options);
		const notes = [...characterNotes(header), ...missingFieldsNote(MODULE, link)];
		// A sales order that a person made of the quote keeps its lines: only our own follow the quote.
		const adopted = textOf(record.source) !== OUR_MARK;
		const money = planDifferences(record, plan);
		if (adopted) return await this.adopt(document, record, link, options, Object.keys(money).length > 0, notes);
		// A reference that reads back empty points to a record that is gone: writing it again would change nothing.
		const gone = new Set(['quote_id', 'potential_id', 'contact_id'].filter((field) => !textOf(record[field])));
		const kept = Object.fromEntries(Object.entries(header).filter(([field]) => !gone.has(field)));
		const fields = fieldDifferences(record, kept);
		const changed = { ...fields, ...money };
		if (Object.keys(money).length === 0) this.writer.checkTotal(MODULE, record, plan);
		if (Object.keys(changed).length === 0) {
			return { ...outcome('unchanged', this.site.ref('order', MODULE, record, textOf(record.sostatus)), {}, notes), proof: this.prove(document, record, options) };
		}
		if (options.dryRun) return outcome('updated', this.site.ref('order', MODULE, record, textOf(record.sostatus)), changed, [...notes, 'Nothing was written']);
		const written = Object.keys(money).length > 0 ? await this.writer.replace(MODULE, record, changedFields(header, fields), plan) : await this.site.revise(MODULE, idOf(record), changedFields(header, fields));
		return { ...outcome('updated', this.site.ref('order', MODULE, record, textOf(record.sostatus)), changed, notes), proof: this.prove(document, written, options) };
	}

	private async adopt(document: Source, record: Row, link: LinkFields, options: UpsertOptions, differs: boolean, notes: string[]): Promise<Outcome> {
		const meant: Row = link.key ? { [link.key]: document.key } : {};
		const changed = fieldDifferences(record, meant);
		const ref = this.site.ref('order', MODULE, record, textOf(record.sostatus));
		const told = differs ? [...notes, `The sales order ${ref.number ?? ref.id} was made in the CRM and differs from the quote; it was left as it is`] : notes;
		if (Object.keys(changed).length > 0 && !options.dryRun) await this.site.revise(MODULE, idOf(record), changedFields(meant, changed));
		return { ...outcome(Object.keys(changed).length > 0 ? 'updated' : 'unchanged', ref, changed, told), proof: this.prove(document, record, options) };
	}

	/** An order of the ERP that the CRM has: its number and state are told, lines and prices stay the CRM's. */
	private async progress(document: Source, found: Row, link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		const state = document.kind !== 'order' ? undefined : document.status === 'cancelled' ? STATES.order.cancelled : document.status === 'done' || document.fulfilment === 'full' ? STATES.order.done : undefined;
		const meant: Row = { ...(link.number && document.number ? { [link.number]: document.number } : {}), ...(state ? { [STATES.order.field]: state } : {}) };
		const changed = fieldDifferences(found, meant);
		const ref = this.site.ref('order', MODULE, found, state ?? textOf(found.sostatus));
		const notes = missingFieldsNote(MODULE, link);
		if (Object.keys(changed).length === 0) return outcome('unchanged', ref, {}, notes);
		if (!options.dryRun) await this.site.revise(MODULE, idOf(found), changedFields(meant, changed));
		return outcome('updated', ref, changed, notes);
	}

	private async plan(document: Source, options: UpsertOptions): Promise<Plan> {
		const { metadata } = this.site;
		const lines = document.lines.filter((line) => line.role === 'product' || line.role === 'downPayment');
		const catalogue = await this.resolver.catalogue(lines, []);
		const products = new Map(lines.flatMap((line) => {
			const product = catalogue.find(line, new Set());
			if (!product && line.role === 'product') throw noProduct(line);
			return product ? [[line.key, product] as const] : [];
		}));
		const carriers = this.matching.isForeign(document) && document.taxMode === 'line' ? await this.withTaxes(products) : products;
		const plan = makePlan({
			document,
			products: carriers,
			taxColumns: await metadata.taxColumns(MODULE),
			shippingTaxColumns: await metadata.shippingTaxColumns(MODULE),
			taxes: this.matching.isForeign(document) ? await metadata.taxes() : [],
			mapping: options.taxes,
		});
		const settled = this.matching.isForeign(document) && document.totals ? adjusted(plan, document.totals.total, document) : plan;
		const total = rounded(expectedTotal(settled));
		const proof = proveTotals(document, { net: total, tax: '0', total }, options.rounding ?? { mode: 'exact' }, 'document');
		if (proof.agrees) return settled;
		throw new Failure('rejected', `The CRM would make ${proof.target} of its lines, taxes and charges, and its total is ${proof.source}`, { advice: 'Taxes that are deducted, or taxes of a region, are not carried over: make the sales order by hand, or take them off the quote' });
	}

	private async withTaxes<T extends { id: string }>(products: ReadonlyMap<string, T>) {
		const entries = await Promise.all([...products].map(async ([key, product]) => [key, await this.resolver.withTaxes(product)] as const));
		return new Map(entries);
	}

	/** What an existing order is compared in as well. */
	private async header(document: Source, link: LinkFields, options: UpsertOptions): Promise<Row> {
		const record = describeDocument(document);
		const account = this.site.ownId(document.customer?.key, 'Accounts') ?? idOf((await this.resolver.account(document.customer)) ?? {});
		if (!account) {
			throw new Failure('missing', document.customer ? `The CRM has no organization "${document.customer.name}"` : 'It has no customer: its organization was deleted in the CRM, or the user may not see it', {
				advice: 'Choose an organization on it in the CRM',
			});
		}
		const quote = this.site.ownId(document.key, 'Quotes') ?? (document.kind === 'order' ? this.site.ownId(document.quoteKey, 'Quotes') : undefined);
		return {
			subject: document.subject ?? document.number ?? document.key,
			...(link.key ? { [link.key]: document.key } : {}),
			quote_id: quote,
			potential_id: this.site.ownId(document.opportunityKey, 'Potentials'),
			account_id: account,
			contact_id: this.site.ownId(document.contactKey, 'Contacts'),
			vtiger_purchaseorder: document.reference,
			...(await this.resolver.currency(document)),
			...toFields(document, [...ADDRESS_ROWS, { path: 'notes', field: 'description' }, { path: 'terms', field: 'terms_conditions' }], record),
			...(await evaluateOverrides(options.overrides ?? [], document, document.source, record)),
		};
	}

	/** What only a new order gets: later it is people's to change. */
	private async newHeader(document: Source): Promise<Row> {
		const own = document.source?.installation === this.site.installation ? document.source.owner : undefined;
		return {
			sostatus: STATES.order.confirmed,
			invoicestatus: 'AutoCreated',
			assigned_user_id: own ?? (await this.site.gateway.session.login()).userId,
			// Both are mandatory in the stock layout, but a quote made through the API or an import may lack them.
			...(document.billing.street ? {} : { bill_street: NOT_GIVEN }),
			...(document.shipping.street ? {} : { ship_street: document.billing.street ?? NOT_GIVEN }),
		};
	}

	private prove(document: Source, record: Row, options: UpsertOptions) {
		const total = decimalOf(record.hdnGrandTotal) ?? '0';
		return proveTotals(document, { net: total, tax: '0', total }, options.rounding ?? { mode: 'exact' }, 'document');
	}
}
