// Owns a small Business Central as the documentation of its API v2.0 describes it: token from another host, ETags, deep
// insert, codes in capitals, next links. Shares nothing with the pack.
import { cents, Refused, type Row, type Seen, SmallServer } from './exchange';

const PAGE = 2;
const guid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;

export class BusinessCentral extends SmallServer {
	readonly sets: Record<string, Row[]> = { customers: [], items: [], salesOrders: [], salesInvoices: [], companyInformation: [{ id: guid(999), displayName: 'CRONUS' }] };
	private made = 0;

	constructor(
		private readonly base: string,
		codes: readonly string[],
	) {
		super();
		for (const code of codes) this.save('items', { number: code, displayName: code, type: 'Inventory', blocked: false, unitPrice: 10, baseUnitOfMeasureCode: 'PCS' });
	}

	save(set: string, row: Row): Row {
		this.made += 1;
		const stamp = { '@odata.etag': `W/"${this.made}"`, lastModifiedDateTime: new Date(Date.parse('2026-11-22T10:00:00Z') + this.made * 1000).toISOString() };
		const known = this.sets[set]!.find(({ id }) => id === row.id);
		if (known) return Object.assign(known, row, stamp);
		this.sets[set]!.push({ id: guid(this.made), ...row, ...stamp });
		return this.sets[set]!.at(-1)!;
	}

	protected handle(seen: Seen): { status: number; body?: unknown } {
		const { method, path, headers, form, query, body } = seen;
		if (path.startsWith('https://login.microsoftonline.com/')) return this.token(form);
		if (headers.authorization !== 'Bearer bc-token') throw refused(401, 'Authentication_InvalidCredentials', 'The server has rejected the client credentials.');
		const [, set = '', id] = /^\/(\w+)(?:\(([^)]+)\))?$/.exec(path) ?? [];
		if (!this.sets[set]) throw refused(404, 'BadRequest_ResourceNotFound', `Resource not found for the segment '${set}'.`);
		if (id === undefined) return method === 'POST' ? { status: 201, body: shown(this.insert(set, body), query) } : { status: 200, body: this.list(set, seen) };
		const row = this.sets[set].find((one) => one.id === id);
		if (!row) throw refused(404, 'BadRequest_NotFound', 'Not found');
		if (method === 'GET') return { status: 200, body: shown(row, query) };
		this.checkMatch(row, headers['if-match']);
		if (method === 'PATCH') return { status: 200, body: shown(this.update(set, row, body), query) };
		this.sets[set] = this.sets[set].filter((one) => one !== row);
		return { status: 204 };
	}

	private token(form: Record<string, string>): { status: number; body: unknown } {
		if (form.client_id !== 'app' || form.client_secret !== 'app-secret' || form.scope !== 'https://api.businesscentral.dynamics.com/.default') throw new Refused(401, { error: 'invalid_client' });
		return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token: 'bc-token' } };
	}

	private list(set: string, { query, path }: Seen): Row {
		const rows = this.sets[set]!.filter((row) => matches(row, query.get('$filter')));
		const start = Number(query.get('$skiptoken') ?? 0);
		const next = new URLSearchParams(query);
		next.set('$skiptoken', String(start + PAGE));
		return { '@odata.context': `${this.base}/$metadata#${set}`, value: rows.slice(start, start + PAGE).map((row) => shown(row, query)), ...(rows.length > start + PAGE ? { '@odata.nextLink': `${this.base}${path}?${next.toString()}` } : {}) };
	}

	private insert(set: string, given: Row): Row {
		const number = given.number ?? `1010${this.made}`;
		if (this.sets[set]!.some((row) => row.number === number)) throw refused(400, 'Internal_EntityWithSameKeyExists', `The record already exists. Identification fields and values: No.='${String(number)}'`);
		return this.save(set, set === 'salesOrders' ? this.worked({ status: 'Draft', fullyShipped: false, ...given, number }) : { ...given, number });
	}

	private update(set: string, row: Row, changes: Row): Row {
		if ('salesOrderLines' in changes) throw refused(400, 'BadRequest', 'Nested writes are for inserts only');
		return this.save(set, set === 'salesOrders' ? this.worked({ ...row, ...changes }) : { ...row, ...changes });
	}

	private checkMatch(row: Row, match: string | undefined): void {
		if (match === undefined) throw refused(400, 'BadRequest_InvalidToken', 'Could not validate the client concurrency token required by the service.');
		if (match !== '*' && match !== row['@odata.etag']) throw refused(409, 'Request_EntityChanged', 'Another user has already changed the record.');
	}

	private worked(order: Row): Row {
		const customer = this.sets.customers!.find(({ id }) => id === order.customerId);
		if (!customer) throw refused(400, 'Application_DialogException', 'A customerNumber or a customerID must be provided.');
		const lines = ((order.salesOrderLines ?? []) as Row[]).map((line, i) => {
			const item = this.sets.items!.find(({ id }) => id === line.itemId);
			const net = cents(Number(line.quantity) * Number(line.unitPrice) * (1 - Number(line.discountPercent ?? 0) / 100));
			return { sequence: (i + 1) * 10_000, lineType: 'Item', shippedQuantity: 0, invoicedQuantity: 0, ...line, lineObjectNumber: item?.number, taxPercent: 10, amountExcludingTax: net, totalTaxAmount: cents(net / 10) };
		});
		const [net, tax] = [cents(lines.reduce((sum, line) => sum + line.amountExcludingTax, 0)), cents(lines.reduce((sum, line) => sum + line.totalTaxAmount, 0))];
		// A field of type Code.
		return { ...order, externalDocumentNumber: String(order.externalDocumentNumber ?? '').toUpperCase(), customerName: customer.displayName, salesOrderLines: lines, totalAmountExcludingTax: net, totalTaxAmount: tax, totalAmountIncludingTax: cents(net + tax) };
	}
}

/** Navigation properties come only when they are asked for. */
function shown(row: Row, query: URLSearchParams): Row {
	const expanded = (query.get('$expand') ?? '').split(',');
	return Object.fromEntries(Object.entries(row).filter(([name]) => !name.endsWith('Lines') || expanded.includes(name)));
}

function matches(row: Row, filter: string | null): boolean {
	if (!filter) return true;
	return filter.split(' or ').some((condition) => {
		const [, field = '', operator, quoted, plain] = /^(\w+) (eq|ge) (?:'((?:[^']|'')*)'|(\S+))$/.exec(condition) ?? [];
		if (!operator) throw refused(400, 'BadRequest', `The filter "${condition}" is not understood`);
		const wanted = quoted?.replace(/''/g, "'") ?? plain ?? '';
		return operator === 'ge' ? Date.parse(String(row[field])) >= Date.parse(wanted) : String(row[field] ?? '') === wanted || String(row[field]) === plain;
	});
}

function refused(status: number, code: string, message: string): Refused {
	return new Refused(status, { error: { code, message: `${message}  CorrelationId:  00000000-0000-0000-0000-000000000000.` } });
}
