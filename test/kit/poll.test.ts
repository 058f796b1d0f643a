// Proves the poll: nothing forgotten, nothing knocking for ever, one at a time, nothing touched by a test in the editor.
import type { IDataObject } from 'n8n-workflow';
import type { Document } from '../../nodes/core/documents';
import { Failure } from '../../nodes/core/failure';
import { drainState, pollNode, readWatch, type Held, type Watch } from '../../nodes/kit/poll';
import { FakeConnector, outcome, pollContext, quote, systemOf } from './fakes';

const MINUTE = 60_000;
const byState: Extract<Watch, { by: 'state' }> = { by: 'state', kind: 'quote', state: 'accepted', limit: 50, holdBackMs: 10 * MINUTE, maxTries: 2 };
const byChange: Watch = { by: 'change', kind: 'invoice', limit: 50, overlapMs: 5 * MINUTE, onlyLinked: true };
const ids = (documents: Document[]) => documents.map((document) => document.source?.id);

/** Polls by state, with time and the remembered state in hand. */
function drainer(connector: FakeConnector, watch = byState) {
	let held: Held = {};
	let now = 1_000_000;
	const warnings: string[] = [];
	return {
		warnings,
		held: () => held,
		async after(minutes: number) {
			now += minutes * MINUTE;
			const result = await drainState(connector, watch, held, now, (text) => warnings.push(text));
			held = JSON.parse(JSON.stringify(result.held)) as Held;
			return ids(result.documents);
		},
	};
}

describe('work found by state', () => {
	const with_ = (...list: Document[]) => {
		const connector = new FakeConnector();
		connector.documents = list;
		return connector;
	};
	const links = (connector: FakeConnector) => connector.calls.filter(({ verb }) => verb === 'link');

	it('is held back once it was handed over, and comes again when no link appeared', async () => {
		const poll = drainer(with_(quote('1'), quote('2')));
		expect(await poll.after(0)).toEqual(['1', '2']);
		expect(await poll.after(1)).toEqual([]);
		expect(await poll.after(8.9)).toEqual([]);
		expect(await poll.after(0.2)).toEqual(['1', '2']);
	});

	it('is forgotten once it is linked', async () => {
		const connector = with_(quote('1'));
		const poll = drainer(connector);
		await poll.after(0);
		connector.documents = [];
		await poll.after(11);
		expect(poll.held()).toEqual({});
	});

	it('does not wait for what is held back', async () => {
		const connector = with_(quote('1'));
		const poll = drainer(connector);
		await poll.after(0);
		connector.documents.push(quote('2'));
		expect(await poll.after(1)).toEqual(['2']);
	});

	it('that came back too often is marked where people see it, and no longer handed over', async () => {
		const connector = with_(quote('1'), quote('2'));
		const poll = drainer(connector);
		expect([await poll.after(0), await poll.after(11)]).toEqual([['1', '2'], ['1', '2']]);
		expect(await poll.after(11)).toEqual([]);
		expect(links(connector)).toHaveLength(2);
		expect(links(connector)[0]).toMatchObject({ requests: [{ kind: 'quote', id: '1', record: 'quote QUO1', link: { status: 'Needs attention', message: expect.stringContaining('Handed to the workflow 2 times') as string } }] });
	});

	it('starts afresh when a person clears the mark, however soon', async () => {
		const connector = with_(quote('1'));
		const poll = drainer(connector);
		for (let i = 0; i < 3; i++) await poll.after(11);
		expect(links(connector)).toHaveLength(1);
		connector.documents = [];
		await poll.after(1);
		connector.documents = [quote('1')];
		expect([await poll.after(1), await poll.after(11)]).toEqual([['1'], ['1']]);
		expect(links(connector)).toHaveLength(1);
	});

	it.each<[string, FakeConnector['linked']]>([
		['refused', () => ({ ok: false, failure: new Failure('denied', 'No rights') })],
		['thrown', () => { throw new Failure('denied', 'No rights'); }],
		['skipped for want of the fields', ({ kind }) => ({ ok: true, value: outcome({ system: 'fake', kind, id: '1', key: 'k' }, { outcome: 'skipped', notes: ['No rights'] }) })],
	])('that cannot be marked (%s) stays held back, is told, and does not stop the others', async (_name, linked) => {
		const connector = with_(quote('1'));
		connector.linked = linked;
		const poll = drainer(connector);
		await poll.after(0);
		await poll.after(11);
		connector.documents.push(quote('2'));
		expect(await poll.after(11)).toEqual(['2']);
		expect(poll.warnings).toEqual(['quote QUO1 could not be marked "Needs attention": No rights.']);
		expect(await poll.after(1)).toEqual([]);
	});

	it('keeps counting tries while there is more than one poll takes', async () => {
		const connector = with_(quote('1'), quote('2'), quote('3'));
		const marked = connector.linked;
		connector.linked = (request) => {
			connector.documents = connector.documents.filter((document) => document.source?.id !== request.id);
			return marked(request);
		};
		const poll = drainer(connector, { ...byState, limit: 2 });
		expect([await poll.after(0), await poll.after(1)]).toEqual([['1', '2'], ['3']]);
		// All three are due again; the third is not among the first two, and is not forgotten for it.
		expect([await poll.after(12), await poll.after(1)]).toEqual([['1', '2'], ['3']]);
		expect([await poll.after(12), await poll.after(1)]).toEqual([[], []]);
		expect(links(connector).map(({ requests }) => (requests as Array<{ id: string }>)[0]!.id)).toEqual(['1', '2', '3']);
	});

	it('asks only for what is due, up to the limit', async () => {
		const connector = with_(quote('1'), quote('2'), quote('3'));
		const poll = drainer(connector, { ...byState, limit: 2 });
		expect([await poll.after(0), await poll.after(1)]).toEqual([['1', '2'], ['3']]);
		expect(connector.calls.map(({ limit, skip }) => [limit, skip])).toEqual([[2, []], [2, ['1', '2']]]);
	});
});

describe('a poll', () => {
	const system = (connector: FakeConnector) => systemOf(connector);

	it('by state emits documents with event keys and remembers them in static data', async () => {
		const connector = new FakeConnector();
		connector.documents = [quote('1')];
		const data: IDataObject = {};
		const context = pollContext({}, { data });
		const [items] = (await pollNode(context, system(connector), 'fakeApi', byState))!;
		expect(items).toMatchObject([{ json: { kind: 'quote', number: 'QUO1', event: { key: expect.stringMatching(/^vtiger:Quotes:1@[0-9a-f]{16}$/) as string } } }]);
		expect(data.held).toMatchObject({ 1: { tries: 1 } });
		expect(await pollNode(context, system(connector), 'fakeApi', byState)).toBeNull();
	});

	it('gives one change one event key, whatever refs it has by then', async () => {
		const connector = new FakeConnector();
		const key = async (document: Document) => {
			connector.documents = [document];
			const [items] = (await pollNode(pollContext({}), system(connector), 'fakeApi', byState))!;
			return (items![0]!.json.event as IDataObject).key;
		};
		const plain = await key(quote('1'));
		expect(await key(quote('1', { refs: [{ system: 'odoo', kind: 'order', id: '1', key: 'k' }] }))).toBe(plain);
		expect(await key(quote('1', { subject: 'changed' }))).not.toBe(plain);
	});

	it('by change keeps the cursor and passes it on', async () => {
		const connector = new FakeConnector();
		const data: IDataObject = {};
		const cursor = { watermark: '2026-01-31T12:00:00Z', seen: { 1: { at: '2026-01-31T12:00:00Z', print: 'p' } }, open: { from: 'a', afterId: '7', newest: 'b', since: 5 } };
		connector.changes = { documents: [], cursor, more: true };
		expect(await pollNode(pollContext({}, { data }), system(connector), 'fakeApi', byChange)).toBeNull();
		await pollNode(pollContext({}, { data: JSON.parse(JSON.stringify(data)) as IDataObject }), system(connector), 'fakeApi', byChange);
		expect(connector.calls).toMatchObject([
			{ verb: 'changesSince', kind: 'invoice', cursor: undefined, overlapMs: 5 * MINUTE, budget: 50, onlyLinked: true },
			{ verb: 'changesSince', cursor },
		]);
	});

	it('keeps the cursor it had when the system fails', async () => {
		const connector = new FakeConnector();
		const data: IDataObject = {};
		await pollNode(pollContext({}, { data }), system(connector), 'fakeApi', byChange);
		const before = JSON.stringify(data);
		connector.changesSince = async () => await Promise.reject(new Failure('transient', 'Nothing listens', { advice: 'Look' }));
		await expect(pollNode(pollContext({}, { data }), system(connector), 'fakeApi', byChange)).rejects.toMatchObject({ message: 'Nothing listens', description: 'Look' });
		expect(JSON.stringify(data)).toBe(before);
	});

	it.each([
		['another event', { ...byChange, kind: 'order' } as Watch],
		['another start', { ...byChange, from: '2026-01-01T00:00:00Z' } as Watch],
		['a person who asks for it', { ...byChange, again: 'again' } as Watch],
	])('starts afresh for %s', async (_name, changed) => {
		const connector = new FakeConnector();
		const data: IDataObject = {};
		await pollNode(pollContext({}, { data }), system(connector), 'fakeApi', byChange);
		await pollNode(pollContext({}, { data }), system(connector), 'fakeApi', changed);
		expect(connector.calls[1]).toMatchObject({ cursor: undefined });
		await pollNode(pollContext({}, { data }), system(connector), 'fakeApi', byState);
		expect(Object.keys(data).sort()).toEqual(['held', 'subject']);
	});

	it('goes on for a changed limit or look-back', async () => {
		const connector = new FakeConnector();
		const data: IDataObject = {};
		await pollNode(pollContext({}, { data }), system(connector), 'fakeApi', byChange);
		await pollNode(pollContext({}, { data }), system(connector), 'fakeApi', { ...byChange, limit: 5, overlapMs: 0 });
		expect(connector.calls[1]).toMatchObject({ cursor: connector.changes.cursor, budget: 5, overlapMs: 0 });
	});

	it.each([[{ cursor: 'spoilt', subject: 'change:invoice:' }], [{ cursor: { watermark: 1 }, subject: 'change:invoice:' }], [{ held: [], cursor: null }]])('takes spoilt static data for none: %j', async (data) => {
		const connector = new FakeConnector();
		await pollNode(pollContext({}, { data: data as IDataObject }), system(connector), 'fakeApi', byChange);
		expect(connector.calls).toMatchObject([{ cursor: undefined }]);
	});

	it('drops what is not in the wanted state', async () => {
		const connector = new FakeConnector();
		connector.changes.documents = [quote('1'), quote('2', { status: 'draft' })];
		const items = await pollNode(pollContext({}), system(connector), 'fakeApi', { ...byChange, kind: 'quote', onlyState: 'accepted' });
		expect(items![0]!.map(({ json }) => json.number)).toEqual(['QUO1']);
	});

	it('runs once at a time for a node, and other nodes meanwhile', async () => {
		const connector = new FakeConnector();
		connector.documents = [quote('1')];
		let go!: () => void;
		const gate = new Promise<void>((resolve) => (go = resolve));
		const slow = systemOf(connector);
		const pending = connector.pending.bind(connector);
		connector.pending = async (...args) => {
			await gate;
			return await pending(...args);
		};
		const first = pollNode(pollContext({}, { workflow: 'a' }), slow, 'fakeApi', byState);
		expect(await pollNode(pollContext({}, { workflow: 'a' }), slow, 'fakeApi', byState)).toBeNull();
		const other = pollNode(pollContext({}, { workflow: 'b' }), slow, 'fakeApi', byState);
		go();
		expect([(await first)?.[0]?.length, (await other)?.[0]?.length]).toEqual([1, 1]);
		expect((await pollNode(pollContext({}, { workflow: 'a' }), slow, 'fakeApi', byState))?.[0]).toHaveLength(1);
	});

	it('in the editor need not wait for one that runs', async () => {
		const connector = new FakeConnector();
		connector.documents = [quote('1')];
		let go!: () => void;
		const gate = new Promise<void>((resolve) => (go = resolve));
		connector.changesSince = async () => {
			await gate;
			return connector.changes;
		};
		const scheduled = pollNode(pollContext({}, { workflow: 'd' }), system(connector), 'fakeApi', { ...byChange, kind: 'quote' });
		expect((await pollNode(pollContext({}, { workflow: 'd', mode: 'manual' }), system(connector), 'fakeApi', { ...byChange, kind: 'quote' }))?.[0]).toHaveLength(1);
		go();
		await scheduled;
	});

	it('may run again after one that failed', async () => {
		const connector = new FakeConnector();
		connector.changesSince = async () => await Promise.reject(new Failure('denied', 'No'));
		for (let i = 0; i < 2; i++) await expect(pollNode(pollContext({}, { workflow: 'c' }), system(connector), 'fakeApi', byChange)).rejects.toThrow('No');
	});

	it.each([byState, byChange, { ...byChange, kind: 'quote' } as Watch])('in the editor shows a document and leaves the state alone: %j', async (watch) => {
		const connector = new FakeConnector();
		connector.documents = [quote('1'), quote('2')];
		const data: IDataObject = { held: { 1: { until: 9e15, tries: 1 } } };
		const before = JSON.stringify(data);
		const items = await pollNode(pollContext({}, { data, mode: 'manual' }), system(connector), 'fakeApi', watch);
		if ('kind' in watch && watch.kind === 'quote') expect(items![0]).toHaveLength(1);
		else expect(items).toBeNull();
		expect(JSON.stringify(data)).toBe(before);
		expect(connector.calls.every(({ verb }) => verb === 'pending' || verb === 'list')).toBe(true);
	});
});

describe('the trigger\'s parameters', () => {
	it.each<[Record<string, unknown>, Partial<Watch>]>([
		[{ event: 'quoteAccepted', detectBy: 'state' }, { by: 'state', kind: 'quote', state: 'accepted', limit: 50, holdBackMs: 10 * MINUTE, maxTries: 5 }],
		[{ event: 'quoteAccepted', options: { holdBack: 1, maxTries: 9, limit: 7 } }, { by: 'state', limit: 7, holdBackMs: MINUTE, maxTries: 9 }],
		[{ event: 'quoteAccepted', detectBy: 'change' }, { by: 'change', kind: 'quote', onlyState: 'accepted', overlapMs: 5 * MINUTE, onlyLinked: false }],
		[{ event: 'invoiceChanged' }, { by: 'change', kind: 'invoice', onlyLinked: true, limit: 50, from: undefined }],
		[{ event: 'orderChanged', options: { onlyLinked: false, overlap: 0 } }, { kind: 'order', onlyLinked: false, overlapMs: 0 }],
		[{ event: 'orderChanged', options: { beginAgain: 'once more' } }, { again: 'once more' }],
		[{ event: 'orderChanged', detectBy: 'change', options: { windowDays: 3, overlap: 1 } }, { by: 'change', kind: 'order', overlapMs: 3 * 24 * 60 * MINUTE }],
		[{ event: 'recordChanged', kind: 'customer', options: { fromDate: '2026-01-31T12:00:00+01:00' } }, { kind: 'customer', onlyLinked: false, from: '2026-01-31T11:00:00Z' }],
		[{ event: 'invoiceChanged', options: { limit: 0, overlap: -3 } }, { limit: 1, overlapMs: 0 }],
	])('%j', (parameters, watch) => expect(readWatch(pollContext(parameters))).toMatchObject(watch));

	it.each([
		[{ event: 'nothingChanged' }, 'The event "nothingChanged" does not exist'],
		[{ event: 'invoiceChanged', options: { fromDate: 'soon' } }, '"soon" is not a date'],
	])('%j is refused', (parameters, message) => expect(() => readWatch(pollContext(parameters))).toThrow(message));
});
