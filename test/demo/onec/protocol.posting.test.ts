// Owns the proof of posting, marks and handlers on the wire (reference 6).
// Must not know: the product's client code.
import { type OnecSimulator, defaultSwitches, startOnec } from '../../../demo/simulators/onec';
import { refusal } from '../../../demo/simulators/onec/errors';
import { type Answer, type JsonObject, call, refused } from './api';

const A = 'a0000000-0000-4000-8000-000000000001';
const ORDER = 'Document_ЗаказКлиента';
const ITEM = 'Catalog_Номенклатура';

let sim: OnecSimulator;
beforeAll(async () => {
	sim = await startOnec({ clock: { now: () => Date.parse('2026-10-01T12:00:00Z') } });
});
afterEach(() => {
	sim.reset();
	Object.assign(sim.switches, defaultSwitches());
});
afterAll(() => sim.stop());

const patch = (set: string, ref: string, body: JsonObject, headers?: Record<string, string>): Promise<Answer> => call(sim, 'PATCH', `/${set}(guid'${ref}')`, { body, headers });
const patched = async (set: string, ref: string, body: JsonObject): Promise<JsonObject> => (await patch(set, ref, body)).json as JsonObject;
const post = (ref: string, what = 'Post', method = 'POST', query = ''): Promise<string> => refused(sim, method, `/${ORDER}(guid'${ref}')/${what}${query}`);
/** An order that nothing keeps from being posted: the handlers are the configuration's matter, not the protocol's. */
const free = (fields = {}): string => {
	const row = sim.base.store.put(ORDER, { Ref_Key: A, Date: '2026-09-30T10:00:00', Number: '1', ...fields });
	return String(row['Ref_Key']);
};
let kept: object;
beforeAll(() => {
	kept = { ...sim.base.configuration.handlers };
	Object.assign(sim.base.configuration.handlers, { [ORDER]: {} });
});
afterAll(() => void Object.assign(sim.base.configuration.handlers, kept));

it('posts and unposts by POST and by GET, again and again', async () => {
	const ref = free();
	const posted = (): unknown => sim.get(ORDER, ref)?.['Posted'];
	for (const [what, method, state] of [['Post', 'POST', true], ['Post', 'POST', true], ['Unpost', 'POST', false], ['Unpost', 'POST', false], ['Post', 'GET', true], ['Unpost()', 'GET', false], ['Post()', 'POST', true]] as const) {
		const before = sim.get(ORDER, ref)?.['DataVersion'];
		expect(await post(ref, what, method)).toBe('200');
		expect(posted()).toBe(state);
		expect(sim.get(ORDER, ref)?.['DataVersion']).not.toBe(before);
	}
	expect(sim.server.calls.at(-2)?.operation).toBe(`GET ${ORDER}/Unpost`);
	expect(await post(ref, 'Post', 'PATCH')).toBe('405/19');
	expect(await refused(sim, 'POST', `/${ITEM}(guid'${String(sim.insert(ITEM, {})['Ref_Key'])}')/Post`)).toBe('400/6');
});

it('posts operationally on its own day only', async () => {
	const ref = free();
	expect(await post(ref, 'Post', 'POST', '?PostingModeOperational=true')).toBe('500/-1');
	expect(await post(ref, 'Post', 'POST', '?PostingModeOperational=false')).toBe('200');
	sim.unpost(ORDER, ref);
	free({ Date: '2026-10-01T08:00:00' });
	expect(await post(ref, 'Post(PostingModeOperational=true)')).toBe('200');
	expect(await post(ref, 'Post', 'POST', '?PostingModeOperational=maybe')).toBe('400/12');
});

it('does not mark what is posted, nor post what is marked', async () => {
	const ref = free();
	expect((await patched(ORDER, ref, { DeletionMark: true }))['DeletionMark']).toBe(true);
	expect(await post(ref)).toBe('500/-1');
	expect((await patched(ORDER, ref, { DeletionMark: false }))['DeletionMark']).toBe(false);
	sim.post(ORDER, ref);
	expect(await refused(sim, 'PATCH', `/${ORDER}(guid'${ref}')`, { body: { DeletionMark: true } })).toBe('500/-1');
});

it('posts by a flag where the flag posts', async () => {
	const ref = free();
	const runs: string[] = [];
	Object.assign(sim.base.configuration.handlers, { [ORDER]: { posting: () => runs.push('posting'), beforeWrite: () => runs.push('beforeWrite') } });
	expect((await patched(ORDER, ref, { Posted: true }))['Posted']).toBe(true);
	expect(runs).toEqual(['beforeWrite', 'posting']);
	sim.switches.patchPosted = 'flag-only';
	await patched(ORDER, ref, { Posted: false });
	expect((await patched(ORDER, ref, { Posted: true }))['Posted']).toBe(true);
	expect(runs).toHaveLength(2);
});

it('undoes a write that a handler refused, and skips handlers in data-load mode', async () => {
	const ref = free();
	Object.assign(sim.base.configuration.handlers, {
		[ORDER]: {
			beforeWrite: ({ row }: { row: JsonObject }) => {
				if (row['Комментарий'] === 'нельзя') throw refusal('Период закрыт');
			},
		},
	});
	const answer = await patch(ORDER, ref, { Комментарий: 'нельзя' });
	expect(answer.text).toContain('Период закрыт');
	expect(sim.get(ORDER, ref)?.['Комментарий']).toBe('');
	expect((await patch(ORDER, ref, { Комментарий: 'нельзя' }, { '1C_OData-DataLoadMode': 'true' })).status).toBe(200);
	Object.assign(sim.base.configuration.handlers, { [ORDER]: { noLoadMode: true } });
	expect(await refused(sim, 'PATCH', `/${ORDER}(guid'${ref}')`, { body: {}, headers: { '1C_OData-DataLoadMode': 'true' } })).toBe('400/17');
});
