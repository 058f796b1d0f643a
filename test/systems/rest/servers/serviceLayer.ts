// Owns a small SAP Business One Service Layer as its user manual describes it: login with a session cookie that runs
// out, keys in parentheses, collections that PATCH adds to or replaces, relative next links, ETags that only those heed who
// send them. Shares nothing with the pack.
import { cents, Refused, type Row, type Seen, SmallServer } from './exchange';

const KEYS: Record<string, string> = { BusinessPartners: 'CardCode', Items: 'ItemCode', Orders: 'DocEntry', DeliveryNotes: 'DocEntry', Invoices: 'DocEntry', CreditNotes: 'DocEntry' };
const DAY = '2026-11-22';

export class ServiceLayer extends SmallServer {
	readonly sets: Record<string, Row[]> = { BusinessPartners: [], Items: [], Orders: [], DeliveryNotes: [], Invoices: [], CreditNotes: [] };
	logins = 0;
	/** What somebody else does before the next change is carried out. */
	meanwhile: ((row: Row) => void) | undefined;
	private session = '';

	constructor(codes: readonly string[]) {
		super();
		for (const code of codes) this.sets.Items!.push({ ItemCode: code, ItemName: code, InventoryItem: 'tYES', Frozen: 'tNO', UpdateDate: DAY, ItemPrices: [{ PriceList: 1, Price: 10, Currency: 'EUR' }] });
	}

	/** As after 30 minutes without a call. */
	expire(): void {
		this.session = 'over';
	}

	protected handle(seen: Seen): { status: number; body?: unknown; headers?: Record<string, string> } {
		const { method, path, headers, query, body } = seen;
		if (path === '/Login') return this.login(body);
		if (!(headers.cookie ?? '').includes(`B1SESSION=${this.session};`) || !headers.cookie!.includes('ROUTEID=.node1')) throw refused(401, 301, 'Invalid session or session already timeout.');
		const [, set = '', key, action] = /^\/(\w+)(?:\(([^)]*)\))?(?:\/(\w+))?$/.exec(path) ?? [];
		if (!this.sets[set]) throw refused(404, -1, `Unrecognized resource path ${path}`);
		if (key === undefined) return method === 'POST' ? { status: 201, body: this.insert(set, body) } : { status: 200, body: this.list(set, seen) };
		const row = this.sets[set].find((one) => String(one[KEYS[set]!]) === key.replace(/^'|'$/g, '').replace(/''/g, "'"));
		if (!row) throw refused(404, -2028, 'No matching records found (ODBC -2028)');
		if (method === 'GET') return { status: 200, body: picked(row, query.get('$select')) };
		const [other, tag] = [this.meanwhile, headers['if-match']];
		this.meanwhile = undefined;
		other?.(row);
		if (tag !== undefined && tag !== row['@odata.etag']) throw refused(412, -2039, 'Another user or another operation modified data; to continue, open the window again (ODBC -2039)');
		if (action === 'Cancel') Object.assign(row, { Cancelled: 'tYES', DocumentStatus: 'bost_Close' });
		else this.update(set, row, body, headers['b1s-replacecollectionsonpatch'] === 'true');
		return { status: 204 };
	}

	private login({ CompanyDB: company, UserName: user, Password: password }: Row): { status: number; body: unknown; headers: Record<string, string> } {
		if (company !== 'SBODEMO' || user !== 'manager' || password !== 'b1-password') throw refused(401, 100000027, 'Login failed');
		this.session = `session-${++this.logins}`;
		return { status: 200, body: { SessionId: this.session, Version: '1000190', SessionTimeout: 30 }, headers: { 'set-cookie': `B1SESSION=${this.session};HttpOnly;Path=/b1s/v2\nROUTEID=.node1; path=/b1s` } };
	}

	private list(set: string, { query, headers, path }: Seen): Row {
		const rows = this.sets[set]!.filter((row) => matches(row, query.get('$filter')));
		const size = Number(/odata\.maxpagesize=(\d+)/.exec(headers.prefer ?? '')?.[1] ?? 20);
		const start = Number(query.get('$skip') ?? 0);
		const next = new URLSearchParams(query);
		next.set('$skip', String(start + size));
		return { '@odata.context': '$metadata', value: rows.slice(start, start + size).map((row) => picked(row, query.get('$select'))), ...(rows.length > start + size ? { '@odata.nextLink': `${path.slice(1)}?${next.toString()}` } : {}) };
	}

	private insert(set: string, given: Row): Row {
		const code = KEYS[set]!;
		if (given[code] !== undefined && this.sets[set]!.some((row) => row[code] === given[code])) throw refused(400, -2035, 'This entry already exists in the following tables (ODBC -2035)');
		const entry = this.sets[set]!.length + 1;
		const row = set === 'Orders' ? this.worked({ DocEntry: entry, DocNum: 3000 + entry, Cancelled: 'tNO', DocumentStatus: 'bost_Open', Confirmed: 'tYES', ...given }) : given;
		this.sets[set]!.push({ '@odata.etag': 'W/"0"', UpdateDate: DAY, ...row });
		return this.sets[set]!.at(-1)!;
	}

	private update(set: string, row: Row, changes: Row, replaces: boolean): void {
		const { DocumentLines: lines, ...fields } = changes;
		const kept = row.DocumentLines as Row[] | undefined;
		const all = lines === undefined ? kept : replaces ? lines : [...(kept ?? []), ...(lines as Row[])];
		Object.assign(row, set === 'Orders' ? this.worked({ ...row, ...fields, DocumentLines: all }) : fields, { UpdateDate: DAY, '@odata.etag': `${String(row['@odata.etag'])}+` });
	}

	private worked(order: Row): Row {
		const partner = this.sets.BusinessPartners!.find(({ CardCode: code }) => code === order.CardCode);
		if (!partner) throw refused(400, -5002, 'Enter valid code [ORDR.CardCode]');
		if (!order.DocDueDate) throw refused(400, -5002, 'Enter due date');
		const lines = (order.DocumentLines as Row[]).map((line, i) => {
			if (!this.sets.Items!.some(({ ItemCode: code }) => code === line.ItemCode)) throw refused(400, -1004, `Item '${String(line.ItemCode)}' is invalid`);
			const net = cents(Number(line.Quantity) * Number(line.UnitPrice) * (1 - Number(line.DiscountPercent ?? 0) / 100));
			return { ...line, LineNum: i, RemainingOpenQuantity: line.Quantity, MeasureUnit: 'PC', TaxPercentagePerRow: 10, LineTotal: net, RowTotalFC: 0, NetTaxAmount: cents(net / 10), NetTaxAmountFC: 0 };
		});
		const net = cents(lines.reduce((sum, { LineTotal: amount }) => sum + amount, 0));
		const tax = cents(lines.reduce((sum, { LineTotal: amount }) => sum + cents(amount / 10), 0));
		return { ...order, CardName: partner.CardName, DocumentLines: lines, VatSum: tax, VatSumFc: 0, DocTotal: cents(net + tax), DocTotalFc: 0 };
	}
}

function picked(row: Row, select: string | null): Row {
	const names = select?.split(',');
	return names ? Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name))) : row;
}

function matches(row: Row, filter: string | null): boolean {
	if (!filter) return true;
	return filter.split(' or ').some((some) =>
		some.split(' and ').every((condition) => {
			const [, field = '', operator, quoted, plain] = /^(\w+) (eq|ge) (?:'((?:[^']|'')*)'|(\S+))$/.exec(condition) ?? [];
			if (!operator) throw refused(400, -1000, `Query string error: ${condition}`);
			const wanted = quoted?.replace(/''/g, "'") ?? plain ?? '';
			return operator === 'ge' ? String(row[field] ?? '') >= wanted : String(row[field] ?? '') === wanted;
		}),
	);
}

function refused(status: number, code: number, message: string): Refused {
	return new Refused(status, { error: { code: String(code), message } });
}
