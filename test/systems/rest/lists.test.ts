// Proves that a kind may lie in several lists: all of them are read, found in and watched; a record that two of them hold is
// one; and plain records of a module stay those of the module.
import { collect } from '../../../nodes/core/pages';
import { Probe } from '../../../nodes/RestErp/rest.actions.probe';
import { ChangeFinder } from '../../../nodes/RestErp/rest.changes';
import { find, findMany } from '../../../nodes/RestErp/rest.find';
import { Reader } from '../../../nodes/RestErp/rest.reading';
import { RestRecords } from '../../../nodes/RestErp/rest.records';
import { Api, type Json as Row, Reply, servicesOn } from './reading.api';

const READ = { number: 'record.no', type: "$exists(record.credits) ? 'creditNote' : 'invoice'", status: "'posted'", currency: "'EUR'" };
const ONE = (path: string, more: Row = {}): Row => ({ path, query: { since: 'since' }, items: 'answer.rows', ...more });
const INVOICE = {
	module: 'bills',
	id: "$exists(record.credits) ? 'credit-' & record.id : record.id",
	modified: 'record.changed',
	read: READ,
	get: { path: "/{$contains(id, 'credit-') ? 'credits' : 'bills'}/{$replace(id, 'credit-', '')}" },
	list: { ...ONE('/bills'), also: [ONE('/credits')] },
	find: { number: { path: '/bills', query: { no: 'value' }, items: 'answer.rows', also: [{ path: '/credits', query: { no: 'value' }, items: 'answer.rows' }] } },
	changes: { request: { ...ONE('/bills'), also: [ONE('/credits')] } },
};
const bill = (id: number, more: Row = {}): Row => ({ id, no: `B-${id}`, changed: `2026-11-22T11:00:0${id}Z`, ...more });
const credit = (id: number, more: Row = {}): Row => ({ id, no: `C-${id}`, credits: 1, changed: `2026-11-22T10:00:0${id}Z`, ...more });

function set(bills: Row[], credits: Row[], more: Row = {}, profile: Row = {}) {
	const api = new Api();
	const listed = (rows: Row[]) => ({ no, since, skip = '0' }: Record<string, string>) => ({ rows: rows.filter((row) => (no === undefined || row.no === no) && (since === undefined || String(row.changed) >= since)).slice(Number(skip), Number(skip) + 2) });
	const one = (rows: Row[]) => (_query: unknown, id: string) => rows.find((row) => String(row.id) === id);
	api.routes = { '/bills': listed(bills), '/credits': listed(credits), '/bills/': one(bills), '/credits/': one(credits) };
	const services = servicesOn(api, { paging: { style: 'offset', offset: 'skip', pageSize: 2 }, records: { items: 'answer.rows' }, ...profile, kinds: { invoice: { ...INVOICE, ...more } } });
	return { api, services, reader: new Reader(services) };
}

describe('a kind in several lists', () => {
	it('is listed out of all of them, page after page, and each record is read where it lies', async () => {
		const { reader } = set([bill(1), bill(2), bill(3)], [credit(1), credit(2), credit(3)]);
		const documents = await collect(reader.list('invoice', {}));
		expect(documents.map(({ number, type, source }) => `${type} ${number} ${source!.id}`)).toEqual(['invoice B-1 1', 'invoice B-2 2', 'invoice B-3 3', 'creditNote C-1 credit-1', 'creditNote C-2 credit-2', 'creditNote C-3 credit-3']);
		for (const { key, source, number } of documents) expect(await reader.get('invoice', source!.id)).toMatchObject({ key, number });
	});

	it('asks the next list only while more is wanted', async () => {
		const { api, reader } = set([bill(1), bill(2)], [credit(1)]);
		expect(await collect(reader.list('invoice', { limit: 1 }))).toHaveLength(1);
		expect(api.calls.filter((call) => call.includes('/credits'))).toEqual([]);
		expect((await collect(reader.list('invoice', { limit: 3 }))).at(-1)).toMatchObject({ number: 'C-1' });
	});

	it('is found in all of them, several values at once', async () => {
		const { services, reader } = set([bill(1)], [credit(2)]);
		expect(await reader.get('invoice', 'number:C-2')).toMatchObject({ type: 'creditNote', source: { id: 'credit-2' } });
		await expect(reader.get('invoice', 'number:C-9')).rejects.toMatchObject({ kind: 'missing' });
		const found = await findMany(services, 'invoice', 'number', ['C-2', 'B-1', 'C-9']);
		expect([...found.values()].map((rows) => rows.map(({ no }) => no))).toEqual([['C-2'], ['B-1'], []]);
	});

	it('is one record where two lists hold the same id: the first list counts', async () => {
		const { services, reader } = set([bill(1)], [bill(1, { no: 'B-1', old: true })]);
		expect(await find(services, 'invoice', 'number', 'B-1')).toEqual([bill(1)]);
		expect(await collect(reader.list('invoice', {}))).toHaveLength(1);
	});

	it.each([[false], [true]])('loses no change of the second list (oldest first: %s), however small the portions', async (oldestFirst) => {
		const { services, reader } = set([bill(1), bill(2), bill(3)], [credit(1), credit(2)], { changes: { ...INVOICE.changes, oldestFirst } });
		const changes = new ChangeFinder(services, reader);
		const told: Array<string | undefined> = [];
		let query: Parameters<ChangeFinder['since']>[1] = { budget: 1, from: '2026-11-22T09:00:00Z' };
		for (let more = true; more; ) {
			const set = await changes.since('invoice', query);
			told.push(...set.documents.map((document) => ('number' in document ? document.number : undefined)));
			query = { budget: 1, cursor: set.cursor };
			({ more } = set);
		}
		expect(told).toEqual(['C-1', 'C-2', 'B-1', 'B-2', 'B-3']);
	});

	it('says which of the lists failed, and gives nothing half', async () => {
		const { api, services } = set([bill(1)], []);
		api.routes['/credits'] = () => new Reply(200, { nothing: 'here' });
		await expect(find(services, 'invoice', 'number', 'B-1')).rejects.toThrow(/kinds\.invoice\.find\.number\.also\.0/);
	});

	it('reads little lists whole by their ids', async () => {
		const whole = { list: { ...INVOICE.list, whole: false } };
		const { api, reader } = set([bill(1)], [credit(1)], whole);
		expect(await collect(reader.list('invoice', {}))).toHaveLength(2);
		expect(api.calls).toContain('GET /credits/1');
	});

	it('shows each list in the test of the profile', async () => {
		const { services } = set([bill(1)], [credit(1)]);
		const { rows, document } = await new Probe(services).kind('invoice');
		expect(rows.filter(({ endpoint }) => endpoint.startsWith('list'))).toMatchObject([{ endpoint: 'list', records: 1, document: { type: 'invoice' } }, { endpoint: 'list.also.0', records: 1, document: { type: 'creditNote' } }]);
		expect(document).toMatchObject({ type: 'invoice' });
	});

	it('leaves plain records those of their module', async () => {
		const { services } = set([bill(1)], [credit(1)]);
		expect(await collect(new RestRecords(services).list('bills', undefined, undefined))).toEqual([bill(1)]);
	});
});
