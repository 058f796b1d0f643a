// Owns a small NetSuite as its online help describes the REST record service and SuiteQL, and public clients what it leaves
// open: token for a signed assertion, upsert by external id with 204 and Location, sublists that grow unless replaced,
// offsets by whole pages only. Shares nothing with the pack.
import { createPublicKey, constants, verify } from 'node:crypto';
import { cents, Refused, type Row, type Seen, SmallServer } from './exchange';
import { type Link, rowsFor } from './netSuite.query';

/** When everything is written that a test writes. */
const NOW = '2026-11-22T11:59:00Z';

export class NetSuite extends SmallServer {
	readonly records: Record<string, Row[]> = { customer: [], salesOrder: [], invoice: [], creditMemo: [], customerPayment: [], currency: [{ id: '4', name: 'Euro', symbol: 'EUR' }, { id: '1', name: 'US Dollar', symbol: 'USD' }] };
	/** NextTransactionLineLink. */
	readonly links: Link[] = [];
	/** As they were asked. */
	readonly queries: string[] = [];
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

	/** A payment of an invoice: the invoice's own date stays as it is. */
	pay(invoice: Row, amount: number): void {
		const id = String(++this.made);
		this.records.customerPayment!.push({ id, tranId: `PYMT${id}`, lastModifiedDate: NOW });
		this.links.push({ previous: String(invoice.id), next: id, type: 'Payment' });
		invoice.amountRemaining = cents(Number(invoice.amountRemaining) - amount);
	}

	protected handle(seen: Seen): { status: number; body?: unknown; headers?: Record<string, string> } {
		const { method, path, headers, query, body } = seen;
		if (path === '/auth/oauth2/v1/token') return this.token(seen.form);
		if (headers.authorization !== 'Bearer ns-token') throw refused(401, 'INVALID_LOGIN', 'Invalid login attempt.');
		if (path === '/query/v1/suiteql') return this.query(seen);
		const [, type = '', id] = /^\/record\/v1\/(\w+)(?:\/(.+))?$/.exec(path) ?? [];
		if (!this.records[type]) throw refused(404, 'NONEXISTENT_ID', `Record type ${type} does not exist`);
		if (id === undefined) return { status: 200, body: paged(this.records[type].map((row) => ({ links: [], id: row.id })), query, `${this.url}${path}`) };
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

	private query({ headers, query, body, path }: Seen): { status: number; body: unknown } {
		if (headers.prefer !== 'transient') throw refused(400, 'INVALID_PARAMETER', 'Prefer: transient is needed');
		this.queries.push(String(body.q));
		const rows = rowsFor(String(body.q), { items: this.items, records: this.records, links: this.links });
		if (!rows) throw refused(400, 'INVALID_PARAMETER', `Invalid search query: ${String(body.q)}`);
		return { status: 200, body: paged(rows, query, `${this.url}${path}`) };
	}

	private upsert(type: string, known: Row | undefined, externalId: string, body: Row, query: URLSearchParams): { status: number; headers: Record<string, string> } {
		if (!/^[\w-]+$/.test(externalId)) throw refused(400, 'INVALID_EXTERNAL_ID', externalId);
		const row = known ?? { id: String(++this.made), externalId, [type === 'customer' ? 'entityId' : 'tranId']: `${type}${this.made}` };
		if (!known) this.records[type]!.push(row);
		this.change(type, row, body, query);
		return { status: 204, headers: { location: `${this.url}/record/v1/${type}/${String(row.id)}` } };
	}

	private change(type: string, row: Row, body: Row, query: URLSearchParams): void {
		const { item, ...fields } = body as { item?: { items: Row[] } } & Row;
		const before = (row.item as { items: Row[] } | undefined)?.items ?? [];
		Object.assign(row, fields, { lastModifiedDate: NOW });
		if (type !== 'salesOrder') return;
		const lines = item === undefined ? before : query.get('replace') === 'item' ? item.items : [...before, ...item.items];
		const items = lines.map((line, i) => ({ ...line, line: i + 1, item: { id: (line.item as Row).id, refName: this.items.find(({ id }) => id === (line.item as Row).id)?.itemid } }));
		const net = cents(items.reduce((sum, line) => sum + Number((line as Row).amount), 0));
		// The customer's own where none is sent.
		const currency = { id: (row.currency as Row | undefined)?.id ?? '4' };
		const entity = { ...(row.entity as Row), refName: this.records.customer!.find(({ id }) => id === (row.entity as Row).id)?.companyName };
		Object.assign(row, { entity, item: { items }, currency: { ...currency, refName: this.records.currency!.find(({ id }) => id === currency.id)?.name }, subtotal: net, taxTotal: cents(net / 10), total: cents(net + cents(net / 10)) });
	}
}

/** As "Collection Paging" shows it. */
function paged(rows: readonly Row[], query: URLSearchParams, url: string): Row {
	const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 1000)];
	if (limit < 1 || limit > 1000 || offset % limit !== 0) throw refused(400, 'INVALID_PARAMETER', 'Offset must be divisible by limit');
	const items = rows.slice(offset, offset + limit);
	const hasMore = offset + limit < rows.length;
	return { links: [{ rel: 'self', href: `${url}?limit=${limit}&offset=${offset}` }, ...(hasMore ? [{ rel: 'next', href: `${url}?limit=${limit}&offset=${offset + limit}` }] : [])], count: items.length, hasMore, offset, totalResults: rows.length, items };
}

function refused(status: number, code: string, detail: string): Refused {
	return new Refused(status, { type: 'https://www.rfc-editor.org/rfc/rfc9110.html', title: 'Refused', status, 'o:errorDetails': [{ detail, 'o:errorCode': code }] });
}
