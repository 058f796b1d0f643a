// Owns the proof of reference sections 8 and 12: work found by state, changes found without losing or repeating one.
import fc from 'fast-check';
import type { Cursor } from '../../../nodes/core/changes';
import type { ChangesQuery, Connector } from '../../../nodes/core/port';
import { acceptedQuote, failing, FIVE, onStage, setUp, type Setting } from './setting';

let stage: Setting;
let connector: Connector;
beforeAll(async () => void (stage = await setUp()));
afterAll(async () => await stage.stop());
beforeEach(() => {
	stage.sim.reset();
	connector = stage.connect();
});

const none = new Set<string>();
const ids = (documents: Array<{ source?: { id: string } }>) => documents.map((document) => document.source!.id);

describe('pending', () => {
	it('gives accepted quotes that nobody has handled, with customer, contacts and product codes', async () => {
		const id = await acceptedQuote(stage.sim, [...FIVE, ['26x6', '1', '50']]);
		stage.sim.patch('4x38', { cf_quotes_erp_status: 'Ordered' });
		const [quote, ...others] = await connector.pending('quote', 'accepted', { limit: 50, skip: none });
		expect(others).toEqual([]);
		expect(quote).toMatchObject({ key: `vtiger:Quotes:${id}`, kind: 'quote', status: 'accepted', opportunityKey: 'vtiger:Potentials:13x31', contactKey: 'vtiger:Contacts:12x18', customer: { key: 'vtiger:Accounts:11x8', name: 'Acme Ltd', contacts: [{ key: 'vtiger:Contacts:12x18', email: 'c0@example.test' }] }, source: { owner: '19x1' } });
		expect((quote as unknown as { lines: Array<{ code: string; unit: string }> }).lines.map(({ code, unit }) => [code, unit])).toEqual([['W-1', 'Pcs'], ['W-2', 'Pcs'], ['W-3', 'Pcs'], ['W-4', 'Pcs'], ['W-1', 'Pcs'], ['SER1', 'Hours']]);
	});

	it('finds fields that hold "", leaves out what needs attention, skips what was handed over', async () => {
		const first = await acceptedQuote(stage.sim, FIVE);
		const second = await acceptedQuote(stage.sim, FIVE);
		const third = await acceptedQuote(stage.sim, FIVE);
		stage.sim.patch(second, { cf_quotes_erp_status: 'Needs attention' });
		expect(ids(await connector.pending('quote', 'accepted', { limit: 50, skip: none }))).toEqual(['4x38', first, third]);
		expect(ids(await connector.pending('quote', 'accepted', { limit: 50, skip: new Set(['4x38', first]) }))).toEqual([third]);
		expect(ids(await connector.pending('quote', 'accepted', { limit: 1, skip: new Set(['4x38']) }))).toEqual([first]);
	});

	it('goes on behind a hundred that are held back', async () => {
		const all: string[] = [];
		for (let i = 0; i < 130; i++) all.push(await acceptedQuote(stage.sim, FIVE.slice(0, 1)));
		const found = await connector.pending('quote', 'accepted', { limit: 3, skip: new Set(['4x38', ...all.slice(0, 120)]) });
		expect(ids(found)).toEqual(all.slice(120, 123));
	}, 30_000);

	it('many cost one query for each of products, organizations and contacts', async () => {
		for (let i = 0; i < 5; i++) await acceptedQuote(stage.sim, FIVE.slice(0, 2), { account_id: `11x${8 + (i % 3)}` });
		await connector.pending('quote', 'accepted', { limit: 1, skip: none });
		stage.sim.server.resetCalls();
		await connector.pending('quote', 'accepted', { limit: 5, skip: new Set(['4x38']) });
		expect(stage.calls().filter((operation) => operation === 'retrieve')).toHaveLength(5);
		expect(stage.calls().filter((operation) => operation === 'query')).toHaveLength(4);
	});

	it('leaves out a quote that was deleted between the query and its reading', async () => {
		const id = await acceptedQuote(stage.sim, FIVE);
		let gone = false;
		const own = stage.connect({}, (send) => async (request) => {
			if (request.query?.operation === 'retrieve' && !gone) {
				gone = true;
				stage.sim.remove('4x38');
			}
			return await send(request);
		});
		expect(ids(await own.pending('quote', 'accepted', { limit: 50, skip: none }))).toEqual([id]);
	});

	it('tells what it cannot be asked for, and which fields it needs for orders', async () => {
		expect((await failing(connector.pending('invoice', 'paid', { limit: 1, skip: none }))).message).toMatch(/cannot be asked/);
		await onStage({ customFields: false }, async (plain) => {
			expect((await failing(plain.connect().pending('order', 'confirmed', { limit: 1, skip: none }))).message).toMatch(/SalesOrder has no field "ERP Key"/);
		});
	});

	it('the credential test tells of a field that holds NULL on older records: they would never be found', async () => {
		const note = (await connector.check()).notes.join(' ');
		expect(note).not.toMatch(/NULL/);
		// In SQL nothing is unequal to NULL: no row is found by `!=`.
		const holdingNull = stage.connect({}, (send) => async (request) => {
			const answer = await send(request);
			return /cf_quotes_erp_status != /.test(request.query?.query ?? '') ? { ...answer, text: '{"success":true,"result":[]}' } : answer;
		});
		expect((await holdingNull.check()).notes.join(' ')).toMatch(/"ERP Status" \(cf_quotes_erp_status\) holds NULL/);
	});
});

/** Polls as the kit does: cursor through JSON, again while there is more. */
async function poll(from: Connector, cursor: Cursor | undefined, query: Partial<ChangesQuery> = {}): Promise<{ names: string[]; cursor: Cursor }> {
	const names: string[] = [];
	let now = cursor;
	for (;;) {
		const set = await from.changesSince('customer', { budget: 50, ...query, cursor: now });
		names.push(...set.documents.map((document) => (document as { name: string }).name));
		now = JSON.parse(JSON.stringify(set.cursor)) as Cursor;
		if (!set.more) return { names, cursor: now };
	}
}

const add = async (name: string) => String((await stage.sim.insert('Accounts', { accountname: name })).id);
const pass = (seconds: number) => stage.clock.pass(seconds * 1000);

describe('changes', () => {
	it('begin with a baseline that delivers nothing, not even what changed a moment before', async () => {
		await add('Before');
		pass(3);
		const start = await poll(connector, undefined);
		expect(start.names).toEqual([]);
		pass(10);
		await add('After');
		pass(10);
		const next = await poll(connector, start.cursor);
		expect(next.names).toEqual(['After']);
		expect((await poll(connector, next.cursor)).names).toEqual([]);
	});

	it('from a date on', async () => {
		const { names } = await poll(connector, undefined, { from: '2020-01-01T00:00:00Z' });
		expect(names).toHaveLength(10);
	});

	it('never look at the running second: what follows in it would be missed', async () => {
		const start = await poll(connector, undefined);
		await add('Now');
		expect((await poll(connector, start.cursor)).names).toEqual([]);
		pass(3);
		expect((await poll(connector, start.cursor)).names).toEqual(['Now']);
	});

	it('are delivered again when the record changed again', async () => {
		const start = await poll(connector, undefined);
		const id = await add('One');
		pass(5);
		const first = await poll(connector, start.cursor);
		await connector.records.update('Accounts', id, { phone: '1' });
		pass(5);
		const second = await poll(connector, first.cursor);
		expect([first.names, second.names]).toEqual([['One'], ['One']]);
		expect((await poll(connector, second.cursor)).names).toEqual([]);
	});

	it('come in small budgets, each once, while others are added', async () => {
		const start = await poll(connector, undefined);
		for (let i = 0; i < 30; i++) await add(`Many ${i}`);
		pass(5);
		const names: string[] = [];
		let cursor = start.cursor;
		for (let round = 0; ; round++) {
			const set = await connector.changesSince('customer', { cursor, budget: 7 });
			names.push(...set.documents.map((document) => (document as { name: string }).name));
			cursor = JSON.parse(JSON.stringify(set.cursor)) as Cursor;
			if (round === 1) {
				await add('Late');
				pass(5);
			}
			if (!set.more) break;
		}
		expect(names).toEqual(Array.from({ length: 30 }, (_, i) => `Many ${i}`));
		pass(5);
		expect((await poll(connector, cursor)).names).toEqual(['Late']);
	});

	it('lose and repeat nothing, whatever the times: creations, changes, polls', async () => {
		const step = fc.oneof(
			fc.record({ do: fc.constant('add' as const) }),
			fc.record({ do: fc.constant('touch' as const), which: fc.nat(20) }),
			fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(0, 1, 2, 5, 400) }),
			fc.record({ do: fc.constant('poll' as const), budget: fc.constantFrom(1, 3, 50) }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
				stage.sim.reset();
				const own = stage.connect();
				let { cursor } = await own.changesSince('customer', { budget: 50 });
				const made: string[] = [];
				const delivered: string[] = [];
				const take = async (budget: number) => {
					const set = await own.changesSince('customer', { cursor, budget });
					delivered.push(...set.documents.map((document) => document.source!.id));
					cursor = JSON.parse(JSON.stringify(set.cursor)) as Cursor;
					return set.more;
				};
				for (const one of steps) {
					if (one.do === 'add') made.push(await add(`R${made.length}`));
					else if (one.do === 'touch' && made.length > 0) await own.records.update('Accounts', made[one.which % made.length]!, { phone: String(delivered.length) });
					else if (one.do === 'wait') pass(one.seconds);
					else if (one.do === 'poll') await take(one.budget);
				}
				pass(5);
				// The first finishes a window that may have been open; what changed behind its end falls into the next one.
				for (const _window of [1, 2]) while (await take(3));
				expect(new Set(delivered)).toEqual(new Set(made));
			}),
			{ numRuns: 25 },
		);
	}, 60_000);

	it('only of linked records, when that is asked', async () => {
		const start = await poll(connector, undefined);
		const id = await add('Linked');
		await add('Alone');
		await connector.link([{ kind: 'customer', id, record: 'c', link: { key: 'odoo:res.partner:1' } }]);
		pass(5);
		expect((await poll(connector, start.cursor, { onlyLinked: true })).names).toEqual(['Linked']);
	});

	it('in the server\'s zone: its times are local, whoever asks', async () => {
		await onStage({ timeZoneOffsetMinutes: 180 }, async (kyiv) => {
			const own = kyiv.connect({ timeZone: 'Asia/Riyadh' });
			const start = await own.changesSince('customer', { budget: 5 });
			kyiv.clock.pass(10_000);
			await kyiv.sim.insert('Accounts', { accountname: 'Local' });
			kyiv.clock.pass(10_000);
			const set = await own.changesSince('customer', { cursor: start.cursor, budget: 5 });
			expect(set.documents.map((document) => document.source!.modifiedAt)).toEqual(['2026-11-22T12:00:10Z']);
			const wrong = await kyiv.connect({ timeZone: 'UTC' }).check();
			expect(wrong.notes.join(' ')).toMatch(/minutes in the future/);
		});
	});

	it('of documents are read whole', async () => {
		const start = await connector.changesSince('quote', { budget: 5 });
		pass(5);
		const id = await acceptedQuote(stage.sim, FIVE);
		pass(5);
		const set = await connector.changesSince('quote', { cursor: start.cursor, budget: 5 });
		expect(set.documents).toMatchObject([{ key: `vtiger:Quotes:${id}`, customer: { name: 'Acme Ltd' }, lines: { length: 5 } }]);
	});
});
