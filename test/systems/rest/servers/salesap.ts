// Owns a small SalesapCRM as its documentation describes it: JSON:API with its media type, pages by number with the
// number of records, related records only where they are asked for, fields of one's own under customs. Shares nothing
// with the pack.
import { Refused, type Row, type Seen, SmallServer } from './exchange';

const MEDIA = 'application/vnd.api+json';
const PAGE = 2;

interface Resource {
	type: string;
	id: string;
	attributes: Row & { customs: Row };
	relationships: Record<string, { data?: unknown }>;
}

export class Salesap extends SmallServer {
	readonly records: Record<string, Resource[]> = { deals: [], orders: [], companies: [], contacts: [], products: [], 'deal-stages': [stage('deal-stages', '300', 'opened'), stage('deal-stages', '301', 'won'), stage('deal-stages', '302', 'lost')], 'order-stages': [stage('order-stages', '401', '')] };

	constructor(deals: number) {
		super();
		for (let n = 1; n <= deals; n++) this.records.deals!.push({ type: 'deals', id: String(n), attributes: { name: `Deal ${n}`, amount: n * 100.5, number: n, 'updated-at': '2026-11-22T12:07:51.572+03:00', customs: { 'custom-1': 'kept' } }, relationships: { company: { data: null }, contact: { data: null }, 'loss-reason': { data: null }, stage: { data: { type: 'deal-stages', id: '300' } } } });
	}

	protected handle({ method, path, query, headers, body }: Seen): { status: number; body?: unknown; headers?: Record<string, string> } {
		if (headers.authorization !== 'Bearer api_token') throw refused(401, 'Unauthorized');
		if (path === '/current-token') return { status: 200, body: { data: { type: 'tokens', id: '1', attributes: { name: 'integration' } } }, headers: { 'content-type': MEDIA } };
		const [, type = '', id] = /^\/([\w-]+)(?:\/(\d+))?$/.exec(path) ?? [];
		const records = this.records[type];
		if (!records) throw refused(404, 'Not found');
		if (id === undefined) return { status: 200, body: page(records.map((one) => asked(one, query)), query), headers: { 'content-type': MEDIA } };
		const record = records.find((one) => one.id === id);
		if (!record) throw refused(404, 'Record not found');
		if (method === 'PATCH') change(record, body, headers['content-type']);
		return { status: 200, body: { data: asked(record, query) }, headers: { 'content-type': MEDIA } };
	}
}

/** Relationships hold links only; data where "include" names them. */
function asked(record: Resource, query: URLSearchParams): Resource {
	const included = (query.get('include') ?? '').split(',').filter(Boolean);
	const unknown = included.find((name) => !(name in record.relationships));
	if (unknown !== undefined) throw refused(400, `${unknown} is not a valid includable relationship of ${record.type}`);
	const relationships = Object.entries(record.relationships).map(([name, { data }]) => [name, { links: { related: `/api/v1/${record.type}/${record.id}/${name}` }, ...(included.includes(name) ? { data } : {}) }]);
	return { ...record, relationships: Object.fromEntries(relationships) as Resource['relationships'] };
}

function stage(type: string, id: string, kind: string): Resource {
	return { type, id, attributes: { name: `Stage ${id}`, kind, customs: {} }, relationships: {} };
}

function page(records: readonly Resource[], query: URLSearchParams): Row {
	const size = Math.min(PAGE, Number(query.get('page[size]') ?? 50));
	const first = (Number(query.get('page[number]') ?? 1) - 1) * size;
	return { data: records.slice(first, first + size), meta: { 'record-count': records.length, 'page-count': Math.ceil(records.length / size) } };
}

function change(record: Resource, body: Row, type: string | undefined): void {
	const data = body.data as Partial<Resource> | undefined;
	if (type !== MEDIA) throw refused(415, `All requests must use the '${MEDIA}' media type`);
	if (data?.type !== record.type || data.id !== record.id) throw refused(409, 'type or id does not match');
	const { customs, ...attributes } = data.attributes ?? { customs: {} };
	Object.assign(record.attributes, attributes);
	Object.assign(record.attributes.customs, customs);
	Object.assign(record.relationships, data.relationships);
}

function refused(status: number, title: string): Refused {
	return new Refused(status, { errors: [{ title, detail: title, code: String(status), status: String(status) }] });
}
