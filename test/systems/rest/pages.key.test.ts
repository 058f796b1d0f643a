// Proves how paging by ascending id ends: at an empty page, or, where the answer tells how many are left, without asking
// once more and without running after a server on which somebody writes all the time; never before everything came.
import fc from 'fast-check';
import '../../seed';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import { Failure } from '../../../nodes/core/failure';
import { TestClock } from '../send';
import { type Asked, ListApi, type Turn } from './pages.api';
import { credential } from './talk';

/** What the answer counts: what the request matches, which is what is left, or all that there is. */
type Counts = 'left' | 'all' | 'the page';

const after = ({ query }: Asked): number => Number(query.get('after') ?? 0);

function server(counts: Counts) {
	return (api: ListApi, asked: Asked) => {
		const data = api.after(after(asked), Number(asked.query.get('size')));
		const left = api.items.filter(({ id }) => id > after(asked)).length;
		return { body: { data, meta: { count: { left, all: api.items.length, 'the page': Math.max(data.length - 1, 0) }[counts] } } };
	};
}

async function read(api: ListApi, pageSize: number): Promise<number[]> {
	const paging = { style: 'key', query: { after: 'last' }, size: 'size', pageSize, total: 'answer.meta.count' };
	const services = servicesFor(credential('https://erp.test/api/v1', { paging }), { send: api.send, clock: new TestClock() });
	const ids: number[] = [];
	for await (const rows of services.requests.pages('kinds.order.list', { path: '/orders' }, {}, async (row) => await Promise.resolve(String(row.id)))) ids.push(...rows.map(({ id }) => id as number));
	return ids;
}

const turns: fc.Arbitrary<Turn[]> = fc.array(fc.record({ inserts: fc.nat(3), deletes: fc.array(fc.nat(), { maxLength: 3 }) }), { maxLength: 15 });

it.each<Counts>(['left', 'all'])('gives everything once, whatever is added or removed, where the answer counts what is %s', async (counts) => {
	await fc.assert(fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), turns, async (n, pageSize, most, written) => {
		const api = new ListApi(n, { most }, written, server(counts));
		const ids = await read(api, pageSize);
		expect(ids.length).toBe(new Set(ids).size);
		expect([...api.lasting].filter((id) => !ids.includes(id))).toEqual([]);
	}), { numRuns: 80 });
});

it('asks no more where nothing is left', async () => {
	const calls = async (n: number): Promise<number> => {
		const api = new ListApi(n, { most: 10 }, [], server('left'));
		expect(await read(api, 10)).toHaveLength(n);
		return api.asked.length;
	};
	expect([await calls(0), await calls(1), await calls(10), await calls(11), await calls(20)]).toEqual([1, 1, 1, 2, 2]);
});

it('ends although somebody writes faster than it reads', async () => {
	const api = new ListApi(25, { most: 10 }, Array.from({ length: 500 }, () => ({ inserts: 2, deletes: [] })), server('left'));
	expect((await read(api, 10)).slice(0, 25)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
	expect(api.asked.length).toBeLessThan(6);
});

it('says so where the number is less than the page itself', async () => {
	const refused = await read(new ListApi(5, { most: 10 }, [], server('the page')), 10).catch((error: unknown) => error);
	expect(refused).toBeInstanceOf(Failure);
	expect((refused as Failure).message).toMatch(/paging\.total.*gives 4.*5 items/);
});
