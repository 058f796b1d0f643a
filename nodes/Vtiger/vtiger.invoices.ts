// Owns invoices and credit notes that come from an ERP: found by key, attached to their sales order, written so that
// the CRM's own total is the ERP's to the cent.
import type { Document, Invoice } from '../core/documents';
import { describeDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { evaluateOverrides, toFields } from '../core/mapping';
import { proveTotals, rounded } from '../core/money';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { Billing } from './vtiger.billing';
import { allNew, changedFields, characterNotes, eachDocument, fieldDifferences, isOneOf, outcome } from './vtiger.fields';
import { idOf, type Row } from './vtiger.gateway';
import { InventoryWriter } from './vtiger.inventory';
import { missingFieldsNote } from './vtiger.links';
import { ADDRESS_ROWS, OUR_MARK, STATES } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import { Origins, type Origin } from './vtiger.origins';
import { planDifferences, type Plan } from './vtiger.plan';
import type { Among } from './vtiger.query';
import { Resolver } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { amountOf, decimalOf, textOf } from './vtiger.values';

const MODULE = 'Invoice';
const COLUMNS = ['id', 'invoice_no', 'subject', 'invoicestatus', 'salesorder_id', 'source'];
const NOT_GIVEN = '-';

/** States in which the CRM's people may have put an invoice without contradicting the ERP. */
const AS_GOOD_AS: Record<string, readonly string[]> = { Created: ['AutoCreated'], Approved: ['Sent'], Cancel: ['Cancelled'] };

export class Invoices {
	private readonly writer: InventoryWriter;
	private readonly resolver: Resolver;
	private readonly origins: Origins;
	private readonly billing: Billing;

	constructor(private readonly site: Site) {
		this.writer = new InventoryWriter(site);
		this.resolver = new Resolver(site);
		this.origins = new Origins(site, this.resolver);
		this.billing = new Billing(site, this.resolver);
	}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const link = await this.site.metadata.linkFields(MODULE);
		const invoices = documents.filter((document): document is Invoice => isOneOf(document, ['invoice']));
		const rows = await this.lookUp(invoices, link);
		const fresh = invoices.filter((invoice) => this.matching(invoice, rows, link).length === 0 && this.identified(invoice, link));
		const origins = await this.origins.find(fresh);
		return await eachDocument(documents, async (document) => {
			if (!isOneOf(document, ['invoice'])) throw new Failure('rejected', `A ${document.kind} cannot become an invoice`, { advice: 'Feed this step with invoices' });
			return await this.one(document, rows, origins, link, options);
		});
	}

	private async lookUp(invoices: readonly Invoice[], link: LinkFields): Promise<Row[]> {
		return await this.site.gateway.amongAny([...COLUMNS, ...(link.key ? [link.key] : [])], MODULE, invoices, (invoice) => this.conditions(invoice, link));
	}

	/** By the key; without a field for it by the ERP's number, which is then the subject. */
	private conditions(invoice: Invoice, link: LinkFields): Among[] {
		const own = this.site.ownId(invoice.key, MODULE);
		const byKey = link.key ? { column: link.key, values: [invoice.key] } : { column: 'subject', values: invoice.number ? [invoice.number] : [] };
		return [byKey, { column: 'id', values: own ? [own] : [] }];
	}

	private matching(invoice: Invoice, rows: readonly Row[], link: LinkFields): Row[] {
		const own = this.site.ownId(invoice.key, MODULE);
		if (own) return rows.filter((row) => idOf(row) === own);
		return rows.filter((row) => (link.key ? textOf(row[link.key]) === invoice.key : invoice.number !== undefined && textOf(row.subject) === invoice.number));
	}

	private identified(invoice: Invoice, link: LinkFields): boolean {
		return link.key !== undefined || invoice.number !== undefined;
	}

	private async one(invoice: Invoice, rows: readonly Row[], origins: ReadonlyMap<Invoice, Origin>, link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		if (!this.identified(invoice, link)) {
			// A draft has no number yet: without a key field it could not be found again.
			return outcome('skipped', { ...this.site.ref('invoice', MODULE, { id: '' }), key: invoice.key }, {}, ['It has no number yet, and the CRM has no field for its key', ...missingFieldsNote(MODULE, link)]);
		}
		const found = await this.writer.keepOne(this.matching(invoice, rows, link));
		if (found && this.site.own(invoice.key)) return outcome('unchanged', this.site.ref('invoice', MODULE, found, textOf(found.invoicestatus)));
		return found ? await this.bring(invoice, found, link, options) : await this.create(invoice, origins.get(invoice), link, options);
	}

	private async create(invoice: Invoice, origin: Origin | undefined, link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		if (!origin) throw noOrigin(invoice);
		const plan = await this.billing.plan(invoice, origin.record, options);
		const header = { ...origin.header, ...(await this.newHeader(invoice, origin)), ...(await this.header(invoice, link, options)), received: this.payments(invoice).received };
		const notes = [...characterNotes(header), ...missingFieldsNote(MODULE, link), ...origin.notes];
		if (options.dryRun) return outcome('created', { ...this.site.ref('invoice', MODULE, { id: '' }), key: invoice.key }, allNew(header), [...notes, 'Nothing was written']);
		const record = await this.writer.create(MODULE, header, plan, {
			find: async () => this.matching(invoice, await this.lookUp([invoice], link), link),
			keyField: link.key,
			key: invoice.key,
		});
		// A create works the balance out itself, total less received, and only its answer shows what was sent (measured).
		const money = this.payments(invoice);
		const balance = amountOf(record.hdnGrandTotal).minus(amountOf(money.received)).toFixed();
		const settled = Object.keys(fieldDifferences({ ...record, balance }, money)).length > 0 ? await this.site.revise(MODULE, idOf(record), money) : record;
		return { ...outcome('created', this.site.ref('invoice', MODULE, settled, textOf(settled.invoicestatus)), allNew({ ...header, ...money }), notes), proof: this.prove(invoice, record, options) };
	}

	/** Brings an existing invoice to what the ERP says: header by itself, lines only when they differ. */
	private async bring(invoice: Invoice, found: Row, link: LinkFields, options: UpsertOptions): Promise<Outcome> {
		const record = await this.site.gateway.retrieve(idOf(found));
		const { plan, notes: planNotes } = await this.planAgain(invoice, record, options);
		const header = { ...(await this.header(invoice, link, options)), ...this.payments(invoice) };
		if (AS_GOOD_AS[String(header.invoicestatus)]?.includes(String(record.invoicestatus))) delete header.invoicestatus;
		const fields = fieldDifferences(record, header);
		const money = plan ? planDifferences(record, plan) : {};
		if (plan && Object.keys(money).length === 0) this.writer.checkTotal(MODULE, record, plan);
		const changed = { ...fields, ...money };
		const notes = [...characterNotes(header), ...missingFieldsNote(MODULE, link), ...planNotes];
		const ref = (row: Row) => this.site.ref('invoice', MODULE, row, textOf(row.invoicestatus));
		if (Object.keys(changed).length === 0) return { ...outcome('unchanged', ref(record), {}, notes), proof: this.prove(invoice, record, options) };
		if (options.dryRun) return outcome('updated', ref(record), changed, [...notes, 'Nothing was written']);
		const written = plan && Object.keys(money).length > 0 ? await this.writer.replace(MODULE, record, changedFields(header, fields), plan) : await this.site.revise(MODULE, idOf(record), changedFields(header, fields));
		return { ...outcome('updated', ref(written), changed, notes), proof: this.prove(invoice, written, options) };
	}

	/** The plan of an invoice that is there. When it cannot be made any more, a payment shall still be told. */
	private async planAgain(invoice: Invoice, record: Row, options: UpsertOptions): Promise<{ plan?: Plan; notes: string[] }> {
		try {
			return { plan: await this.billing.plan(invoice, record, options), notes: [] };
		} catch (error) {
			const same = rounded(amountOf(record.hdnGrandTotal)) === rounded(this.billing.total(this.billing.signed(invoice)));
			if (!(error instanceof Failure) || !same || (error.kind !== 'missing' && error.kind !== 'ambiguous' && error.kind !== 'rejected')) throw error;
			return { notes: [`Its lines were not compared: ${error.message}`] };
		}
	}

	private async header(invoice: Invoice, link: LinkFields, options: UpsertOptions): Promise<Row> {
		const record = describeDocument(invoice);
		return {
			...toFields({ subject: invoice.number ?? invoice.subject ?? invoice.key }, [{ path: 'subject', field: 'subject', maxLength: 100 }], record),
			[STATES.invoice.field]: state(invoice),
			invoicedate: invoice.date,
			duedate: invoice.dueDate,
			...(link.key ? { [link.key]: invoice.key } : {}),
			...(link.number && invoice.number ? { [link.number]: invoice.number } : {}),
			...(link.status ? { [link.status]: erpStatus(invoice) } : {}),
			...(await evaluateOverrides(options.overrides ?? [], invoice, invoice.source, record)),
		};
	}

	private async newHeader(invoice: Invoice, origin: Origin): Promise<Row> {
		const addresses = toFields(invoice, ADDRESS_ROWS, describeDocument(invoice));
		const streets = { bill_street: addresses.bill_street ?? origin.header.bill_street ?? NOT_GIVEN, ship_street: addresses.ship_street ?? origin.header.ship_street ?? addresses.bill_street ?? NOT_GIVEN };
		return {
			...addresses,
			...streets,
			...(await this.resolver.currency(invoice)),
			assigned_user_id: textOf(origin.header.assigned_user_id) ?? (await this.site.gateway.session.login()).userId,
			vtiger_purchaseorder: invoice.reference ?? origin.header.vtiger_purchaseorder,
			description: invoice.notes,
			source: OUR_MARK,
		};
	}

	private payments(invoice: Invoice): Row {
		const { received, residual } = this.billing.signed(invoice);
		return Object.fromEntries(Object.entries({ received, balance: residual }).filter(([, value]) => value !== undefined));
	}

	private prove(invoice: Invoice, record: Row, options: UpsertOptions) {
		const total = decimalOf(record.hdnGrandTotal) ?? '0';
		return proveTotals(this.billing.signed(invoice), { net: total, tax: '0', total }, options.rounding ?? { mode: 'exact' }, 'document');
	}
}

/** The CRM's word for the state. A credit note has one of its own. */
function state(invoice: Invoice): string {
	if (invoice.status === 'cancelled') return STATES.invoice.cancelled;
	if (invoice.status === 'draft') return STATES.invoice.draft;
	if (invoice.type === 'creditNote') return STATES.invoice.creditNote;
	return invoice.paymentState === 'paid' ? STATES.invoice.paid : STATES.invoice.posted;
}

const PAYMENT_WORDS = { unpaid: 'Posted', partial: 'Partially paid', paid: 'Paid', reversed: 'Reversed' } as const;

function erpStatus(invoice: Invoice): string {
	if (invoice.status === 'cancelled') return 'Cancelled';
	return invoice.status === 'draft' ? 'Draft' : PAYMENT_WORDS[invoice.paymentState];
}

function noOrigin(invoice: Invoice): Failure {
	const orders = invoice.orders.map((order) => order.number ?? order.key).join(', ');
	return new Failure('missing', orders ? `The CRM has no sales order or quote for the ERP's order ${orders}, and no organization for its customer` : 'It belongs to no order, and the CRM has no organization for its customer', {
		advice: 'Leave it out if its order did not come from the CRM; else write the order\'s number into the field "ERP Number" of the sales order or quote',
	});
}
