// Proves exchange plans: packets read object by object on all captured ones, nodes, message numbers, acknowledgement,
// and what spoils a packet.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { EdmxReader } from '../../../nodes/OneC/onec.edmx';
import { OnecMetadata, type Properties } from '../../../nodes/OneC/onec.metadata';
import { acknowledge, fetchChanges, findNode, nextMessage, planNodes } from '../../../nodes/OneC/onec.plans';
import { type FeedObject, type FeedOptions, FeedReader, NotAFeed } from '../../../nodes/OneC/onec.plans.feed';
import { TestClock } from '../send';
import { failureOf, type Setting, setUp } from './setting';

const FIXTURES = path.join(__dirname, '../../wire/fixtures/onec');
const packetText = (name: string): string => readFileSync(path.join(FIXTURES, name), 'utf8');
const PACKETS = readdirSync(FIXTURES).filter((name) => name.startsWith('packet-')).sort();
const PLAN = 'ExchangePlan_ДляODATA';

function read(text: string, options: FeedOptions = {}, size = 50_000): FeedObject[] {
	const objects: FeedObject[] = [];
	const reader = new FeedReader((object) => objects.push(object), options);
	for (let at = 0; at < text.length; at += size) reader.write(text.slice(at, at + size));
	reader.end();
	return objects;
}

const feed = (inner: string): string => `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:d="d" xmlns:m="m" xml:base="http://onec.test/base/odata/standard.odata/">${inner}</feed>`;
const entry = (id: string, type: string, properties: string): string => `<entry><id>http://onec.test/base/odata/standard.odata/${id}</id><category term="StandardODATA.${type}"/><content type="application/xml"><m:properties>${properties}</m:properties></content></entry>`;

describe('captured packets', () => {
	it('are five', () => expect(PACKETS).toHaveLength(5));

	it.each([
		['packet-1-items.xml', ['Catalog_Номенклатура', 'Catalog_Номенклатура']],
		['packet-2-orders.xml', ['Document_ЗаказКлиента', 'Document_ЗаказКлиента', 'InformationRegister_СуммыДокументовВВалютахУчета', 'InformationRegister_СуммыДокументовВВалютахУчета', 'AccumulationRegister_ЗаказыКлиентов', 'AccumulationRegister_ЗаказыКлиентов']],
		['packet-3-counterparties.xml', ['Catalog_Контрагенты', 'Catalog_Контрагенты']],
		['packet-4-order-unposted.xml', ['Document_ЗаказКлиента', 'InformationRegister_СуммыДокументовВВалютахУчета', 'AccumulationRegister_ЗаказыКлиентов']],
		['packet-5-shipment.xml', ['Document_РеализацияТоваровУслуг', 'InformationRegister_СуммыДокументовВВалютахУчета', 'AccumulationRegister_ВыручкаИСебестоимостьПродаж', 'AccumulationRegister_ЗаказыКлиентов', 'AccumulationRegister_ТоварыОрганизаций', 'AccumulationRegister_СебестоимостьТоваров']],
	])('%s gives its objects with their keys', (name, types) => {
		const objects = read(packetText(name));
		expect(objects.map(({ type }) => type)).toEqual(types);
		for (const { type, key, data, deleted } of objects) {
			expect(deleted).toBe(false);
			if (type.includes('Register_')) expect(key).toMatch(/^Recorder='[0-9a-f-]{36}', Recorder_Type='StandardODATA\.Document_\p{L}+'$/u);
			else expect(key).toBe(data.Ref_Key);
		}
	});

	it('are the same in pieces of any size', () => {
		const whole = read(packetText('packet-4-order-unposted.xml'));
		fc.assert(fc.property(fc.integer({ min: 1, max: 2_000 }), (size) => expect(read(packetText('packet-4-order-unposted.xml'), {}, size)).toEqual(whole)), { numRuns: 8 });
	});

	it('keep texts as they are, table parts as lists, and only the standard flags as booleans', () => {
		const [order] = read(packetText('packet-4-order-unposted.xml'));
		expect(order!.data).toMatchObject({ Posted: false, DeletionMark: false, Согласован: 'false', МаксимальныйКодСтроки: '2', ДатаПоДаннымКлиента: '0001-01-01T00:00:00', ДокументОснование: '', ДокументОснование_Type: 'StandardODATA.Undefined', СкидкиНаценки: [] });
		const rows = order!.data.Товары as Array<Record<string, unknown>>;
		expect(rows.map(({ LineNumber }) => LineNumber)).toEqual(['1', '2']);
		const marked = read(packetText('packet-3-counterparties.xml')).map(({ data }) => data.DeletionMark);
		expect(marked).toEqual([false, true]);
		expect(read(packetText('packet-3-counterparties.xml'))[0]!.data.ДополнительнаяИнформация).toBe('Исполнитель четвертого уровня кооперации по государственному контракту ДУК-15\nг. Липецк');
	});

	it('have the types of JSON when the metadata is known', async () => {
		const capture = readFileSync(path.join(__dirname, '../../../demo/simulators/onec/metadata/ut11-demo.xml'), 'utf8');
		const reader = new EdmxReader();
		reader.write(capture);
		const names = [...reader.end().sets.keys()];
		const metadata = new OnecMetadata({ root: async () => names.map((name) => ({ name, url: name })), stream: async (_path, onChunk) => onChunk(capture) }, new TestClock());
		const known = new Map<string, Properties>();
		for (const name of names) known.set(name, await metadata.properties(name));
		for (const name of PACKETS) {
			for (const { type, data } of read(packetText(name), { properties: (set) => known.get(set) })) {
				for (const [property, value] of Object.entries(data)) expect([type, property, typeof value]).toEqual([type, property, jsonType(known.get(type)!.get(property)!.type)]);
			}
		}
		const [order] = read(packetText('packet-4-order-unposted.xml'), { properties: (set) => known.get(set) });
		expect(order!.data).toMatchObject({ Согласован: false, МаксимальныйКодСтроки: '2', СуммаДокумента: expect.any(Number) as number });
		expect((order!.data.Товары as Array<Record<string, unknown>>)[0]).toMatchObject({ LineNumber: '1', Количество: expect.any(Number) as number });
	});

	it('an unposted document sends its registers with empty record sets', () => {
		expect(read(packetText('packet-4-order-unposted.xml')).slice(1).map(({ data }) => data.RecordSet)).toEqual([[], []]);
	});

	it('objects of unwanted types are read over', () => {
		const wanted = read(packetText('packet-2-orders.xml'), { wants: (type) => type === 'Document_ЗаказКлиента' });
		expect(wanted.map(({ type }) => type)).toEqual(['Document_ЗаказКлиента', 'Document_ЗаказКлиента']);
		expect(wanted).toEqual(read(packetText('packet-2-orders.xml')).slice(0, 2));
	});
});

/** What 1C's JSON has for a type. */
function jsonType(type: string): string {
	return type === 'Boolean' ? 'boolean' : ['Double', 'Int16', 'Int32'].includes(type) ? 'number' : type === 'rows' ? 'object' : 'string';
}

describe('packets that no capture shows', () => {
	it('a tombstone is a deleted object without data', () => {
		const text = feed(`<at:deleted-entry ref="http://onec.test/base/odata/standard.odata/Catalog_Контрагенты(guid'8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f')" when="2026-10-01T12:00:00"/>`);
		expect(read(text)).toEqual([{ type: 'Catalog_Контрагенты', key: '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f', deleted: true, when: '2026-10-01T12:00:00', data: {} }]);
	});

	it('an empty packet has no objects', () => expect(read(feed(''))).toEqual([]));

	it('a record of an independent register has its whole key, whatever stands in it', () => {
		const key = `Period=datetime'2026-10-01T00:00:00', Имя='a/b(c),d''e'`;
		expect(read(feed(entry(`InformationRegister_Курсы(${key})`, 'InformationRegister_Курсы', '<d:Курс>91.5</d:Курс>')))).toEqual([{ type: 'InformationRegister_Курсы', key, deleted: false, data: { Курс: '91.5' } }]);
	});

	it('an address with percent codes is read, too', () => {
		const id = encodeURI("Catalog_Ёлки(guid'8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f')");
		expect(read(feed(entry(id, 'Catalog_Ёлки', '<d:Description>ё &amp; Ё</d:Description>')))).toMatchObject([{ type: 'Catalog_Ёлки', key: '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f', data: { Description: 'ё & Ё' } }]);
	});

	it('values within values, nulls, long texts and CDATA arrive whole', () => {
		const long = 'длинный '.repeat(20_000);
		const [object] = read(feed(entry("ChartOfCharacteristicTypes_X(guid'8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f')", 'ChartOfCharacteristicTypes_X', `<d:ValueType m:type="StandardODATA.TypeDescription"><d:Types m:type="Collection(Edm.String)"><d:element>Число</d:element><d:element>Строка</d:element></d:Types></d:ValueType><d:File_Base64Data m:null="true"/><d:Text>${long}</d:Text><d:Xml><![CDATA[<a>&</a>]]></d:Xml>`)));
		expect(object!.data).toEqual({ ValueType: { Types: ['Число', 'Строка'] }, File_Base64Data: null, Text: long, Xml: '<a>&</a>' });
	});

	it.each([
		['a page', '<html><body>Вход</body></html>'],
		['JSON', '{"value":[]}'],
		['half of itself', packetText('packet-1-items.xml').slice(0, 9_000)],
		['nothing', ''],
		['two in one', feed('') + feed('')],
	])('are told from %s', (_name, text) => expect(() => read(text, {}, 40)).toThrow(NotAFeed));
});

it('28 MB of changes are read within 150 MB of extra memory', async () => {
	const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import', 'tsx', path.join(__dirname, 'memory.ts'), 'packet', '28'], { cwd: path.join(__dirname, '../../..') });
	const measured = JSON.parse(stdout) as Record<'bytes' | 'count' | 'peakRss', number>;
	expect(measured.bytes).toBeGreaterThan(28 * 1024 * 1024);
	expect(measured.count).toBeGreaterThan(100);
	expect(measured.peakRss).toBeLessThan(150 * 1024 * 1024);
}, 120_000);

describe('a plan of a simulated base', () => {
	let setting: Setting;
	beforeEach(async () => (setting = await setUp()));
	afterEach(async () => await setting.stop());

	async function node(): Promise<{ ref: string; next: number }> {
		const found = await findNode(setting.session(), PLAN, 'code:N8N');
		return { ref: found.ref, next: nextMessage(found) };
	}

	async function changes(messageNumber?: number, options: FeedOptions = {}): Promise<FeedObject[]> {
		const { ref, next } = await node();
		const objects: FeedObject[] = [];
		await fetchChanges(setting.session(), PLAN, ref, messageNumber ?? next, (object) => objects.push(object), options);
		return objects;
	}

	it('has nodes with numbers, and the base itself is told where the platform tells it', async () => {
		const nodes = await planNodes(setting.session(), PLAN);
		expect(nodes.find(({ code }) => code === 'N8N')).toMatchObject({ receivedNo: 0, description: 'n8n' });
		const rows = [{ Ref_Key: '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f', Code: 'БАЗА ', ThisNode: true, ReceivedNo: '0' }, { Ref_Key: '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e60', Code: 'CRM', ReceivedNo: '41', SentNo: '42' }];
		const session = { rows: async () => rows };
		expect((await planNodes(session, PLAN)).map(({ own, receivedNo }) => [own, receivedNo])).toEqual([[true, 0], [false, 41]]);
		expect(await failureOf(findNode(session, PLAN, 'code:БАЗА'))).toMatchObject({ kind: 'rejected' });
		expect((await failureOf(findNode(session, PLAN, 'code:X'))).message).toContain('code:CRM');
		expect(nextMessage(await findNode(session, PLAN, 'code:CRM'))).toBe(42);
	});

	it('gives what changed, the same again until it is acknowledged, and then only what is newer', async () => {
		const { ref, next } = await node();
		await changes();
		await acknowledge(setting.session(), PLAN, ref, next);
		expect(await changes()).toEqual([]);
		setting.sim.patch('Catalog_Номенклатура', setting.products['W-1']!, { Description: 'Ёлка' });
		const first = await changes();
		expect(first).toMatchObject([{ type: 'Catalog_Номенклатура', key: setting.products['W-1'], data: { Description: 'Ёлка' } }]);
		setting.sim.patch('Catalog_Номенклатура', setting.products['W-2']!, { Description: 'W2' });
		expect((await changes()).map(({ key }) => key).sort()).toEqual([setting.products['W-1'], setting.products['W-2']].sort());
		await acknowledge(setting.session(), PLAN, ref, next + 1);
		await acknowledge(setting.session(), PLAN, ref, next + 1);
		expect(await changes()).toEqual([]);
	});

	it('is asked with an absolute address, its quotes not doubled, and an empty body', async () => {
		const seen: Array<{ path: string; query?: Record<string, string>; json?: unknown }> = [];
		const session = setting.session({}, async (request, send) => (seen.push(request), await send(request)));
		const { ref, next } = await node();
		await fetchChanges(session, PLAN, ref, next, () => undefined);
		const asked = seen.find(({ path: address }) => address.includes('SelectChanges'))!;
		expect(asked.query).toMatchObject({ DataExchangePoint: `'${setting.sim.url}/odata/standard.odata/${PLAN}(guid'${ref}')'`, MessageNo: String(next) });
		expect(asked.json).toBeUndefined();
	});

	it('one character that XML does not allow spoils the packet, and the message says what to do', async () => {
		setting.sim.patch('Catalog_Номенклатура', setting.products['W-1']!, { Description: 'Wid\u0002get' });
		const failure = await failureOf(changes());
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/character that XML does not allow.*0x02.*retype/);
		expect(failure.message).toContain('недопустимый символ');
		expect(failure.message).not.toMatch(/[A-Za-z0-9+/]{60,}/);
	});

	it('a packet that breaks off acknowledges nothing and can be read again', async () => {
		setting.sim.patch('Catalog_Номенклатура', setting.products['W-1']!, { Description: 'Again' });
		const { ref, next } = await node();
		setting.sim.switches.truncateNext = 1;
		const failure = await failureOf(fetchChanges(setting.session(), PLAN, ref, next, () => undefined));
		expect(failure.kind).toBe('transient');
		expect((await changes()).some(({ data }) => data.Description === 'Again')).toBe(true);
	});

	it('a packet of 28 MB arrives through the pack\'s own transport', async () => {
		setting.sim.switches.packetPadding = 28 * 1024 * 1024;
		setting.sim.patch('Catalog_Номенклатура', setting.products['W-1']!, { Description: 'Heavy' });
		expect((await changes(undefined, { wants: (type) => type === 'Catalog_Номенклатура' })).some(({ data }) => data.Description === 'Heavy')).toBe(true);
	});

	it('tombstones arrive where the platform sends them', async () => {
		setting.sim.switches.tombstones = true;
		const { ref, next } = await node();
		await changes();
		await acknowledge(setting.session(), PLAN, ref, next);
		const created = setting.sim.insert('Catalog_Валюты', { Description: 'XXX', Code: '999' });
		setting.sim.remove('Catalog_Валюты', String(created.Ref_Key));
		expect(await changes()).toMatchObject([{ type: 'Catalog_Валюты', key: created.Ref_Key, deleted: true, data: {} }]);
	});
});
