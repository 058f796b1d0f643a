// Owns the proof of change packets on the wire: the captured form byte by byte, numbers, tombstones, refusals (reference 9).
// Must not know: the product's client code; how registrations are kept.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OnecSimulator, type Row, defaultSwitches, startOnec } from '../../../demo/simulators/onec';
import { atomFields } from '../../../demo/simulators/onec/atom.read';
import { type Answer, call, refused } from './api';

const PLAN = 'ExchangePlan_ДляODATA';
const ITEM = 'Catalog_Номенклатура';
const NODE = 'a9bc23c5-3689-11f1-926c-0800270bc6cb';

let sim: OnecSimulator;
let start = '';
beforeAll(async () => {
	sim = await startOnec({ clock: { now: () => Date.parse('2026-06-15T09:50:09Z') } });
	if (!sim.get(PLAN, NODE)) sim.insert(PLAN, { Ref_Key: NODE, Code: 'N8N', Description: 'n8n' });
	start = sim.snapshot();
});
afterEach(() => {
	sim.restore(start);
	Object.assign(sim.switches, defaultSwitches());
});
afterAll(() => sim.stop());

const address = (fn: string, no: number | string): string => `/${fn}?DataExchangePoint='${sim.url}/odata/standard.odata/${PLAN}(guid'${NODE}')'&MessageNo=${no}`;
const select = (no: number, format = ''): Promise<Answer> => call(sim, 'POST', address('SelectChanges', no), { format });
const acknowledge = (no: number): Promise<Answer> => call(sim, 'POST', address('NotifyChangesReceived', no), { format: '' });
const ids = (text: string): string[] => [...text.matchAll(/<id>[^<]*\/([^/<]+)<\/id>/g)].map((m) => m[1] ?? '');

/** What may differ: the host, the moment, the order of an object's properties. */
function comparable(feed: string): string[] {
	const text = feed.replaceAll(/http:\/\/[\d.:]+\/\w+\/odata/g, 'http://host/base/odata').replaceAll(/<updated>[^<]*/g, '<updated>');
	return text.split(/(?=<m:properties)|(?<=<\/m:properties>)/).flatMap((piece) => (piece.startsWith('<m:properties') ? properties(piece) : [piece]));
}

/** Elements at the first level, a table part in one piece. */
const properties = (piece: string): string[] => piece.split(/\n(?=\t<d:|<\/m:properties)/).sort();

it('writes the captured packet again: envelope, links, rows, empty values, line ends', async () => {
	const captured = readFileSync(join(__dirname, 'changes.captured.xml'), 'utf8');
	const entries = captured.split(/(?=\t<entry>)/).slice(1);
	// Everything out of the queue first.
	await select(1);
	await acknowledge(1);
	for (const entry of entries) {
		const [, set = ''] = /<category term="StandardODATA\.([^"]+)"/.exec(entry) ?? [];
		const fields = atomFields(entry) as Row;
		for (const [name, value] of Object.entries(fields)) {
			const type = sim.base.store.definition(set)?.properties.find((p) => p.name === name)?.type;
			if (type === 'collection' && value === '') fields[name] = [];
		}
		sim.base.store.put(set, typed(set, fields));
		restoreVersion(set, fields);
		// A record set without records is registered, though nothing is stored.
		if (Array.isArray(fields['RecordSet']) && fields['RecordSet'].length === 0) sim.base.store.remove(set, sim.base.store.keyOf(set, fields));
	}
	const packet = await select(2);
	expect(packet.headers.get('content-type')).toBe('application/atom+xml;type=feed;charset=utf-8');
	const [ours, theirs] = [comparable(packet.text), comparable(captured)];
	// The widened metadata publishes more targets, so there are more links: they are taken out on our side.
	expect(ours.map(withoutLinks).map((p) => p.trim())).toEqual(theirs.map(withoutLinks).map((p) => p.trim()));
});

/** Reference links other than the one to the counterparty, which the captured composition did not publish. */
const withoutLinks = (piece: string): string => piece.replace(/\t*<link rel="[^"]*\/related\/(?!Контрагент")[^"]*"[\s\S]*?\/>\r\n/g, '');

function restoreVersion(set: string, fields: Row): void {
	const row = sim.base.store.get(set, sim.base.store.keyOf(set, fields));
	if (row && fields['DataVersion'] !== undefined) row['DataVersion'] = fields['DataVersion'];
}

/** Atom has only text: as the metadata types it. */
function typed(set: string, fields: Row): Row {
	const { store } = sim.base;
	const definition = store.definition(set);
	return Object.fromEntries(
		Object.entries(fields).map(([name, value]) => {
			const type = definition?.properties.find((p) => p.name === name)?.type;
			if (Array.isArray(value)) return [name, value.map((row) => typed(definition?.role === 'recorder' ? `${set}_RecordType` : `${set}_${name}`, row))];
			return [name, type === 'Edm.Double' || type === 'Edm.Int16' || type === 'Edm.Int32' ? Number(value) : value];
		}),
	);
}

describe('message numbers', () => {
	it('gives a feed without entries when nothing is registered, and no XML declaration', async () => {
		await select(1);
		await acknowledge(1);
		const { text } = await select(2);
		expect(text).toMatch(/^<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom"\r\n/);
		expect(text).toMatch(/xml:base="http:\/\/127[^"]*\/odata\/standard\.odata\/"\/>$/);
	});

	it('grows the packet of the same number, and keeps what changed again after it through the ack', async () => {
		await select(1);
		await acknowledge(1);
		const first = sim.insert(ITEM, { Description: 'один' });
		expect(ids((await select(2)).text)).toHaveLength(1);
		sim.insert(ITEM, { Description: 'два' });
		expect(ids((await select(2)).text)).toHaveLength(2);
		sim.patch(ITEM, String(first['Ref_Key']), { Description: 'один!' });
		expect(await acknowledge(2)).toMatchObject({ status: 200, text: '' });
		expect(ids((await select(3)).text)).toEqual([`${ITEM}(guid'${String(first['Ref_Key'])}')`]);
	});

	it('takes no notice of $top, $filter and $select', async () => {
		sim.insert(ITEM, {});
		sim.insert(ITEM, {});
		const all = ids((await select(1)).text).length;
		expect(ids((await call(sim, 'POST', `${address('SelectChanges', 1)}&$top=1&$select=Ref_Key&$filter=Нет eq 1`, { format: '' })).text)).toHaveLength(all);
	});

	it.each([
		['GET', (): string => address('SelectChanges', 1), '405/19'],
		['POST', (): string => address('SelectChanges', 'x'), '400/1'],
		['POST', (): string => '/SelectChanges?MessageNo=1', '400/12'],
		['POST', (): string => address('SelectChanges', 1).replace("(guid'", "(guid''").replace("')'", "'')'"), '400/1'],
		['POST', (): string => address('SelectChanges', 1).replace(NODE, NODE.replace('a9', 'a8')), '404/9'],
		['POST', (): string => address('SelectChanges', 1).replace(PLAN, 'ExchangePlan_Нет'), '404/8'],
	] as const)('refuses %s %#', async (method, where, expected) => {
		const { status, text } = await call(sim, method, where(), { format: '' });
		expect(`${status}/${/<m:code>(.*)<\/m:code>/.exec(text)?.[1] ?? ''}`).toBe(expected);
	});
});

describe('what comes and what does not', () => {
	beforeEach(async () => {
		await select(1);
		await acknowledge(1);
	});

	it('leaves out what is not published, and keeps it registered', async () => {
		sim.insert(ITEM, {});
		sim.switches.unpublished = [ITEM];
		expect(ids((await select(2)).text)).toEqual([]);
		await acknowledge(2);
		sim.switches.unpublished = [];
		expect(ids((await select(3)).text)).toHaveLength(1);
	});

	it('says nothing about a physical deletion, or a tombstone where a server does', async () => {
		const ref = String(sim.insert(ITEM, {})['Ref_Key']);
		sim.remove(ITEM, ref);
		expect((await select(2)).text).not.toContain('at:deleted-entry');
		sim.switches.tombstones = true;
		expect((await select(2)).text).toContain(`<at:deleted-entry ref="${sim.url}/odata/standard.odata/${ITEM}(guid'${ref}')" when="2026-06-15T09:50:09"/>`);
	});

	it('refuses the whole packet for one illegal character, in base64 because XML cannot say it', async () => {
		sim.insert(ITEM, {});
		sim.insert(ITEM, { Description: 'a\u0002b' });
		const { status, text } = await select(2);
		expect(status).toBe(400);
		expect(Buffer.from(/<m:message>(.*)<\/m:message>/.exec(text)?.[1] ?? '', 'base64').toString('utf8')).toContain('a\u0002b');
		expect((await call(sim, 'GET', `/${ITEM}?$filter=startswith(Description,'a')`)).status).toBe(200);
	});

	it('refuses JSON, or serves it where a server does', async () => {
		sim.insert(ITEM, { Description: 'x' });
		expect(await refused(sim, 'POST', address('SelectChanges', 2))).toBe('406/3');
		sim.switches.changesJson = 'served';
		expect((await select(2, 'json')).json).toMatchObject({ value: [{ Description: 'x', 'odata.metadata': expect.stringContaining(`#${ITEM}/@Element`) as string }] });
	});

	it('can be as large as a test wants it', async () => {
		sim.switches.packetPadding = 100_000;
		expect((await select(2)).text.length).toBeGreaterThan(100_000);
	});
});
