// Owns a small Business Central as the documentation of its API v2.0 and its public source describe it: token from another
// host, ETags, deep insert, codes in capitals, next links, filters that fields are too short for, orders that go when they
// are posted. Shares nothing with the pack.
import { cents, Refused, type Row, type Seen, SmallServer } from './exchange';

const PAGE = 2;
const guid = (n: number): string => `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`;

export class BusinessCentral extends SmallServer {
	readonly sets: Record<string, Row[]> = { customers: [], items: [], salesOrders: [], salesInvoices: [], salesCreditMemos: [], companyInformation: [{ id: guid(999), displayName: 'CRONUS' }] };
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

	/** Ships and invoices an order: what is invoiced in full is there no more. */
	post(order: Row, { shipped = 1, invoiced = 1 } = {}): Row | undefined {
		const lines = (order.salesOrderLines as Row[]).map((line) => ({ ...line, shippedQuantity: Number(line.quantity) * shipped, invoicedQuantity: Number(line.quantity) * invoiced }));
		this.save('salesOrders', { ...order, status: 'Open', fullyShipped: shipped === 1, salesOrderLines: lines });
		if (invoiced < 1) return undefined;
		this.sets.salesOrders = this.sets.salesOrders!.filter(({ id }) => id !== order.id);
		const { id: orderId, number: orderNumber, externalDocumentNumber, customerId, customerName, currencyCode, totalAmountExcludingTax, totalTaxAmount, totalAmountIncludingTax } = order;
		return this.save('salesInvoices', { number: `PS-${String(orderNumber)}`, invoiceDate: '2026-11-21', dueDate: '2026-12-21', status: 'Open', pricesIncludeTax: false, remainingAmount: totalAmountIncludingTax, orderId, orderNumber, externalDocumentNumber, customerId, customerName, currencyCode, totalAmountExcludingTax, totalTaxAmount, totalAmountIncludingTax, salesInvoiceLines: lines.map(({ shippedQuantity: _shipped, invoicedQuantity: _invoiced, ...line }) => line) });
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
		for (const [field, most] of Object.entries({ displayName: 100, addressLine1: 100, addressLine2: 50, city: 30 })) if (String(given[field] ?? '').length > most) throw refused(400, 'Application_StringExceededLength', `The length of the string is ${String(given[field]).length}, but it must be less than or equal to ${most} characters.`);
		if (this.sets[set]!.some((row) => row.number === number)) throw refused(400, 'Internal_EntityWithSameKeyExists', `The record already exists. Identification fields and values: No.='${String(number)}'`);
		return this.save(set, set === 'salesOrders' ? this.worked({ status: 'Draft', fullyShipped: false, ...validated(given), number }) : { ...given, number });
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

/** Fields are validated in the order in which they come: the customer brings its own terms over what came before it. */
function validated(given: Row): Row {
	const names = Object.keys(given);
	return Object.fromEntries(Object.entries(given).filter(([name], i) => !['currencyCode', 'requestedDeliveryDate'].includes(name) || i > names.indexOf('customerId')));
}

/** Navigation properties come only when they are asked for. */
function shown(row: Row, query: URLSearchParams): Row {
	const expanded = (query.get('$expand') ?? '').split(',');
	const selected = query.get('$select')?.split(',');
	return Object.fromEntries(Object.entries(row).filter(([name]) => (!name.endsWith('Lines') || expanded.includes(name)) && (selected?.includes(name) ?? true)));
}

/** How long the fields are; a longer value in a filter is refused. */
const LENGTHS: Record<string, number> = { number: 20, orderNumber: 20, externalDocumentNumber: 35, taxRegistrationNumber: 20, displayName: 100, email: 80, phoneNumber: 30 };

function matches(row: Row, filter: string | null): boolean {
	if (!filter) return true;
	const either = filter.split(' or ');
	if (new Set(either.map((part) => part.split(' ')[0])).size > 1) throw refused(400, 'BadRequest', "The 'OR' operator is not supported on distinct fields on an OData filter.");
	return either.some((part) => part.split(' and ').every((condition) => holds(row, condition)));
}

function holds(row: Row, condition: string): boolean {
	const [, field = '', operator, quoted, plain] = /^(\w+) (eq|ne|ge) (?:'((?:[^']|'')*)'|(\S+))$/.exec(condition) ?? [];
	if (!operator) throw refused(400, 'BadRequest', `The filter "${condition}" is not understood`);
	const wanted = quoted?.replace(/''/g, "'") ?? plain ?? '';
	if (wanted.length > (LENGTHS[field] ?? Infinity)) throw refused(400, 'Application_FilterErrorException', `The filter "'=${wanted}'" is not valid for the ${field} field. The length of the string is ${wanted.length}, but it must be less than or equal to ${LENGTHS[field]} characters.`);
	if (operator === 'ge') return Date.parse(String(row[field])) >= Date.parse(wanted);
	return (String(row[field] ?? '') === wanted || String(row[field]) === plain) === (operator === 'eq');
}

function refused(status: number, code: string, message: string): Refused {
	return new Refused(status, { error: { code, message: `${message}  CorrelationId:  00000000-0000-0000-0000-000000000000.` } });
}
