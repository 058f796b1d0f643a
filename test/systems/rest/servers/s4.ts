// Owns a small SAP S/4HANA gateway as the public metadata of its OData v2 services describes it: token against forged
// calls, d.results, times as /Date()/, deep insert, fields that nobody can write, ETags. Shares nothing with the pack.
import { cents, Refused, type Row, type Seen, SmallServer } from './exchange';

const KEYS: Record<string, string> = { A_BusinessPartner: 'BusinessPartner', A_Product: 'Product', A_SalesOrder: 'SalesOrder', A_BillingDocument: 'BillingDocument' };

/** sap:creatable="false": left out without a word. */
const NOT_CREATABLE = ['ExternalDocumentID', 'Customer', 'BusinessPartnerFullName', 'BusinessPartnerName', 'LastChangeDateTime', 'TotalNetAmount'];
const LENGTHS: Record<string, number> = { PurchaseOrderByCustomer: 35, PurchaseOrderByShipToParty: 35, OrganizationBPName1: 40, BusinessPartnerIDByExtSystem: 20 };

export class S4 extends SmallServer {
	readonly sets: Record<string, Row[]> = { A_BusinessPartner: [], A_Product: [], A_SalesOrder: [], A_BillingDocument: [] };
	private stamp = Date.parse('2026-11-22T10:00:00Z');

	constructor(codes: readonly string[]) {
		super();
		for (const code of codes) this.save('A_Product', { Product: code, ProductType: 'HAWA', BaseUnit: 'PC', IsMarkedForDeletion: false, to_Description: [{ Language: 'EN', ProductDescription: code }] });
	}

	private save(set: string, row: Row): Row {
		this.stamp += 1000;
		const changed = { ...row, LastChangeDateTime: `/Date(${this.stamp}+0000)/`, LastChangeDate: `/Date(${this.stamp - (this.stamp % 86_400_000)})/`, etag: `W/"${this.stamp}"` };
		const known = this.sets[set]!.find((one) => one[KEYS[set]!] === row[KEYS[set]!]);
		if (known) return Object.assign(known, changed);
		this.sets[set]!.push(changed);
		return changed;
	}

	/** A billing document as the API shows it. */
	bill({ __metadata: _, to_Item: items, ...row }: Row): void {
		this.save('A_BillingDocument', { ...row, to_Item: (items as { results: Row[] }).results });
	}

	protected handle(seen: Seen): { status: number; body?: unknown; headers?: Record<string, string> } {
		const { method, path, headers, query } = seen;
		if (headers.authorization !== `Basic ${Buffer.from('integration:s4-password').toString('base64')}`) throw new Refused(401, undefined);
		if (headers['x-csrf-token']?.toLowerCase() === 'fetch') return { status: 200, body: { d: { EntitySets: Object.keys(this.sets) } }, headers: { 'x-csrf-token': 'csrf-1', 'set-cookie': 'SAP_SESSIONID_S4H_100=abc; path=/; HttpOnly' } };
		if (method !== 'GET' && (headers['x-csrf-token'] !== 'csrf-1' || !headers.cookie?.includes('SAP_SESSIONID_S4H_100=abc'))) return { status: 403, body: undefined, headers: { 'x-csrf-token': 'Required' } };
		const [, set = '', key] = /^\/API_\w+\/(A_\w+)(?:\('([^']*)'\))?$/.exec(path) ?? [];
		if (set === 'A_BusinessPartnerTaxNumber') return { status: 200, body: { d: { results: this.taxNumbers().filter((row) => matches(row, query.get('$filter'))).slice(Number(query.get('$skip') ?? 0)) } } };
		if (!this.sets[set]) throw refused(404, '/IWFND/CM_MGW/001', `Resource not found for ${path}`);
		if (key === undefined) return method === 'POST' ? { status: 201, body: { d: shown(this.insert(set, seen.body), query) } } : { status: 200, body: { d: { results: this.list(set, query) } } };
		const row = this.sets[set].find((one) => one[KEYS[set]!] === key);
		if (!row) throw refused(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${set}'`);
		if (method === 'GET') return { status: 200, body: { d: shown(row, query) } };
		if (headers['if-match'] === undefined) throw refused(428, '/IWFND/CM_MGW_RT/020', 'The request is required to be conditional. Try using "If-Match".');
		if (headers['if-match'] !== '*' && headers['if-match'] !== row.etag) throw refused(412, '/IWBEP/CM_MGW_RT/121', 'Precondition failed');
		if (method === 'DELETE') this.sets[set] = this.sets[set].filter((one) => one !== row);
		else this.patch(set, row, seen.body);
		return { status: 204 };
	}

	private taxNumbers(): Row[] {
		return this.sets.A_BusinessPartner!.flatMap(({ BusinessPartner, to_BusinessPartnerTax: taxes }) => ((taxes ?? []) as Row[]).map((tax) => ({ BusinessPartner, ...tax })));
	}

	private list(set: string, query: URLSearchParams): Row[] {
		const rows = this.sets[set]!.filter((row) => matches(row, query.get('$filter')));
		const skip = Number(query.get('$skip') ?? 0);
		return rows.slice(skip, skip + Number(query.get('$top') ?? rows.length)).map((row) => shown(row, query));
	}

	private insert(set: string, all: Row): Row {
		const given = Object.fromEntries(Object.entries(all).filter(([name]) => !NOT_CREATABLE.includes(name)));
		for (const [name, most] of Object.entries(LENGTHS)) if (String(given[name] ?? '').length > most) throw refused(400, '/IWBEP/CM_MGW_RT/027', `Property '${name}' at offset '1' has invalid value '${String(given[name])}'`);
		const number = String((set === 'A_BusinessPartner' ? 17_100_000 : 4_000_000) + this.sets[set]!.length + 1);
		// Whatever the application refuses without a code of its own.
		if (set === 'A_SalesOrder' && given.SalesOrderType !== 'OR') throw refused(400, '/IWBEP/CM_MGW_RT/022', `Sales document type ${String(given.SalesOrderType)} is not defined`);
		if (set === 'A_SalesOrder') return this.save(set, { SalesOrder: number, OverallSDProcessStatus: 'A', OverallDeliveryStatus: 'A', OverallSDDocumentRejectionSts: 'A', ExternalDocumentID: '', ...given, ...this.worked(given) });
		return this.save(set, { BusinessPartner: number, Customer: number, BusinessPartnerFullName: given.OrganizationBPName1, BusinessPartnerName: given.OrganizationBPName1, ...given });
	}

	private patch(set: string, row: Row, changes: Row): void {
		if (Object.keys(changes).some((name) => name.startsWith('to_'))) throw refused(400, '/IWBEP/CM_MGW_RT/021', 'Deep updates are not supported');
		this.save(set, { ...row, ...changes });
	}

	/** Priced by the manual condition, with 10 % tax on each item. */
	private worked(order: Row): Row {
		if (!this.sets.A_BusinessPartner!.some(({ Customer: customer }) => customer === order.SoldToParty)) throw refused(400, 'VP/199', `Sold-to party ${String(order.SoldToParty)} not maintained for sales area`);
		const items = (order.to_Item as Row[]).map((item, i) => {
			const [price] = item.to_PricingElement as Row[];
			const net = cents(Number(item.RequestedQuantity) * Number(price?.ConditionRateValue));
			return { ...item, SalesOrderItem: String((i + 1) * 10), RequestedQuantityUnit: 'PC', NetAmount: net.toFixed(2), TaxAmount: cents(net / 10).toFixed(2), to_ScheduleLine: [{ ScheduleLine: '1', DeliveredQtyInOrderQtyUnit: '0.000' }] };
		});
		return { to_Item: items, TotalNetAmount: cents(items.reduce((sum, { NetAmount: net }) => sum + Number(net), 0)).toFixed(2) };
	}
}

/** Collections are objects with results when they are expanded, else a link. */
function shown({ etag, ...row }: Row, query: URLSearchParams): Row {
	return { __metadata: { uri: "https://host/sap/opu/odata/sap/X('1')", etag }, ...expanded(row, (query.get('$expand') ?? '').split(','), '') };
}

function expanded(row: Row, wanted: readonly string[], above: string): Row {
	const members = Object.entries(row).map(([name, value]): [string, unknown] => {
		const path = `${above}${name}`;
		if (!name.startsWith('to_')) return [name, value];
		if (!wanted.some((one) => one === path || one.startsWith(`${path}/`))) return [name, { __deferred: { uri: `https://host/${path}` } }];
		return [name, Array.isArray(value) ? { results: value.map((one: Row) => expanded(one, wanted, `${path}/`)) } : value];
	});
	return Object.fromEntries(members);
}

function matches(row: Row, filter: string | null): boolean {
	if (!filter) return true;
	return filter.split(' or ').some((some) =>
		some.split(' and ').every((condition) => {
			const [, field = '', operator, type, text = ''] = /^(\w+) (eq|ne|ge) (datetimeoffset|datetime)?'((?:[^']|'')*)'$/.exec(condition) ?? [];
			if (!operator) throw refused(400, '/IWBEP/CM_MGW_RT/002', `Invalid filter ${condition}`);
			const value = String(row[field] ?? '');
			if (type) return Number(/\d+/.exec(value)?.[0]) >= Date.parse(text.endsWith('Z') ? text : `${text}Z`);
			return (value === text.replace(/''/g, "'")) === (operator === 'eq');
		}),
	);
}

function refused(status: number, code: string, message: string): Refused {
	return new Refused(status, { error: { code, message: { lang: 'en', value: message } } });
}
