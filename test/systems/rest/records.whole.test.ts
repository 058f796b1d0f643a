// Proves that a change of a few fields of a plain record loses nothing where the server replaces the whole record, wants
// its revision in it, and keeps lists under another path than the one that takes new records.
import { createTransport } from '../../../nodes/kit/http';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import { readEndpoint } from '../../../nodes/RestErp/rest.credential';
import { RestRecords } from '../../../nodes/RestErp/rest.records';
import type { Row } from '../../../nodes/RestErp/rest.services';
import { stopServers } from '../../kit/server';
import { TestClock } from '../send';
import { credential, refusal, server } from './talk';

afterEach(stopServers);

/** Keeps documents as CouchDB does: PUT replaces, `_rev` must be the last one, lists are rows around the documents. */
function couch(rows: Map<string, Row>) {
	return set(({ method, url = '', body }, respond) => {
		const [path = '', search = ''] = url.split('?');
		const [, , id] = path.split('/');
		if (id === '_all_docs') return method === 'GET' ? respond(200, { total_rows: rows.size, rows: [...rows.values()].map((doc) => (search.includes('include_docs=true') ? { id: doc._id, doc } : { id: doc._id })) }) : respond(200, { total_rows: rows.size, rows: [] });
		const values = body ? (JSON.parse(body) as Row) : {};
		const known = rows.get(id ?? String(values._id ?? 'made-1'));
		if (method === 'GET') return known ? respond(200, known) : respond(404, { error: 'not_found' });
		if (method === 'DELETE') return search === `rev=${String(known?._rev)}` ? (rows.delete(id!), respond(200, { ok: true })) : respond(409, { error: 'conflict' });
		if (known && values._rev !== known._rev) return respond(409, { error: 'conflict', reason: 'Document update conflict' });
		const made = { ...values, _id: id ?? 'made-1', _rev: `${parseInt(String(known?._rev ?? '0'), 10) + 1}-x` };
		rows.set(made._id, made);
		return respond(201, { ok: true, id: made._id, rev: made._rev });
	});
}

const RECORDS = { id: 'record._id ? record._id : record.id', list: '/{module}/_all_docs', query: { include_docs: 'true' }, create: '/{module}', items: '[answer.rows.doc]', updateMethod: 'PUT', body: '$merge([record, values])' };
const CUSTOMER = { module: 'customers', id: 'record._id', version: 'record._rev', read: { name: 'record.name' }, get: { path: '/customers/{id}' }, identity: { by: 'chosenId', id: '$uuid(key)' }, body: { name: 'document.name' }, create: { path: '/customers/{id}', id: 'answer.id' }, update: { method: 'PUT', path: '/customers/{id}', body: '$merge([record, body, {"touched": true}])' }, remove: { path: '/customers/{id}', query: { rev: 'record._rev' } } };

async function set(handle: Parameters<typeof server>[0]) {
	const made = await server(handle);
	const fields = credential(made.url, { records: RECORDS, kinds: { customer: CUSTOMER } });
	const clock = new TestClock();
	return { records: new RestRecords(servicesFor(fields, { send: createTransport(readEndpoint(fields), clock), clock })), sent: () => made.requests.map(({ method, url }) => `${method} ${url}`) };
}

const ADA = (): Map<string, Row> => new Map([['7', { _id: '7', _rev: '3-a', name: 'Ada', phone: '1' }]]);

test('by the conventions: the body is built on the record', async () => {
	const rows = ADA();
	const { records, sent } = await couch(rows);
	expect(await records.update('notes', '7', { phone: '2' })).toEqual({ _id: '7', _rev: '4-x', name: 'Ada', phone: '2' });
	expect(sent()).toEqual(['GET /notes/7', 'PUT /notes/7', 'GET /notes/7']);
});

test('by the kind\'s own update: its body is built on the record, too', async () => {
	const rows = ADA();
	const { records } = await couch(rows);
	expect(await records.update('customers', '7', { phone: '2' })).toEqual({ _id: '7', _rev: '4-x', name: 'Ada', phone: '2', touched: true });
});

test('a removal names the revision where the kind\'s own says so', async () => {
	const rows = ADA();
	const { records } = await couch(rows);
	await records.remove('customers', '7');
	expect(rows.size).toBe(0);
});

test('what is not there is told, and not made', async () => {
	const rows = ADA();
	const { records } = await couch(rows);
	for (const module of ['notes', 'customers']) expect(await refusal(records.update(module, '8', { phone: '2' }))).toMatchObject({ kind: 'missing' });
	expect(rows.size).toBe(1);
});

test.each(['notes', 'customers'])('a new record of %s goes where new ones go, lists are asked for as the profile says', async (module) => {
	const rows = ADA();
	const { records, sent } = await couch(rows);
	expect(await records.create(module, { name: 'Bo' })).toEqual({ _id: 'made-1', _rev: '1-x', name: 'Bo' });
	const listed: Row[] = [];
	for await (const some of records.list(module, undefined, undefined)) listed.push(...some);
	expect(listed.map(({ _id }) => _id)).toEqual(['7', 'made-1']);
	expect(sent()).toEqual([`POST /${module}`, `GET /${module}/made-1`, `GET /${module}/_all_docs?include_docs=true`]);
});
