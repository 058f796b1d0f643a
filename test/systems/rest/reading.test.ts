// What reading by a profile promises: any plausible record becomes a document, what does not is told with file, place and
// record, nothing is taken for somebody else's, and further reads are few.
import fc from 'fast-check';
import { Failure } from '../../../nodes/core/failure';
import { collect } from '../../../nodes/core/pages';
import { toDocument, urlOf } from '../../../nodes/RestErp/rest.documents';
import { find, findMany } from '../../../nodes/RestErp/rest.find';
import { pending } from '../../../nodes/RestErp/rest.pending';
import { Reader } from '../../../nodes/RestErp/rest.reading';
import type { Services } from '../../../nodes/RestErp/rest.services';
import { Api, type Json, Reply, servicesOn } from './reading.api';

const READ = {
	number: 'record.no',
	date: 'record.day',
	currency: 'record.currency',
	status: 'record.state',
	customer: { id: 'record.customer.id', name: 'record.customer.name' },
	lines: 'record.rows.{"code": sku, "name": text, "quantity": qty, "price": price, "taxes": tax ? {"rate": tax}}',
	totals: { net: 'record.net', tax: 'record.vat', total: 'record.total' },
};
const ORDER = { module: 'orders', modified: 'record.changed', key: 'record.ours', read: READ, get: { path: '/orders/{id}' }, list: { path: '/orders', query: { since: 'since' } } };
const record = (values: Json = {}): Json => ({ id: 7, no: 'SO-7', day: '2026-11-02', currency: 'EUR', state: 'draft', customer: { id: 3, name: 'Amber Bakery' }, rows: [{ sku: 'W-1', text: 'Widget', qty: 2, price: '10.50', tax: 10 }], net: 21, vat: 2.1, total: '23.10', changed: '2026-11-22T11:00:00.5Z', ...values });

const order = (more: Json = {}, profile: Json = {}): { api: Api; services: Services; reader: Reader } => {
	const api = new Api();
	const services = servicesOn(api, { ...profile, kinds: { order: { ...ORDER, ...more }, customer: { module: 'customers', read: { name: 'record.name' } } } });
	return { api, services, reader: new Reader(services) };
};
const failure = async (work: Promise<unknown>): Promise<Failure> => {
	const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
	if (!(error instanceof Failure)) throw new Error(`a Failure is expected, not ${String(error)}`);
	return error;
};

describe('a record as a document', () => {
	it('has key, source and what the mapping says', async () => {
		const { services } = order();
		expect(await toDocument(services, 'order', record({ ours: 'vtiger:Quotes:4x38' }))).toMatchObject({
			kind: 'order',
			key: 'erp:orders:7',
			number: 'SO-7',
			source: { installation: 'erp', module: 'orders', id: '7', number: 'SO-7', url: 'https://erp.example/api/orders/7', modifiedAt: '2026-11-22T11:00:00Z' },
			refs: [{ system: 'vtiger', kind: 'order', id: '4x38', key: 'vtiger:Quotes:4x38' }],
			customer: { kind: 'customer', key: 'erp:customers:3', name: 'Amber Bakery' },
			lines: [{ key: '1', code: 'W-1', quantity: '2', price: '10.5', taxes: [{ rate: '10' }] }],
			totals: { net: '21', tax: '2.1', total: '23.1' },
		});
	});

	it.each<[string, Json, Json]>([
		['no line', { rows: [] }, { lines: [] }],
		['a line alone', { rows: { sku: 'W-1', qty: 1, price: 1 } }, { lines: [{ key: '1', code: 'W-1' }] }],
		['two lines', { rows: [{ sku: 'A', qty: 1, price: 1 }, { sku: 'B', qty: 1, price: 1 }] }, { lines: [{ key: '1' }, { key: '2' }] }],
		['digits beyond what a number holds', { net: '12345678901234567890.12' }, { totals: { net: '12345678901234567890.12' } }],
		['an exponent', { net: '1.5E+3', vat: '.5', total: 1e21 }, { totals: { net: '1500', tax: '0.5', total: '1000000000000000000000' } }],
		['a number as a text', { no: 70021, currency: '' }, { number: '70021' }],
		['null and empty everywhere', { day: null, currency: '', customer: null, rows: null }, { status: 'draft', lines: [] }],
		['a time as a date', { day: '2026-11-02T00:00:00Z' }, { date: '2026-11-02' }],
		['/Date()/ as a date', { day: '/Date(1795305600000)/' }, { date: '2026-11-22' }],
	])('with %s', async (_name, values, expected) => {
		const { services } = order();
		expect(await toDocument(services, 'order', record(values))).toMatchObject(expected);
	});

	it.each([[''], [null]])('is refused with %j as its state: it is not taken for a draft', async (state) => {
		const { services } = order();
		await expect(toDocument(services, 'order', record({ state }))).rejects.toThrow(/order SO-7: .*kinds\.order\.read\.status: gives nothing/);
	});

	it('takes yes and no in the words of several systems', async () => {
		const services = servicesOn(new Api(), { kinds: { product: { module: 'items', read: { name: 'record.name', active: 'record.active' } } } });
		const active = async (value: unknown) => (await toDocument(services, 'product', { id: 1, name: 'x', active: value })).active;
		for (const yes of [true, 1, '1', 'true', 'Y', 'tYES']) expect(await active(yes)).toBe(true);
		for (const no of [false, 0, '0', 'false', 'n', 'tNO']) expect(await active(no)).toBe(false);
		expect(await active(null)).toBe(true);
		expect((await failure(active('perhaps'))).message).toContain('kinds.product.read.active: gives "perhaps" where true or false is needed');
	});

	it.each<[string, Json, string]>([
		['a quantity that is no number', { rows: [{ sku: 'A', qty: 'two', price: 1 }] }, 'kinds.order.read.lines.0.quantity: gives "two": "two" is not a decimal number'],
		['a quantity that is an object', { rows: [{ sku: 'A', qty: { value: 2 }, price: 1 }] }, 'kinds.order.read.lines.0.quantity: gives {"value":2} where a decimal number is needed'],
		['no price', { rows: [{ sku: 'A', qty: 1 }] }, 'kinds.order.read.lines.0.price: gives nothing, and it is needed'],
		['a state of its own', { state: 'parked' }, 'kinds.order.read.status: gives "parked"; it must be one of draft, confirmed, done, cancelled'],
		['a date that is none', { day: 'soon' }, 'kinds.order.read.date: gives "soon", which is not a date'],
		['an object as the name of the customer', { customer: { id: 3, name: { first: 'Amber' } } }, 'kinds.order.read.customer.name: gives {"first":"Amber"} where a text is needed'],
		['an object as a text', { currency: { code: 'EUR', sign: 'E' } }, 'kinds.order.read.currency: gives {"code":"EUR","sign":"E"} where a text is needed'],
		['several values as a text', { currency: ['EUR', 'USD'] }, 'kinds.order.read.currency: gives 2 values where a text is needed'],
		['a time that is none', { changed: 'yesterday' }, 'kinds.order.modified: "record.changed" gives "yesterday", which is not a time in the format "iso"'],
	])('with %s is refused, with file, place and record', async (_name, values, message) => {
		const { services } = order();
		const refused = await failure(toDocument(services, 'order', record(values)));
		expect(refused.kind).toBe('rejected');
		expect(refused.message).toContain(`profile in the credential, ${message}`);
		if (!message.includes('modified')) expect(refused.record).toBe('order SO-7');
	});

	it('the customer of a document is an object, or nothing', async () => {
		const reading = (customer: string) => toDocument(order({ read: { ...READ, customer } }).services, 'order', record());
		expect((await reading('record.nobody.{"id": id}')).customer).toBeUndefined();
		expect((await reading('record.nothing ? {"id": id} : {"id": null, "name": ""}')).customer).toBeUndefined();
		expect((await failure(reading('record.customer.name'))).message).toContain('kinds.order.read.customer: gives "Amber Bakery" where an object is needed');
		expect((await failure(reading('record.customer.{"name": name}'))).message).toContain('kinds.order.read.customer.key: gives nothing, and it is needed');
	});

	it('without an id is refused', async () => {
		const { services } = order({ id: 'record.uid' });
		expect((await failure(toDocument(services, 'order', record()))).message).toContain('kinds.order.id: "record.uid" gives nothing for an object with "id", "no"');
	});

	it('a field that no document has is refused, with the one that was meant', async () => {
		const { services } = order({ read: { ...READ, curency: 'record.currency' } });
		const refused = await failure(toDocument(services, 'order', record()));
		expect(refused.message).toMatch(/kinds\.order\.read\.curency: no order has such a field.*Did you mean "currency"/);
		const deep = await failure(toDocument(order({ read: { ...READ, totals: { nett: 'record.net' } } }).services, 'order', record()));
		expect(deep.message).toContain('kinds.order.read.totals.nett');
	});

	it('whatever a record holds, it becomes a document or a failure in words', async () => {
		const { services } = order();
		await fc.assert(
			fc.asyncProperty(fc.dictionary(fc.constantFrom('no', 'day', 'currency', 'state', 'customer', 'rows', 'net', 'changed'), fc.jsonValue()), async (values) => {
				try {
					const document = await toDocument(services, 'order', record(values as Json));
					expect(document.key).toBe('erp:orders:7');
				} catch (error) {
					expect(error).toBeInstanceOf(Failure);
					expect((error as Failure).message).toMatch(/kinds\.order\.(read|modified)/);
				}
			}),
			{ numRuns: 200 },
		);
	});
});

describe('the address of a record', () => {
	it.each([
		['/app/order/{id}', 'https://erp.example/app/order/A%20%2F%23%3F'],
		['https://{settings.host}/o?no={number}#tab', 'https://people.example/o?no=N%261#tab'],
		['{settings.page}/o/{id}', 'https://people.example/x/o/A%20%2F%23%3F'],
		['ui/{module}/{id}', 'https://erp.example/api/ui/orders/A%20%2F%23%3F'],
		['javascript:alert({id})', 'https://erp.example/api'],
	])('%s', async (url, address) => {
		const { services } = order({ url }, { settings: { host: { title: 'Host', default: 'people.example' }, page: { title: 'Page', default: 'https://people.example/x' } } });
		expect(await urlOf(services, 'order', { id: 'A /#?', number: 'N&1' })).toBe(address);
	});
});

describe('get', () => {
	const find = { find: { number: { path: '/orders', query: { q: 'value' } } } };
	const rows = [record({ id: 1, no: 'SO-1' }), record({ id: 2, no: 'SO-10' }), record({ id: 3, no: 'SO-2' }), record({ id: 4, no: 'SO-2' })];
	const searching = (api: Api) => {
		// A search that finds parts of words.
		api.routes = { '/orders': ({ q }) => rows.filter(({ no }) => String(no).includes(q ?? '')), '/orders/': (_query, id) => rows.find((row) => String(row.id) === id) };
	};

	it('by id and by number', async () => {
		const { api, reader } = order(find);
		searching(api);
		expect((await reader.get('order', '3')).number).toBe('SO-2');
		expect((await reader.get('order', 'number:SO-1')).source!.id).toBe('1');
	});

	it('of what is not there is missing, and names it', async () => {
		const { api, reader } = order(find);
		searching(api);
		for (const [ref, words] of [['99', 'no order with the id 99 in'], ["number:O'NONE-1", "no order with the number O'NONE-1 in"], ['number:SO-', 'no order with the number SO- in']] as const) {
			const missing = await failure(reader.get('order', ref));
			expect([missing.kind, missing.message]).toEqual(['missing', expect.stringContaining(words)]);
		}
	});

	it('of a number that several have is ambiguous, and names their ids', async () => {
		const { api, reader } = order(find);
		searching(api);
		const several = await failure(reader.get('order', 'number:SO-2'));
		expect([several.kind, several.message]).toEqual(['ambiguous', expect.stringContaining('2 orders have the number SO-2')]);
		expect(several.message).toContain('3, 4');
	});

	it('of what the profile does not know how to read says what to add', async () => {
		const { reader } = order({ get: undefined });
		expect((await failure(reader.get('order', '1'))).message).toContain('Add kinds.order.get');
		expect((await failure(reader.get('order', 'number:1'))).message).toContain('Add kinds.order.find.number');
		expect((await failure(reader.get('quote', '1'))).message).toContain('knows no quote');
	});

	it('passes on what the server refuses', async () => {
		const { api, reader } = order();
		api.routes = { '/orders/': () => new Reply(400, { message: 'the id must be a number' }) };
		expect(await failure(reader.get('order', 'no-id'))).toMatchObject({ kind: 'rejected', said: 'the id must be a number' });
	});
});

describe('list', () => {
	const many = Array.from({ length: 25 }, (_, i) => record({ id: i + 1, no: `SO-${i + 1}`, changed: new Date(Date.parse('2026-11-22T10:00:00Z') + i * 1_000).toISOString() }));
	const PAGED = { paging: { style: 'offset', offset: 'skip', limit: 'top', pageSize: 10 } };
	const serving = (api: Api) => {
		api.routes = {
			'/orders': ({ skip = '0', top = '10', since, q }) => many.filter((row) => (since === undefined || String(row.changed) > since) && (q === undefined || row.no === q)).slice(Number(skip), Number(skip) + Number(top)),
		};
	};

	it('gives all pages, each once, and no more than were asked for', async () => {
		const { api, reader } = order({}, PAGED);
		serving(api);
		expect((await collect(reader.list('order', {}))).map(({ number }) => number)).toEqual(many.map(({ no }) => no));
		api.calls.length = 0;
		expect(await collect(reader.list('order', { limit: 3 }))).toHaveLength(3);
		expect(api.calls).toHaveLength(1);
		expect(await collect(reader.list('order', { limit: 0 }))).toEqual([]);
	});

	it('since a time, that time included, whatever "since" means to the server', async () => {
		const { api, reader } = order({}, PAGED);
		serving(api);
		const since = await collect(reader.list('order', { modifiedSince: '2026-11-22T10:00:20Z' }));
		expect(since.map(({ number }) => number)).toEqual(['SO-21', 'SO-22', 'SO-23', 'SO-24', 'SO-25']);
	});

	it('since a time by the request for changes, where the list knows no time', async () => {
		const { api, reader } = order({ list: { path: '/orders' }, changes: { request: { path: '/orders', query: { since: 'since' } } } }, PAGED);
		serving(api);
		expect(await collect(reader.list('order', { modifiedSince: '2026-11-22T10:00:24Z' }))).toHaveLength(1);
		expect(api.calls[0]).toContain('since=2026-11-22T10%3A00%3A23Z');
		expect(await collect(reader.list('order', {}))).toHaveLength(25);
	});

	it('since a time that nothing in the profile can ask for is refused with advice', async () => {
		const { reader } = order({ list: { path: '/orders', query: { since: '"2020"' } } });
		const refused = await failure(collect(reader.list('order', { modifiedSince: '2026-11-22T10:00:24Z' })));
		expect([refused.kind, refused.message]).toEqual(['rejected', expect.stringContaining('Let kinds.order.list use "since"')]);
		expect((await failure(collect(order().reader.list('order', { modifiedSince: 'soon' })))).message).toContain('"soon" is not a time');
	});

	it('by a field: found by one, compared by the others', async () => {
		const { api, reader } = order({ find: { number: { path: '/orders', query: { q: 'value' } } } }, PAGED);
		serving(api);
		expect((await collect(reader.list('order', { where: { number: 'SO-4' } }))).map(({ source }) => source!.id)).toEqual(['4']);
		expect(await collect(reader.list('order', { where: { number: "O'NONE-1" } }))).toEqual([]);
		expect(await collect(reader.list('order', { where: { status: 'confirmed', number: 'SO-4' } }))).toEqual([]);
		expect(await collect(reader.list('order', { where: { status: 'draft', number: 'SO-4' } }))).toHaveLength(1);
		expect(await collect(reader.list('order', { where: { number: 'SO-4' }, modifiedSince: '2026-11-22T10:00:04Z' }))).toEqual([]);
		expect((await failure(collect(reader.list('order', { where: { colour: 'red' } })))).message).toContain('by "colour". Known: number');
	});

	it('that holds little more than ids reads each record', async () => {
		const { api, reader } = order({ list: { path: '/orders', whole: false } });
		api.routes = { '/orders': () => [{ id: 1 }, { id: 2 }, { id: 3 }], '/orders/': (_query, id) => (id === '2' ? undefined : record({ id })) };
		expect((await collect(reader.list('order', {}))).map(({ source }) => source!.id)).toEqual(['1', '3']);
		api.calls.length = 0;
		await collect(reader.list('order', { limit: 1 }));
		expect(api.calls).toEqual(['GET /orders', 'GET /orders/1']);
	});
});

it('a page of many long records is read in peace: the limit of an expression is not shared', async () => {
	const { services, reader } = order();
	const rows = Array.from({ length: 150 }, (_, i) => record({ id: i + 1, rows: Array.from({ length: 40 }, () => ({ sku: 'W-1', text: 'Widget', qty: 2, price: '10.50', tax: 10 })) }));
	let longest = 0;
	const value = services.evaluator.value.bind(services.evaluator);
	services.evaluator.value = async (...given) => {
		const began = process.cpuUsage();
		const result = await value(...given);
		longest = Math.max(longest, process.cpuUsage(began).user);
		return result;
	};
	// Time of this process: what others take on a busy machine does not count.
	const began = process.cpuUsage();
	expect(await reader.documentsOf('order', rows)).toHaveLength(150);
	expect(longest).toBeLessThan(process.cpuUsage(began).user / 3);
}, 60_000);

describe('what is read beside a record', () => {
	const WITH = { customer: { path: '/customers/{record.customer.id}', record: 'answer' }, rows: { path: '/orders/{id}/rows', items: 'answer.rows' }, country: { path: '/countries/{with.customer.country}', record: 'answer' }, none: { path: '/never/{record.nothing}', record: 'answer' } };
	const READS = { read: { number: 'record.no', subject: 'with.customer.name & " in " & with.country.name', lines: 'with.rows.{"code": sku, "quantity": 1, "price": 1}' }, with: WITH };
	const serving = (api: Api) => {
		api.routes = {
			'/orders': () => [1, 2, 3, 4].map((id) => record({ id, customer: { id: id % 2 } })),
			'/orders/1/rows': () => ({ rows: [{ sku: 'A' }, { sku: 'A' }] }),
			'/orders/2/rows': () => ({ rows: [{ sku: 'B' }] }),
			'/orders/3/rows': () => ({ rows: [] }),
			'/orders/4/rows': () => ({ rows: [{ sku: 'D' }] }),
			'/customers/': (_query, id) => ({ id, name: `Customer ${id}`, country: 'DE' }),
			'/countries/': () => ({ name: 'Germany' }),
		};
	};

	it('goes together for a page, the same call once, and what needs another read comes after it', async () => {
		const { api, reader } = order(READS);
		serving(api);
		const documents = await collect(reader.list('order', {}));
		expect(documents.map(({ subject }) => subject)).toEqual(['Customer 1 in Germany', 'Customer 0 in Germany', 'Customer 1 in Germany', 'Customer 0 in Germany']);
		expect(documents.map(({ lines }) => lines.map(({ code }) => code).join())).toEqual(['A,A', 'B', '', 'D']);
		expect(api.calls.filter((call) => call.includes('/customers/'))).toHaveLength(2);
		expect(api.calls.filter((call) => call.includes('/countries/'))).toHaveLength(1);
		expect(api.calls).toHaveLength(1 + 2 + 4 + 1);
	});

	it('that is gone is nothing; that is refused is told of the record', async () => {
		const { api, services, reader } = order(READS);
		serving(api);
		api.routes['/customers/'] = () => undefined;
		expect((await reader.documentsOf('order', [record({ id: 2 })]))[0]!.subject).toBe(' in ');
		api.routes['/customers/'] = () => new Reply(403, { message: 'no rights' });
		expect(await failure(new Reader(services).documentsOf('order', [record({ id: 2 })]))).toMatchObject({ kind: 'denied', record: 'order 2' });
	});

	it.each([
		['offset', { style: 'offset', offset: 'skip', limit: 'top', pageSize: 2 }],
		['cursor', { style: 'cursor', cursor: 'skip', next: 'answer.next', pageSize: 2 }],
		['next', { style: 'next', next: 'answer.link' }],
		['link', { style: 'link' }],
		['odata', { style: 'odata' }],
	])('comes with all its pages (%s)', async (_style, paging) => {
		const { api, reader } = order({ ...READS, with: { rows: { path: '/orders/{id}/rows', items: 'answer.value', paging } } });
		const rows = ['A', 'B', 'C', 'D', 'E'].map((sku) => ({ sku }));
		api.routes = {
			'/orders/7/rows': ({ skip = '0' }) => {
				const next = Number(skip) + 2 < rows.length ? String(Number(skip) + 2) : undefined;
				const link = next && `/api/orders/7/rows?skip=${next}`;
				return new Reply(200, { value: rows.slice(Number(skip), Number(skip) + 2), next, link, '@odata.nextLink': link }, link ? { link: `<${link}>; rel="next"` } : {});
			},
		};
		const [document] = await reader.documentsOf('order', [record()]);
		expect(document!.lines.map(({ code }) => code).join('')).toBe('ABCDE');
	});

	it('may be a list or a record where the profile does not say', async () => {
		const { api, reader } = order({ read: { number: '$string($count(with.list)) & with.one.name & $string($count(with.one.items))' }, with: { list: { path: '/list/{id}' }, one: { path: '/one/{id}' } } });
		api.routes = { '/list/': () => ({ items: [{ id: 1 }, { id: 2 }] }), '/one/': () => ({ id: 4, name: 'one', items: [1, 2, 3] }) };
		expect((await reader.documentsOf('order', [record()]))[0]!.number).toBe('2one3');
	});
});

describe('find', () => {
	const FINDS = { find: { key: { path: '/orders', query: { ours: 'value' } }, number: { path: '/orders/number/{value}' }, reference: { path: '/orders', query: { q: 'value' } } }, read: { ...READ, reference: 'record.po' } };

	it('by key never takes another record for ours', async () => {
		const { api, services } = order(FINDS);
		const rows = [record({ id: 1, ours: 'vtiger:Quotes:1' }), record({ id: 2, ours: 'vtiger:Quotes:11' }), record({ id: 3 })];
		// A server that does not heed the filter.
		api.routes = { '/orders': () => rows, '/orders/': (_query, id) => rows.find((row) => String(row.id) === id) };
		expect((await find(services, 'order', 'key', 'vtiger:Quotes:1')).map(({ id }) => id)).toEqual([1]);
		const silent = await failure(find(services, 'order', 'key', 'vtiger:Quotes:404'));
		expect([silent.kind, silent.message]).toEqual(['rejected', expect.stringContaining('kinds.order.find.key: finds 3 records of which kinds.order.key ("record.ours") gives nothing')]);
		rows.pop();
		expect(await find(services, 'order', 'key', 'vtiger:Quotes:404')).toEqual([]);
	});

	it('by key reads a record whole where the list does not tell its key', async () => {
		const { api, services } = order(FINDS);
		api.routes = { '/orders': () => [{ id: 1 }, { id: 2 }], '/orders/': (_query, id) => record({ id, ours: `vtiger:Quotes:${id}` }) };
		expect(await find(services, 'order', 'key', 'vtiger:Quotes:2')).toMatchObject([{ id: '2', no: 'SO-7' }]);
	});

	it('a key in another form says nothing against a record, where the server gives none for a key that no record has', async () => {
		const { api, services } = order({ ...FINDS, key: 'record.uuid' });
		const heeds = (query: Record<string, string>) => (Object.values(query).includes('none:none:none') ? [] : [record({ id: 1, uuid: 'b5c0' })]);
		api.routes = { '/orders': heeds };
		expect(await find(services, 'order', 'key', 'vtiger:Quotes:1')).toHaveLength(1);
		const { api: other, services: careless } = order({ ...FINDS, key: 'record.uuid' });
		other.routes = { '/orders': () => [record({ id: 1, uuid: 'b5c0' })] };
		expect((await failure(find(careless, 'order', 'key', 'vtiger:Quotes:1'))).message).toContain('for a key that no record has');
	});

	it('a server that finds a fault in a key that no record has looks at keys', async () => {
		const { api, services } = order({ ...FINDS, key: undefined });
		api.routes = { '/orders': (query) => (Object.values(query).includes('none:none:none') ? new Reply(400, { message: 'no such number' }) : [record({ id: 1 })]) };
		expect(await find(services, 'order', 'key', 'vtiger:Quotes:1')).toHaveLength(1);
	});

	it('in a path that leads nowhere finds nothing', async () => {
		const { services } = order(FINDS);
		expect(await find(services, 'order', 'number', 'SO-1')).toEqual([]);
		const { api, services: other } = order(FINDS);
		api.routes = { '/orders': () => new Reply(404, {}) };
		expect((await failure(find(other, 'order', 'key', 'a:b:c'))).kind).toBe('missing');
	});

	it('prefers what is written alike, else takes what differs in case and blanks only', async () => {
		const { api, services } = order(FINDS);
		api.routes = { '/orders': () => [record({ id: 1, po: 'po  17' }), record({ id: 2, po: 'PO 17' }), record({ id: 3, po: 'PO 171' })] };
		expect((await find(services, 'order', 'reference', 'PO 17')).map(({ id }) => id)).toEqual([2]);
		expect((await find(services, 'order', 'reference', 'Po 17')).map(({ id }) => id)).toEqual([1, 2]);
	});

	const PRODUCTS = (query: Json): Json => ({ kinds: { product: { module: 'items', read: { name: 'record.name', code: 'record.sku' }, find: { code: { path: '/items', query } } } } });

	it('many values in one call, where the profile asks for all of them', async () => {
		const api = new Api();
		const services = servicesOn(api, PRODUCTS({ skus: '$join(values, ",")' }));
		api.routes = { '/items': ({ skus }) => skus!.split(',').filter((sku) => sku !== 'NONE').flatMap((sku) => (sku === 'TWICE' ? [{ id: 8, sku }, { id: 9, sku }] : [{ id: 1, sku }])) };
		const found = await findMany(services, 'product', 'code', ['A', 'TWICE', 'NONE', 'A']);
		expect([...found].map(([code, rows]) => [code, rows.length])).toEqual([['A', 1], ['TWICE', 2], ['NONE', 0]]);
		expect(api.calls).toHaveLength(1);
		expect(await findMany(services, 'product', 'code', [])).toEqual(new Map());
	});

	it('many values in as many calls as addresses are long', async () => {
		const api = new Api();
		const services = servicesOn(api, PRODUCTS({ skus: '$join(values, ",")' }));
		api.routes = { '/items': ({ skus }) => skus!.split(',').map((sku) => ({ id: sku, sku })) };
		const codes = Array.from({ length: 45 }, (_, i) => `W-${i}`);
		const found = await findMany(services, 'product', 'code', codes);
		expect([...found].map(([code, rows]) => [code, rows.map(({ id }) => id)])).toEqual(codes.map((code) => [code, [code]]));
		expect(api.calls).toHaveLength(3);
	});

	it('many values in a call each, where it does not', async () => {
		const api = new Api();
		const services = servicesOn(api, PRODUCTS({ sku: 'value' }));
		api.routes = { '/items': ({ sku }) => (sku === 'NONE' ? [] : [{ id: 1, sku }]) };
		const found = await findMany(services, 'product', 'code', ['A', 'B', 'NONE', 'A']);
		expect([...found].map(([code, rows]) => [code, rows.length])).toEqual([['A', 1], ['B', 1], ['NONE', 0]]);
		expect(api.calls).toHaveLength(3);
	});
});

describe('pending', () => {
	const QUOTE = { module: 'quotes', read: { number: 'record.no', status: 'record.state', link: { key: 'record.erp', status: 'record.erpState' } }, pending: { accepted: { path: '/quotes', query: { state: 'state' } } } };
	const quotes = (rows: Json[]): { services: Services; reader: Reader; api: Api } => {
		const api = new Api();
		api.routes = { '/quotes': ({ skip = '0' }) => rows.slice(Number(skip), Number(skip) + 2) };
		const services = servicesOn(api, { paging: { style: 'offset', offset: 'skip', pageSize: 2 }, kinds: { quote: QUOTE } });
		return { services, reader: new Reader(services), api };
	};
	const ids = async ({ services, reader }: { services: Services; reader: Reader }, limit = 10, skip: string[] = []): Promise<string[]> => (await pending(services, reader, 'quote', 'accepted', { limit, skip: new Set(skip) })).map(({ source }) => source!.id);

	it('are those in the state without key and status, whatever the server takes the filter for', async () => {
		const setting = quotes([{ id: 1, state: 'accepted' }, { id: 2, state: 'accepted', erp: 'erp:orders:1' }, { id: 3, state: 'accepted', erpState: 'Needs attention' }, { id: 4, state: 'draft' }, { id: 5, state: 'accepted', erp: '', erpState: '' }]);
		expect(await ids(setting)).toEqual(['1', '5']);
		expect(setting.api.calls[0]).toContain('state=accepted');
	});

	it('are no more than asked for, without those that were handed over a moment ago', async () => {
		const setting = quotes([1, 2, 3, 4, 5].map((id) => ({ id, state: 'accepted' })));
		expect(await ids(setting, 2)).toEqual(['1', '2']);
		expect(await ids(setting, 2, ['1', '2', '4'])).toEqual(['3', '5']);
		expect(await ids(setting, 0)).toEqual([]);
	});

	it('are read whole only as far as they are wanted', async () => {
		const api = new Api();
		const rows = [1, 2, 3, 4, 5].map((id) => ({ id, state: 'accepted', ...(id === 1 ? { erp: 'erp:orders:1' } : {}) }));
		api.routes = { '/quotes': () => rows.map(({ id }) => ({ id })), '/quotes/': (_query, id) => rows.find((row) => String(row.id) === id) };
		const services = servicesOn(api, { kinds: { quote: { ...QUOTE, get: { path: '/quotes/{id}' }, pending: { accepted: { path: '/quotes', whole: false } } } } });
		expect(await ids({ services, reader: new Reader(services) }, 2)).toEqual(['2', '3']);
		expect(api.calls).toEqual(['GET /quotes', 'GET /quotes/1', 'GET /quotes/2', 'GET /quotes/3']);
	});

	it('in a state that the profile does not know are refused', async () => {
		const { services, reader } = quotes([]);
		expect((await failure(pending(services, reader, 'quote', 'toString', { limit: 1, skip: new Set() }))).message).toContain('Add kinds.quote.pending.toString');
	});
});
