// Owns a small NetSuite as its online help describes the REST record service and SuiteQL: token for a signed assertion,
// upsert by external id with 204 and Location, sublists that grow unless replaced, queries that give ids. Shares nothing
// with the pack.
import { createPublicKey, constants, verify } from 'node:crypto';
import { cents, Refused, type Row, type Seen, SmallServer } from './exchange';

const TABLES: Record<string, string> = { customer: 'customer', SalesOrd: 'salesOrder', CustInvc: 'invoice' };

export class NetSuite extends SmallServer {
	readonly records: Record<string, Row[]> = { customer: [], salesOrder: [], invoice: [] };
	private readonly items: Row[];
	private made = 100;

	constructor(
		private readonly url: string,
		private readonly publicKey: string,
		codes: readonly string[],
	) {
		super();
		this.items = codes.map((code, i) => ({ id: String(50 + i), itemid: code, displayname: code, itemtype: 'InvtPart', isinactive: 'F' }));
	}

	protected handle(seen: Seen): { status: number; body?: unknown; headers?: Record<string, string> } {
		const { method, path, headers, query, body } = seen;
		if (path === '/auth/oauth2/v1/token') return this.token(seen.form);
		if (headers.authorization !== 'Bearer ns-token') throw refused(401, 'INVALID_LOGIN', 'Invalid login attempt.');
		if (path === '/query/v1/suiteql') return this.query(seen);
		const [, type = '', id] = /^\/record\/v1\/(\w+)(?:\/(.+))?$/.exec(path) ?? [];
		if (!this.records[type]) throw refused(404, 'NONEXISTENT_ID', `Record type ${type} does not exist`);
		if (id === undefined) return { status: 200, body: { items: this.records[type].slice(0, 1).map((row) => ({ id: row.id })), totalResults: this.records[type].length, hasMore: false } };
		const row = this.records[type].find((one) => (id.startsWith('eid:') ? one.externalId === id.slice(4) : one.id === id));
		if (method === 'PUT' && id.startsWith('eid:')) return this.upsert(type, row, id.slice(4), body, query);
		if (!row) throw refused(404, 'NONEXISTENT_ID', 'The record instance does not exist. Provide a valid record instance ID.');
		if (method === 'GET') return { status: 200, body: query.get('expandSubResources') === 'true' ? row : Object.fromEntries(Object.entries(row).map(([name, value]) => [name, name === 'item' ? { links: [] } : value])) };
		this.change(type, row, body, query);
		return { status: 204 };
	}

	private token(form: Record<string, string>): { status: number; body: unknown } {
		const [head = '', payload = '', signature = ''] = (form.client_assertion ?? '').split('.');
		const [header, claims] = [head, payload].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Row);
		const signed = verify('sha256', Buffer.from(`${head}.${payload}`), { key: createPublicKey(this.publicKey), padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, Buffer.from(signature, 'base64url'));
		const right = signed && header!.alg === 'PS256' && header!.kid === 'certificate-1' && claims!.iss === 'client-1' && claims!.aud === `${this.url}/auth/oauth2/v1/token` && JSON.stringify(claims!.scope).includes('rest_webservices');
		if (!right || form.grant_type !== 'client_credentials' || form.client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer') throw new Refused(400, { error: 'invalid_request' });
		return { status: 200, body: { access_token: 'ns-token', expires_in: 3600, token_type: 'bearer' } };
	}

	private query({ headers, query, body }: Seen): { status: number; body: unknown } {
		if (headers.prefer !== 'transient') throw refused(400, 'INVALID_PARAMETER', 'Prefer: transient is needed');
		const [, table = '', where = '1 = 1'] = /^SELECT .+? FROM (\w+)(?: WHERE (.*?))? ORDER BY id$/s.exec(String(body.q)) ?? [];
		const rows = this.rowsOf(table, where).sort((a, b) => Number(a.id) - Number(b.id));
		const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 1000)];
		const page = rows.slice(offset, offset + limit).map((row) => (table === 'item' ? row : { links: [], id: row.id }));
		return { status: 200, body: { links: [], count: page.length, hasMore: offset + limit < rows.length, offset, totalResults: rows.length, items: page } };
	}

	private rowsOf(table: string, where: string): Row[] {
		const conditions = where.split(' AND ');
		const type = /^type = '(\w+)'$/.exec(conditions[0] ?? '')?.[1];
		const rows = table === 'item' ? this.items : this.records[TABLES[type ?? table] ?? ''] ?? [];
		return rows.filter((row) => conditions.every((condition) => fits(row, condition)));
	}

	private upsert(type: string, known: Row | undefined, externalId: string, body: Row, query: URLSearchParams): { status: number; headers: Record<string, string> } {
		const row = known ?? { id: String(++this.made), externalId, [type === 'customer' ? 'entityId' : 'tranId']: `${type}${this.made}` };
		if (!known) this.records[type]!.push(row);
		this.change(type, row, body, query);
		return { status: 204, headers: { location: `${this.url}/record/v1/${type}/${String(row.id)}` } };
	}

	private change(type: string, row: Row, body: Row, query: URLSearchParams): void {
		const { item, ...fields } = body as { item?: { items: Row[] } } & Row;
		const before = (row.item as { items: Row[] } | undefined)?.items ?? [];
		Object.assign(row, fields, { lastModifiedDate: '2026-11-22T12:00:00Z' });
		if (type !== 'salesOrder') return;
		const lines = item === undefined ? before : query.get('replace') === 'item' ? item.items : [...before, ...item.items];
		const items = lines.map((line, i) => ({ ...line, line: i + 1, item: { id: (line.item as Row).id, refName: this.items.find(({ id }) => id === (line.item as Row).id)?.itemid } }));
		const net = cents(items.reduce((sum, line) => sum + Number((line as Row).amount), 0));
		const currency = { id: '4', refName: 'EUR' };
		const entity = { ...(row.entity as Row), refName: this.records.customer!.find(({ id }) => id === (row.entity as Row).id)?.companyName };
		Object.assign(row, { entity, item: { items }, currency, subtotal: net, taxTotal: cents(net / 10), total: cents(net + cents(net / 10)) });
	}
}

function fits(row: Row, condition: string): boolean {
	if (/^(1 = 1|type = |lastmodifieddate >= TO_DATE\()/.test(condition)) return true;
	const [, field = '', operator, values = ''] = /^(\w+) (=|IN) (.*)$/s.exec(condition) ?? [];
	if (!operator) throw refused(400, 'INVALID_PARAMETER', `Invalid search query: ${condition}`);
	const wanted = [...values.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replace(/''/g, "'"));
	const value = Object.entries(row).find(([name]) => name.toLowerCase() === field)?.[1];
	return wanted.includes(String(value ?? ''));
}

function refused(status: number, code: string, detail: string): Refused {
	return new Refused(status, { type: 'https://www.rfc-editor.org/rfc/rfc9110.html', title: 'Refused', status, 'o:errorDetails': [{ detail, 'o:errorCode': code }] });
}
