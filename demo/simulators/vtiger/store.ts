// Owns the records in memory: numbering, deletion, stock, snapshots. One numbering for all entities, as vtiger's crmid.
// Must not know: sessions, permissions, how values are checked.
import type { Json, Row } from './failure';
import { INVENTORY, isEntityId, type Module, type Schema, type Seed } from './schema';

/** A line of a document. All values as the wire shows them; `productid` null once the product is gone. */
export interface Line {
	id: number;
	/** What was sent as the product where it is none (8.0.0): the bare number. */
	stray?: number;
	values: Row;
}

/** Shipping and handling as vtiger keeps it: charge id -> amount and tax rates by tax id. */
export type Charges = Record<string, { value?: Json; taxes?: Record<string, Json> }>;

export interface Stored {
	module: string;
	/** `11x8` */
	id: string;
	/** 8 */
	number: number;
	fields: Row;
	lines: Line[];
	charges: Charges | null;
	deleted: boolean;
	/** What the record was last saved as, unescaped and not cut; computed from the fields when absent. */
	label?: string;
	/** Converted leads stay retrievable but leave every query. */
	converted?: boolean;
	deletedTime?: string;
	/** Users who have saved the record: they see `starred` "0", everybody else sees it empty. Seeded: the administrator. */
	savers?: string[];
	/** Ids put in relation by `add_related`. */
	related?: string[];
	/** The uploaded file of a document. */
	file?: { number: number; name: string; type: string; base64: string };
}

const NUMBERED: Record<string, [field: string, prefix: string]> = {
	Quotes: ['quote_no', 'QUO'],
	SalesOrder: ['salesorder_no', 'SO'],
	Invoice: ['invoice_no', 'INV'],
	PurchaseOrder: ['purchaseorder_no', 'PO'],
	Accounts: ['account_no', 'ACC'],
	Contacts: ['contact_no', 'CON'],
	Leads: ['lead_no', 'LEA'],
	Potentials: ['potential_no', 'POT'],
	Products: ['product_no', 'PRO'],
	Services: ['service_no', 'SER'],
	Vendors: ['vendor_no', 'VEN'],
	PriceBooks: ['pricebook_no', 'PB'],
	HelpDesk: ['ticket_no', 'TT'],
	Campaigns: ['campaign_no', 'CAM'],
	Faq: ['faq_no', 'FAQ'],
	Documents: ['note_no', 'DOC'],
	Assets: ['asset_no', 'ASSET'],
	ServiceContracts: ['contract_no', 'SERCON'],
	Project: ['project_no', 'PROJ'],
	ProjectTask: ['projecttask_no', 'PT'],
	ProjectMilestone: ['projectmilestone_no', 'PM'],
};

export class Store {
	private rows = new Map<string, Stored>();
	private lastNumber = 0;
	private counters: Record<string, number> = {};
	private lineFloor = 0;

	constructor(readonly schema: Schema) {
		for (const seed of schema.records) this.put(seed);
	}

	module(name: string): Module | undefined {
		return this.schema.modules.get(name);
	}

	/** The module of an id prefix: 11 -> Accounts. */
	moduleOfPrefix(prefix: string): string | undefined {
		for (const [name, module] of this.schema.modules) if (module.describe.idPrefix === prefix) return name;
		return undefined;
	}

	idOf(module: string, number: number): string {
		return `${this.module(module)?.describe.idPrefix}x${number}`;
	}

	/** A live record by its full id. */
	get(id: string): Stored | undefined {
		const row = this.rows.get(id);
		return row?.deleted ? undefined : row;
	}

	/** Also deleted ones. */
	getAny(id: string): Stored | undefined {
		return this.rows.get(id);
	}

	/** The live entity that has this number, whatever its module. */
	entity(number: number): Stored | undefined {
		for (const row of this.rows.values()) if (row.number === number && !row.deleted && isEntityId(row.module)) return row;
		return undefined;
	}

	/** Live records of a module in the order of their numbers; converted leads left out. */
	list(module: string): Stored[] {
		return this.all(module).filter((r) => !r.deleted && !r.converted);
	}

	/** All records of a module, deleted and converted ones too. */
	all(module: string): Stored[] {
		return [...this.rows.values()].filter((r) => r.module === module).sort((a, b) => a.number - b.number);
	}

	/** Stores a record under a known id, replacing what was there. */
	put(seed: Seed): Stored {
		const number = Number(seed.id.split('x')[1]);
		const blank = this.module(seed.module)?.blank ?? {};
		const { charges, fields } = splitCharges(seed.fields);
		const row: Stored = {
			module: seed.module,
			id: seed.id,
			number,
			charges,
			deleted: false,
			fields: { ...structuredClone(blank), ...fields },
			lines: (seed.lines ?? []).map((line, i) => seededLine(line, i)),
		};
		this.rows.set(seed.id, row);
		if (isEntityId(seed.module)) this.lastNumber = Math.max(this.lastNumber, number);
		const [field, prefix] = NUMBERED[seed.module] ?? ['', ''];
		const serial = String(row.fields[field] ?? '');
		if (prefix && serial.startsWith(prefix))
			this.counters[seed.module] = Math.max(this.counters[seed.module] ?? 0, Number(serial.slice(prefix.length)) || 0);
		return row;
	}

	/** A new record with the next number and serial (`ACC12`); its fields are the module's empty ones. */
	insert(module: string): Stored {
		const number = this.nextNumber();
		const row: Stored = {
			module,
			number,
			id: this.idOf(module, number),
			deleted: false,
			lines: [],
			charges: null,
			fields: structuredClone(this.module(module)?.blank ?? {}),
		};
		const numbered = NUMBERED[module];
		if (numbered) {
			this.counters[module] = (this.counters[module] ?? 0) + 1;
			row.fields[numbered[0]] = `${numbered[1]}${this.counters[module]}`;
		}
		this.rows.set(row.id, row);
		return row;
	}

	/** Takes the next entity number without storing anything (attachments, failed saves). */
	nextNumber(): number {
		return ++this.lastNumber;
	}

	/** The id the next line would get: vtiger takes the highest one plus 1, which is what two savers collide on. */
	nextLineId(): number {
		let max = this.lineFloor;
		for (const row of this.rows.values()) for (const line of row.lines) max = Math.max(max, line.id);
		return max + 1;
	}

	line(id: number): { document: Stored; line: Line } | undefined {
		for (const document of this.rows.values()) for (const line of document.lines) if (line.id === id) return { document, line };
		return undefined;
	}

	/** Changes a product's stock without touching its modifiedtime. */
	addStock(productId: string, quantity: number): void {
		const product = this.rows.get(productId);
		if (product?.module !== 'Products' || quantity === 0) return;
		product.fields['qtyinstock'] = (Number(product.fields['qtyinstock']) + quantity).toFixed(3);
	}

	drop(id: string): void {
		this.rows.delete(id);
	}

	/** Moves the seed's times back to now, where the clock is behind them: nothing was changed in the future. */
	notLaterThan(time: string): void {
		for (const { fields } of this.rows.values())
			for (const name of ['createdtime', 'modifiedtime']) if (String(fields[name] ?? '') > time) fields[name] = time;
	}

	/** Everything as one value; give it back to `restore`. */
	snapshot(): string {
		return JSON.stringify({ rows: [...this.rows.values()], lastNumber: this.lastNumber, counters: this.counters });
	}

	restore(snapshot: string): void {
		const { rows, lastNumber, counters } = JSON.parse(snapshot) as { rows: Stored[]; lastNumber: number; counters: Record<string, number> };
		this.rows = new Map(rows.map((r) => [r.id, r]));
		this.lastNumber = lastNumber;
		this.counters = counters;
		this.lineFloor = 0;
	}

	/** Sets what the next number, serial and so on continue from; for replays of recordings. */
	continueFrom(lastNumber: number | undefined, counters: Record<string, number> = {}, lastLineId?: number): void {
		this.lastNumber = lastNumber ?? this.lastNumber;
		Object.assign(this.counters, counters);
		if (lastLineId === undefined) return;
		for (const row of this.rows.values()) row.lines = row.lines.filter((line) => line.id <= lastLineId);
		this.lineFloor = lastLineId;
	}
}

const EMPTY_LINE: Row = {
	productid: null,
	sequence_no: '0',
	quantity: '0.000',
	listprice: '0.00000000',
	discount_percent: '0.000',
	discount_amount: '0.00000000',
	comment: '',
	description: '',
	incrementondel: '1',
	tax1: '0.000',
	tax2: '0.000',
	tax3: '0.000',
	image: '',
	purchase_cost: '0.00000000',
	margin: '0.00000000',
};

/** A line with every column, from the given ones. */
export function completeLine(values: Row): Row {
	return { ...EMPTY_LINE, ...values };
}

function seededLine(line: Row, index: number): Line {
	const { id, parent_id: _parent, product_name: _name, entity_type: _type, deleted: _deleted, ...values } = line;
	return { id: Number(String(id ?? `33x${index + 1}`).split('x')[1]), values: completeLine(values) };
}

const CHARGE = 'shipping_&_handling';

/** Takes the charge fields out of a retrieved header. */
function splitCharges(given: Row): { charges: Charges | null; fields: Row } {
	const fields: Row = {};
	const charge: { value?: Json; taxes: Record<string, Json> } = { taxes: {} };
	const odd: Record<string, Json> = {};
	for (const [name, value] of Object.entries(given)) {
		if (name === CHARGE) charge.value = value;
		else if (name.startsWith(`${CHARGE}_shtax`)) charge.taxes[name.slice(`${CHARGE}_shtax`.length)] = value;
		else if (name.startsWith('_shtax')) odd[name.slice('_shtax'.length)] = value;
		else if (name !== '') fields[name] = value;
	}
	if (charge.value === undefined || charge.value === null) return { charges: null, fields };
	return { charges: { 1: charge, ...(Object.keys(odd).length > 0 ? { '': { taxes: odd } } : {}) }, fields };
}

/** Whether a record is a document with lines. */
export const isInventory = (row: Stored): boolean => INVENTORY.has(row.module);
