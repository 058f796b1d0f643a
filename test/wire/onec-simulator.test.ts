// Owns the proof that the 1C simulator answers as the captured packets and published answers do: the records in them are put
// into the simulated base, read back over the wire, and compared with what was captured.
// Must not know: any client code.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { PASSWORD, USER, startOnec, type OnecSimulator, type Row } from '../../demo/simulators/onec';
import { type EntitySet, rowsOf } from '../../demo/simulators/onec/edmx.model';
import { metadataText } from '../../demo/simulators/onec/metadata';
import { Tally, shapeDifferences as differences } from './compare';
import { type Entry, type Shown, entriesOf, readXml, shown } from './onec.xml';

const FIXTURES = path.join(__dirname, 'fixtures', 'onec');
const file = (name: string): string => readFileSync(path.join(FIXTURES, name), 'utf8');
const PACKETS = ['packet-1-items.xml', 'packet-2-orders.xml', 'packet-3-counterparties.xml', 'packet-4-order-unposted.xml', 'packet-5-shipment.xml'];

async function ask(sim: OnecSimulator, method: string, address: string): Promise<string> {
	const headers = { authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}` };
	const answer = await fetch(`${sim.url}/odata/standard.odata${encodeURI(address)}`, { method, headers, body: method === 'POST' ? '' : undefined });
	const text = await answer.text();
	if (answer.status !== 200) throw new Error(`${method} ${address}: ${answer.status} ${text}`);
	return text;
}

/** Text of the XML as the value that the base keeps. */
function stored(sim: OnecSimulator, set: EntitySet, properties: Record<string, Shown>): Row {
	const types = new Map(set.properties.map(({ name, type }) => [name, type]));
	return Object.fromEntries(
		Object.entries(properties).map(([name, value]) => {
			if (typeof value !== 'string') {
				const rows = rowsOf(sim.base.store.model, set, name);
				return [name, rows ? value.rows.map((row) => stored(sim, rows, row)) : []];
			}
			const type = types.get(name);
			if (type === 'Edm.Double' || type === 'Edm.Int16' || type === 'Edm.Int32') return [name, Number(value)];
			return [name, type === 'Edm.Boolean' ? value === 'true' : value];
		}),
	);
}

const VERSION = /^[A-Za-z0-9+/]{11}=$/;

/** What does not depend on when and where: of a version only its form, and neither moments of reading nor the order of properties. */
function comparable(entry: Entry | undefined): unknown {
	if (!entry) return undefined;
	const { id, set, outline, links } = entry;
	const properties = shown(entry.properties);
	if (typeof properties['DataVersion'] === 'string') properties['DataVersion'] = VERSION.test(properties['DataVersion']) ? 'a version' : properties['DataVersion'];
	return { id, set, outline, links, properties };
}

it('УТ: captured packets', async () => {
	const sim = await startOnec({ profile: 'ut' });
	const tally = new Tally('onec-ut11');
	try {
		const captured = new Set([...readFileSync('demo/simulators/onec/metadata/ut11-demo.xml', 'utf8').matchAll(/<EntitySet Name="([^"]+)"/g)].map((m) => m[1]));
		sim.switches.unpublished = [...sim.base.store.model.sets.keys()].filter((name) => !captured.has(name));
		const node = String(sim.records('ExchangePlan_ДляODATA').find((row) => row['Code'] === 'N8N')?.['Ref_Key']);
		for (const [i, name] of PACKETS.entries()) {
			const entries = entriesOf(readXml(file(name)));
			for (const { set, properties } of entries.values()) {
				const definition = sim.base.store.definition(set);
				if (!definition) throw new Error(`no ${set}`);
				sim.base.store.put(set, stored(sim, definition, shown(properties)));
			}
			const point = `DataExchangePoint='${sim.url}/odata/standard.odata/ExchangePlan_ДляODATA(guid'${node}')'&MessageNo=${i + 1}`;
			const answered = entriesOf(readXml(await ask(sim, 'POST', `/SelectChanges?${point}`)));
			await ask(sim, 'POST', `/NotifyChangesReceived?${point}`);
			for (const [id, entry] of entries) tally.count(`${name} ${id}`, differences(comparable(entry), comparable(answered.get(id))));
			expect(answered.size).toBe(entries.size);
		}
	} finally {
		await sim.stop();
	}
	const failures = tally.finish();
	process.stdout.write(`${tally.line()}\n`);
	expect(failures).toEqual([]);
});

type Json = Record<string, unknown>;
const shapes = JSON.parse(file('shapes.json')) as Record<string, Json & { value?: Json[] }>;

/** Fields as names and kinds of values; links only where both know the target, since the composition differs. */
function outline(row: Json, links: ReadonlySet<string>): Json {
	const kind = (name: string, value: unknown): unknown => {
		if (Array.isArray(value)) return value.map((one) => outline(one as Json, links));
		if (name.includes('@')) return String(value).replace(/guid'[^']+'/, '');
		return typeof value;
	};
	return Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (name.startsWith('odata.') || (name.includes('@') && !links.has(name)) ? [] : [[name, kind(name, value)]])));
}

const plain = (row: Json): Row => Object.fromEntries(Object.entries(row).filter(([name]) => !name.includes('@') && !name.startsWith('odata.'))) as Row;

it('БП: published answers', async () => {
	const sim = await startOnec({ profile: 'bp' });
	const tally = new Tally('onec-bp30');
	try {
		for (const [name, shape] of Object.entries(shapes).filter(([key]) => key.startsWith('bp_'))) {
			const set = name.slice('bp_'.length);
			if (!sim.base.store.definition(set)) {
				tally.count(name, [{ path: set, reason: 'not in the simulated configuration' }]);
				continue;
			}
			for (const [i, row] of (shape.value ?? [shape]).entries()) {
				const { Ref_Key } = sim.base.store.put(set, plain(row));
				const rows = (JSON.parse(await ask(sim, 'GET', `/${set}?$format=json&$filter=Ref_Key eq guid'${String(Ref_Key)}'`)) as { value: Json[] }).value;
				const links = new Set(Object.keys(rows[0] ?? {}).filter((key) => key.includes('@') && key in row));
				tally.count(`${name}[${i}]`, differences(outline(row, links), outline(rows[0] ?? {}, links)));
			}
		}
		const root = JSON.parse(await ask(sim, 'GET', '/?$format=json')) as Json;
		tally.count('service_document', differences(shapes['service_document'], root, { arrays: 'alike', values: false }));
	} finally {
		await sim.stop();
	}
	const failures = tally.finish();
	process.stdout.write(`${tally.line()}\n`);
	expect(failures).toEqual([]);
});

it('УТ: serves the captured metadata inside its own', async () => {
	const sim = await startOnec({ profile: 'ut' });
	const text = await ask(sim, 'GET', '/$metadata');
	await sim.stop();
	expect(text).toBe(metadataText('ut'));
	const captured = readFileSync('demo/simulators/onec/metadata/ut11-demo.xml', 'utf8');
	const lines = new Set(text.split('\r\n'));
	expect(captured.split('\r\n').filter((line) => !lines.has(line))).toEqual([]);
});
