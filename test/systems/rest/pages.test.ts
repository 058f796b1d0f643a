// Proves every style of paging: nothing lost and nothing twice, whatever the size of the pages and whatever is written or
// removed meanwhile; and that no server can keep the reading going for ever or lead it elsewhere.
import fc from 'fast-check';
import '../../seed';
import { Failure } from '../../../nodes/core/failure';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import type { ListRequest } from '../../../nodes/RestErp/rest.profile.parts';
import type { Row } from '../../../nodes/RestErp/rest.services';
import { TestClock } from '../send';
import { type Asked, ListApi, type Turn } from './pages.api';
import { credential } from './talk';

const URL_BASE = 'https://erp.test/api/v1';

interface Reading {
	paging: Record<string, unknown>;
	request?: Partial<ListRequest>;
	profile?: Record<string, unknown>;
	id?: (row: Row) => string | undefined;
	url?: string;
}

/** All rows, page by page. */
async function read(api: Pick<ListApi, 'send'>, { paging, request = {}, profile = {}, id = (row) => String(row.id), url = URL_BASE }: Reading): Promise<Row[][]> {
	const services = servicesFor(credential(url, { paging, ...profile }), { send: api.send, clock: new TestClock() });
	const pages: Row[][] = [];
	for await (const rows of services.requests.pages('kinds.order.list', { path: '/orders', ...request }, {}, async (row) => await Promise.resolve(id(row)))) pages.push(rows);
	return pages;
}

async function refusal(work: Promise<unknown>): Promise<Failure> {
	const outcome = await work.catch((error: unknown) => error);
	if (outcome instanceof Failure) return outcome;
	throw new Error(`No failure, but ${JSON.stringify(outcome)}`);
}

/** Each item that stayed came, and no item came twice. */
function expectWhole(api: ListApi, pages: Row[][]): void {
	const ids = pages.flat().map(({ id }) => id as number);
	expect(ids.length).toBe(new Set(ids).size);
	expect([...api.lasting].filter((id) => !ids.includes(id))).toEqual([]);
	expect(pages.every((rows) => rows.length > 0)).toBe(true);
}

const count = fc.nat(40);
const size = fc.integer({ min: 1, max: 9 });
const inserts: fc.Arbitrary<Turn[]> = fc.array(fc.record({ inserts: fc.nat(2), deletes: fc.constant([]) }), { maxLength: 12 });
/** Between two calls something is added or removed, not both: the number of items would hide it. */
const either: fc.Arbitrary<Turn[]> = fc.array(fc.oneof(fc.record({ inserts: fc.nat(2), deletes: fc.constant([]) }), fc.record({ inserts: fc.constant(0), deletes: fc.array(fc.nat(), { maxLength: 2 }) })), { maxLength: 12 });
const anything: fc.Arbitrary<Turn[]> = fc.array(fc.record({ inserts: fc.nat(3), deletes: fc.array(fc.nat(), { maxLength: 3 }) }), { maxLength: 15 });
const RUNS = { numRuns: 150 };

const number = (asked: Asked, name: string, otherwise: number): number => Number(asked.query.get(name) ?? otherwise);

describe('by page number', () => {
	const server = (total: boolean) => (api: ListApi, asked: Asked) => {
		const size = Math.min(number(asked, 'size', 100), (api as unknown as { manner: { most: number } }).manner.most);
		return { body: { data: api.slice((number(asked, 'page', 1) - 1) * size, size), ...(total ? { total: api.items.length } : {}) } };
	};

	it('gives everything once, whatever is added', async () => {
		await fc.assert(fc.asyncProperty(count, size, size, inserts, fc.boolean(), async (n, pageSize, most, turns, total) => {
			const api = new ListApi(n, { most }, turns, server(total));
			expectWhole(api, await read(api, { paging: { style: 'page', page: 'page', size: 'size', pageSize, ...(total ? { total: 'answer.total' } : {}) } }));
		}), RUNS);
	});

	it('reads again where something was removed, as the total tells, and gives up in words rather than lose one', async () => {
		let whole = 0;
		await fc.assert(fc.asyncProperty(count, size, either, async (n, pageSize, turns) => {
			const api = new ListApi(n, { most: 9 }, turns, server(true));
			try {
				expectWhole(api, await read(api, { paging: { style: 'page', page: 'page', size: 'size', pageSize, total: 'answer.total' } }));
				whole++;
			} catch (error) {
				expect(error).toMatchObject({ kind: 'transient', what: expect.stringMatching(/changed while it was being read|came/) });
			}
		}), RUNS);
		expect(whole).toBeGreaterThan(RUNS.numRuns / 3);
	});

	it('needs one call where the total says that this is all', async () => {
		const api = new ListApi(3, { most: 100 }, [], server(true));
		expect(await read(api, { paging: { style: 'page', page: 'page', total: 'answer.total' } })).toHaveLength(1);
		expect(api.asked).toHaveLength(1);
	});

	it('begins where the profile says, and asks for the size', async () => {
		const api = new ListApi(3, { most: 2 }, [], (list, asked) => ({ body: list.slice(number(asked, 'p', 9) * 2, 2) }));
		expectWhole(api, await read(api, { paging: { style: 'page', page: 'p', first: 0, size: 'n', pageSize: 50 } }));
		expect(api.asked.map(({ query }) => query.toString())).toEqual(['p=0&n=50', 'p=1&n=50', 'p=2&n=50']);
	});

	it('tells that a server does not heed the number', async () => {
		const api = new ListApi(9, { most: 5 }, [], (list) => ({ body: list.slice(0, 5) }));
		expect(await refusal(read(api, { paging: { style: 'page', page: 'nr', size: 'size', pageSize: 5 } }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('the list at kinds.order.list (/orders) gives the same records again and again') });
		expect(api.asked).toHaveLength(4);
	});

	it('takes the last page again and again for the end, as some servers give it', async () => {
		const clamping = (list: ListApi, asked: Asked) => ({ body: list.slice(Math.min(number(asked, 'page', 1) - 1, 2) * 4, 4) });
		const api = new ListApi(12, { most: 4 }, [], clamping);
		expectWhole(api, await read(api, { paging: { style: 'page', page: 'page', size: 'size', pageSize: 4 } }));
		const short = new ListApi(3, { most: 4 }, [], (list) => ({ body: list.items }));
		expectWhole(short, await read(short, { paging: { style: 'page', page: 'page', size: 'size', pageSize: 4 } }));
	});

	it('tells of an order that is none: the total shows that records were doubled and others lost', async () => {
		let turn = 0;
		const api = new ListApi(8, { most: 4 }, [], (list) => ({ body: { data: turn++ % 2 === 0 ? list.slice(0, 4) : [...list.slice(3, 4), ...list.slice(4, 3)], total: 8 } }));
		expect(await refusal(read(api, { paging: { style: 'page', page: 'page', total: 'answer.total' } }))).toMatchObject({ kind: 'transient', what: expect.stringContaining('holds 8 records as the server says, and 7 came') });
	});

	it.each([['of pages', '2'], ['no number', "'many'"]])('refuses a total that is %s', async (_what, total) => {
		const api = new ListApi(8, { most: 4 }, [], server(false));
		expect(await refusal(read(api, { paging: { style: 'page', page: 'page', total } }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('paging.total') });
	});
});

describe('by offset', () => {
	const server = (total: boolean) => (api: ListApi, asked: Asked) => ({ body: { items: api.slice(number(asked, 'skip', 0), number(asked, 'take', 100)), ...(total ? { total: String(api.items.length) } : {}) } });

	it('gives everything once, whatever is added or removed', async () => {
		await fc.assert(fc.asyncProperty(count, size, fc.integer({ min: 2, max: 9 }), anything, fc.boolean(), async (n, pageSize, most, turns, total) => {
			const api = new ListApi(n, { most }, turns, server(total));
			expectWhole(api, await read(api, { paging: { style: 'offset', offset: 'skip', limit: 'take', pageSize, ...(total ? { total: 'answer.total' } : {}) } }));
		}), { numRuns: 400 });
	});

	it('gives everything once where the server does not let itself be asked for a size, or gives one at a time', async () => {
		await fc.assert(fc.asyncProperty(count, size, inserts, async (n, most, turns) => {
			const api = new ListApi(n, { most }, turns, server(false));
			expectWhole(api, await read(api, { paging: { style: 'offset', offset: 'skip' } }));
		}), RUNS);
	});

	it('begins each page with the last record of the page before, and goes back to where it knows one', async () => {
		const api = new ListApi(10, { most: 4 }, [{ inserts: 0, deletes: [0, 0] }], server(false));
		expectWhole(api, await read(api, { paging: { style: 'offset', offset: 'skip', limit: 'take', pageSize: 4 } }));
		expect(api.asked.map(({ query }) => query.get('skip'))).toEqual(['0', '3', '0', '3', '6', '7']);
	});

	it('ends after one call where the total says so, and after two where nothing does', async () => {
		const told = new ListApi(3, { most: 9 }, [], server(true));
		await read(told, { paging: { style: 'offset', offset: 'skip', limit: 'take', total: 'answer.total' } });
		expect(told.asked).toHaveLength(1);
		const silent = new ListApi(3, { most: 9 }, [], server(false));
		await read(silent, { paging: { style: 'offset', offset: 'skip', limit: 'take' } });
		expect(silent.asked).toHaveLength(2);
	});

	it('ends where something is written in front of it between any two calls', async () => {
		for (const total of [false, true]) {
			const api = new ListApi(10, { most: 4 }, [], (list, asked) => {
				if (list.asked.length > 1) list.items.unshift({ id: 1000 + list.asked.length, name: 'in front' });
				return server(total)(list, asked);
			});
			expectWhole(api, await read(api, { paging: { style: 'offset', offset: 'skip', limit: 'take', pageSize: 4, ...(total ? { total: 'answer.total' } : {}) } }));
			expect(api.asked.length).toBeLessThan(10);
		}
	});

	it('gives up a list that is removed faster than it is read', async () => {
		const api = new ListApi(9, { most: 3 }, [], (list, asked) => ({ body: number(asked, 'skip', 0) === 0 ? list.slice(0, 3) : [{ id: `new ${list.asked.length}` }] }));
		expect(await refusal(read(api, { paging: { style: 'offset', offset: 'skip', limit: 'take', pageSize: 3 } }))).toMatchObject({ kind: 'transient', what: expect.stringContaining('changed while it was being read') });
	});

	it('tells that a server does not heed the offset, and that it gives less than its total', async () => {
		const deaf = new ListApi(9, { most: 3 }, [], (list) => ({ body: list.slice(0, 3) }));
		expect((await refusal(read(deaf, { paging: { style: 'offset', offset: 'skip', limit: 'take', pageSize: 3 } }))).what).toContain('again and again');
		const short = new ListApi(9, { most: 3 }, [], (list, asked) => ({ body: { data: list.items.slice(number(asked, 'skip', 0), 6).slice(0, 3), total: 9 } }));
		expect(await refusal(read(short, { paging: { style: 'offset', offset: 'skip', limit: 'take', pageSize: 3, total: 'answer.total' } }))).toMatchObject({ kind: 'transient', what: expect.stringContaining('holds 9 records') });
	});

	it('does without the overlap where rows have no id', async () => {
		const api = new ListApi(7, { most: 3 }, [], server(false));
		const pages = await read(api, { paging: { style: 'offset', offset: 'skip', limit: 'take', pageSize: 3 }, id: () => undefined });
		expect(pages.flat().map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
		expect(api.asked.map(({ query }) => query.get('skip'))).toEqual(['0', '3', '6', '7']);
	});
});

describe('by ascending id', () => {
	const server = (api: ListApi, asked: Asked) => ({ body: api.after(number(asked, 'after', 0), number(asked, 'size', 100)) });
	const paging = { style: 'key', query: { after: 'last' }, size: 'size' };

	it('gives everything once, whatever is added or removed', async () => {
		await fc.assert(fc.asyncProperty(count, size, size, anything, async (n, pageSize, most, turns) => {
			const api = new ListApi(n, { most }, turns, server);
			expectWhole(api, await read(api, { paging: { ...paging, pageSize } }));
		}), RUNS);
	});

	it('ends where a condition includes the last one', async () => {
		await fc.assert(fc.asyncProperty(count, fc.integer({ min: 2, max: 9 }), inserts, async (n, most, turns) => {
			const api = new ListApi(n, { most }, turns, (list, asked) => ({ body: list.after(number(asked, 'after', 1) - 1, 100) }));
			expectWhole(api, await read(api, { paging: { style: 'key', query: { after: 'last' } } }));
		}), RUNS);
	});

	it('joins its condition to the one that the list has', async () => {
		const api = new ListApi(2, { most: 9 }, [], (list) => ({ body: { value: list.asked.length === 1 ? list.items : [] } }));
		await read(api, { paging: { style: 'key', query: { $filter: "last ? 'ID gt ' & last" }, size: '$top', pageSize: 7 }, request: { query: { $filter: "'a eq 1 or b eq 2'", $orderby: "'ID'" } } });
		expect(api.asked.map(({ query }) => [query.get('$filter'), query.get('$top'), query.get('$orderby')])).toEqual([['a eq 1 or b eq 2', '7', 'ID'], ['(a eq 1 or b eq 2) and (ID gt 2)', '7', 'ID']]);
	});

	it('carries the last id in a body, too', async () => {
		const api = new ListApi(5, { most: 2 }, [], (list, asked) => ({ body: list.after((asked.body as { after?: number }).after ?? 0, 2) }));
		expectWhole(api, await read(api, { paging: { style: 'key', query: {} }, request: { method: 'POST', path: '/orders/list', body: { after: 'last ? $number(last)', top: 'page.size' } } }));
		expect(api.asked.map(({ body }) => body)).toEqual([{ top: 100 }, { after: 2, top: 100 }, { after: 4, top: 100 }, { after: 5, top: 100 }]);
	});

	it('refuses what cannot be read so: another order, no id, two sayings of one parameter, a server that stands still', async () => {
		const reversed = new ListApi(4, { most: 9 }, [], (list) => ({ body: [...list.items].reverse() }));
		expect((await refusal(read(reversed, { paging }))).what).toContain('not in the order of its ids');
		const texts = new ListApi(1, { most: 9 }, [], (list) => ({ body: list.asked.length === 1 ? ['1', '10', '11', '2'].map((id) => ({ id })) : [] }));
		expect((await read(texts, { paging })).flat()).toHaveLength(4);
		const nameless = new ListApi(1, { most: 9 }, [], server);
		expect((await refusal(read(nameless, { paging, id: () => undefined }))).what).toContain('without an id');
		const deaf = new ListApi(4, { most: 9 }, [], (list) => ({ body: list.items }));
		expect((await refusal(read(deaf, { paging }))).what).toContain('again and again');
		const taken = new ListApi(1, { most: 9 }, [], (list) => ({ body: list.items }));
		expect(await refusal(read(taken, { paging, request: { query: { after: "'2026'" } } }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('"after" has a value already') });
	});
});

describe('by places that only count records', () => {
	/** In the three styles that name the next page, each by the number of records before it. */
	const styles: Record<string, (next: number | undefined, data: readonly unknown[], total: number) => { body: unknown; headers?: Record<string, string> }> = {
		cursor: (next, data, total) => ({ body: { data, next, total } }),
		next: (next, data, total) => ({ body: { data, next: next && `/orders?skip=${next}`, total } }),
		link: (next, data, total) => ({ body: { data, total }, ...(next ? { headers: { link: `</orders?skip=${next}>; rel="next"` } } : {}) }),
		odata: (next, data, total) => ({ body: { value: data, '@odata.count': total, ...(next ? { '@odata.nextLink': `orders?skip=${next}` } : {}) } }),
	};
	const pagings = { cursor: { cursor: 'skip', next: 'answer.next', total: 'answer.total' }, next: { next: 'answer.next', total: 'answer.total' }, link: { total: 'answer.total' }, odata: { total: 'answer.`@odata.count`' } };
	const removals: fc.Arbitrary<Turn[]> = fc.array(fc.record({ inserts: fc.constant(0), deletes: fc.array(fc.nat(), { maxLength: 2 }) }), { maxLength: 6 });

	/** @param told what the answer says of the number of all items */
	const server = (style: keyof typeof pagings, told: (all: number, before: number) => number) => (api: ListApi, asked: Asked) => {
		const from = number(asked, 'skip', 0);
		const data = api.slice(from, 9);
		return styles[style]!(from + data.length < api.items.length ? from + data.length : undefined, data, told(api.items.length, from));
	};

	it.each([
		['all there are', (all: number) => all],
		['what is left', (all: number, before: number) => all - before],
	])('reads again where something was removed, as a number of %s tells, and gives up in words rather than lose one', async (_what, told) => {
		let whole = 0;
		await fc.assert(fc.asyncProperty(fc.constantFrom(...(Object.keys(pagings) as Array<keyof typeof pagings>)), count, size, removals, async (style, n, most, turns) => {
			const api = new ListApi(n, { most }, turns, server(style, told));
			try {
				expectWhole(api, await read(api, { paging: { style, ...pagings[style] } }));
				whole++;
			} catch (error) {
				expect(error).toMatchObject({ kind: 'transient', what: expect.stringMatching(/came/) });
			}
		}), RUNS);
		expect(whole).toBeGreaterThan(RUNS.numRuns / 2);
	});

	it('asks OData for the number, unless the list does so itself', async () => {
		const asked = async (query: Record<string, string>): Promise<string> => {
			const api = new ListApi(1, { most: 9 }, [], server('odata', (all) => all));
			await read(api, { paging: { style: 'odata', ...pagings.odata }, request: { query } });
			return api.asked[0]!.query.toString();
		};
		expect([await asked({}), await asked({ $inlinecount: "'allpages'" })]).toEqual(['%24count=true', '%24inlinecount=allpages']);
	});
});

describe('by cursor', () => {
	const server = (api: ListApi, asked: Asked) => {
		const [last = 0] = (asked.query.get('cursor') ?? '0').split('.').map(Number);
		const { items, last: reached, more } = api.onward(last);
		return { body: { results: items, next: more || items.length === 0 && reached < (api.items.at(-1)?.id ?? 0) ? `${reached}.${api.asked.length}` : null } };
	};
	const paging = { style: 'cursor', cursor: 'cursor', next: 'answer.next' };
	const sizes = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }).map((some) => [...some, 3]);

	it('gives everything once, whatever is added or removed, from pages that shrink, grow and are empty in the middle', async () => {
		await fc.assert(fc.asyncProperty(count, sizes, anything, async (n, some, turns) => {
			const api = new ListApi(n, { most: 9, sizes: some }, turns, server);
			expectWhole(api, await read(api, { paging }));
		}), RUNS);
	});

	it('ends where a server names the place again at which it waits for more', async () => {
		const api = new ListApi(5, { most: 2 }, [], (list, asked) => {
			const { items, last } = list.onward(number(asked, 'cursor', 0));
			return { body: { data: items, next: last } };
		});
		expectWhole(api, await read(api, { paging }));
		expect(api.asked.map(({ query }) => query.get('cursor'))).toEqual([null, '2', '4', '5']);
	});

	it('asks for the size, and keeps the list\'s own parameters', async () => {
		const api = new ListApi(3, { most: 2 }, [], server);
		await read(api, { paging: { ...paging, size: 'limit', pageSize: 25 }, request: { query: { since: "'2026-01-01'" } } });
		expect(api.asked.map(({ query }) => `${query.get('since')} ${query.get('limit')} ${query.get('cursor') ?? '-'}`)).toEqual(['2026-01-01 25 -', '2026-01-01 25 2.1']);
	});

	it('tells of a circle', async () => {
		const api = new ListApi(9, { most: 9 }, [], (list) => ({ body: { data: list.slice(list.asked.length * 2, 1), next: ['a', 'b', 'a'][(list.asked.length - 1) % 3] } }));
		expect(await refusal(read(api, { paging }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('goes in a circle: the answer names the cursor "a"') });
	});

	it('ends after three pages that bring nothing new, whatever their cursors are', async () => {
		const api = new ListApi(2, { most: 9 }, [], (list) => ({ body: { data: list.items, next: `c${list.asked.length}` } }));
		expect((await refusal(read(api, { paging }))).what).toContain('again and again');
		expect(api.asked).toHaveLength(4);
	});

	it('ends after a hundred empty pages, and after ten thousand full ones', async () => {
		const empty = new ListApi(0, { most: 9 }, [], (list) => ({ body: { data: [], next: `c${list.asked.length}` } }));
		expect((await refusal(read(empty, { paging }))).what).toContain('empty pages in a row');
		const endless = new ListApi(0, { most: 9 }, [], (list) => ({ body: { data: [{ id: list.asked.length }], next: `c${list.asked.length}` } }));
		expect((await refusal(read(endless, { paging }))).what).toContain('more than 10000 pages');
		expect(endless.asked).toHaveLength(10_000);
	}, 60_000);
});

describe('by the address of the next page', () => {
	type Form = (query: string) => string;
	const FORMS: Record<string, Form> = {
		absolute: (query) => `${URL_BASE}/orders?${query}`,
		'by the host\'s root': (query) => `/api/v1/orders?${query}`,
		'by the API\'s root': (query) => `/orders?${query}`,
		'by the page': (query) => `orders?${query}`,
		'a query alone': (query) => `?${query}`,
		'over http behind a proxy': (query) => `http://erp.test/api/v1/orders?${query}`,
	};
	const server = (form: Form, put: (link: string | undefined, items: unknown[]) => { body: unknown; headers?: Record<string, string> }) => (api: ListApi, asked: Asked) => {
		const { items, last, more } = api.onward(number(asked, 'after', 0));
		return put(more || items.length === 0 && last < (api.items.at(-1)?.id ?? 0) ? form(`after=${last}&turn=${api.asked.length}`) : undefined, items);
	};
	const STYLES: Record<string, { paging: Record<string, unknown>; put: (link: string | undefined, items: unknown[]) => { body: unknown; headers?: Record<string, string> } }> = {
		next: { paging: { style: 'next', next: 'answer.links.next' }, put: (link, items) => ({ body: { data: items, links: { next: link ?? null } } }) },
		link: { paging: { style: 'link' }, put: (link, items) => ({ body: items, ...(link === undefined ? {} : { headers: { link: `<https://erp.test/api/v1/orders?a=1,2>; rel="first", <${link}>; title="a, <b>; rel=next"; rel="next last"` } }) }) },
		'OData 4': { paging: { style: 'odata' }, put: (link, items) => ({ body: { value: items, '@odata.nextLink': link } }) },
		'OData 3': { paging: { style: 'odata' }, put: (link, items) => ({ body: { value: items, 'odata.nextLink': link } }) },
		'OData 2': { paging: { style: 'odata' }, put: (link, items) => ({ body: { d: { results: items, __next: link } } }) },
	};
	const sizes = fc.array(fc.nat(5), { minLength: 1, maxLength: 12 }).map((some) => [...some, 3]);

	it.each(Object.entries(STYLES))('%s: everything once, whatever is added or removed, from pages that shrink, grow and are empty in the middle', async (_name, { paging, put }) => {
		await fc.assert(fc.asyncProperty(count, sizes, anything, fc.constantFrom(...Object.values(FORMS)), async (n, some, turns, form) => {
			const api = new ListApi(n, { most: 9, sizes: some }, turns, server(form, put));
			expectWhole(api, await read(api, { paging }));
			expect(new Set(api.asked.map(({ path }) => path))).toEqual(new Set(['/orders']));
		}), RUNS);
	});

	it.each(Object.entries(FORMS))('follows a link that is %s with the list\'s own method, headers and body, and the link\'s query alone', async (_name, form) => {
		const api = new ListApi(3, { most: 2 }, [], server(form, STYLES.next!.put));
		await read(api, { paging: { ...STYLES.next!.paging, size: 'limit', pageSize: 2 }, request: { method: 'POST', query: { status: "'open'" }, headers: { 'X-Trace': "'on'" }, body: { q: "'all'" } } });
		expect(api.asked.map(({ query, headers, body }) => [query.toString(), headers['X-Trace'], body])).toEqual([['status=open&limit=2', 'on', { q: 'all' }], ['after=2&turn=1', 'on', { q: 'all' }]]);
	});

	it('takes a relative link of OData from where its context stands', async () => {
		const api = new ListApi(3, { most: 2 }, [], (list, { query }) => {
			const { items, more } = list.onward(Number(query.get('$skiptoken') ?? 0));
			return { body: { '@odata.context': '../$metadata#Orders', value: items, ...(more ? { '@odata.nextLink': 'Customers(1)/orders?$skiptoken=2' } : {}) } };
		});
		await read(api, { paging: { style: 'odata' }, request: { path: '/Customers(1)/orders' } });
		expect(api.asked.map(({ path }) => path)).toEqual(['/Customers(1)/orders', '/Customers(1)/orders']);
	});

	it('asks OData for a page size beside the preferences that the list has', async () => {
		const api = new ListApi(1, { most: 2 }, [], STYLES['OData 4']!.put.bind(undefined, undefined, []));
		await read(api, { paging: { style: 'odata', pageSize: 40 }, request: { headers: { prefer: "'odata.include-annotations=*'" } } });
		await read(api, { paging: { style: 'odata', pageSize: 40 } });
		expect(api.asked.map(({ headers }) => headers.prefer ?? headers.Prefer)).toEqual(['odata.include-annotations=*, odata.maxpagesize=40', 'odata.maxpagesize=40']);
	});

	it('sends the key once where the server repeats it in its links', async () => {
		const api = new ListApi(3, { most: 2 }, [], server((query) => `?api_key=old&${query}`, STYLES.next!.put));
		await read(api, { paging: STYLES.next!.paging, profile: { auth: { type: 'apiKey', in: 'query', name: 'api_key' } } });
		expect(api.asked.map(({ query }) => query.getAll('api_key'))).toEqual([['tok-4711-abcdef'], ['tok-4711-abcdef']]);
	});

	const ELSEWHERE = ['https://evil.test/api/v1/orders?key=1', '//evil.test/api/v1/orders', 'https://erp.test/api/v10/orders', 'https://erp.test/other', '../../admin', '/api/v1/../../admin', '/api/v1/%2e%2e/admin', 'https://erp.test:8443/api/v1/orders', 'https://erp.test.evil.test/api/v1/orders', 'https://erp.test@evil.test/api/v1/orders', '\\\\evil.test\\api\\v1', 'ftp://erp.test/api/v1/orders', 'file:///etc/passwd', 'javascript:alert(1)', 'http://erp.test:8080/api/v1/orders'];

	it.each(ELSEWHERE)('does not follow %s', async (link) => {
		const api = new ListApi(3, { most: 2 }, [], server(() => link, STYLES.next!.put));
		const failure = await refusal(read(api, { paging: STYLES.next!.paging }));
		expect(failure).toMatchObject({ kind: 'denied', what: expect.stringContaining(`which is outside ${URL_BASE}`), advice: expect.stringContaining('enter it as the URL') });
		expect(failure.message).not.toContain('key=1');
		expect(api.asked).toHaveLength(1);
	});

	it('tells what is no address', async () => {
		const api = new ListApi(3, { most: 2 }, [], server(() => 'http://[broken', STYLES.next!.put));
		expect(await refusal(read(api, { paging: STYLES.next!.paging }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('"http://[broken" as its next page, which is no address') });
		const object = new ListApi(3, { most: 2 }, [], (list) => ({ body: { data: list.items, next: { href: '/x' } } }));
		expect(await refusal(read(object, { paging: { style: 'next', next: 'answer.next' } }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('paging.next') });
	});

	it('tells of a link that leads in a circle, and of links that never end', async () => {
		const circle = new ListApi(9, { most: 9 }, [], (list) => ({ body: { data: list.slice(list.asked.length, 1), links: { next: ['/orders?p=2', '/orders?p=1', '/orders?p=2'][(list.asked.length - 1) % 3] } } }));
		expect((await refusal(read(circle, { paging: STYLES.next!.paging }))).what).toContain('goes in a circle: the answer names a link that was followed before');
		const itself = new ListApi(9, { most: 9 }, [], (list) => ({ body: { data: list.items, links: { next: '/orders' } } }));
		expect((await refusal(read(itself, { paging: STYLES.next!.paging }))).what).toContain('goes in a circle');
		const endless = new ListApi(2, { most: 9 }, [], (list) => ({ body: { data: list.items, links: { next: `/orders?p=${list.asked.length}` } } }));
		expect((await refusal(read(endless, { paging: STYLES.next!.paging }))).what).toContain('again and again');
	});
});

describe('in one answer', () => {
	it('one call; a row that comes twice is given once', async () => {
		const api = new ListApi(3, { most: 9 }, [], (list) => ({ body: [...list.items, list.items[0]] }));
		const pages = await read(api, { paging: { style: 'none' } });
		expectWhole(api, pages);
		expect(api.asked).toHaveLength(1);
	});

	it('an id that does not tell records apart is refused, for records would be lost', async () => {
		const api = new ListApi(3, { most: 9 }, [], (list) => ({ body: list.items }));
		expect(await refusal(read(api, { paging: { style: 'none' }, id: () => 'same' }))).toMatchObject({ kind: 'rejected', what: expect.stringContaining('two different records with the id "same"') });
		const nameless = new ListApi(3, { most: 9 }, [], (list) => ({ body: [...list.items, ...list.items] }));
		expect((await read(nameless, { paging: { style: 'none' }, id: () => undefined })).flat()).toHaveLength(6);
	});

	it('a list whose path lacks a value is not asked for', async () => {
		const api = new ListApi(3, { most: 9 }, [], (list) => ({ body: list.items }));
		for (const paging of [{ style: 'none' }, { style: 'page', page: 'p' }, { style: 'offset', offset: 'o' }, { style: 'key', query: {} }, { style: 'cursor', cursor: 'c', next: 'answer.c' }, { style: 'odata' }]) expect(await read(api, { paging, request: { path: '/orders/{parent}/lines' } })).toEqual([]);
		expect(api.asked).toHaveLength(0);
	});
});
