// Proves what the client knows of an infobase's composition: how metadata is read, when it is asked for, and that what is
// missing for a moment is not taken for gone.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { Failure } from '../../../nodes/core/failure';
import { type EdmxModel, EdmxReader, NotMetadata } from '../../../nodes/OneC/onec.edmx';
import { type MetadataSource, OnecMetadata } from '../../../nodes/OneC/onec.metadata';
import { TestClock } from '../send';
import { failureOf, setUp } from './setting';

const CAPTURE = readFileSync(path.join(__dirname, '../../../demo/simulators/onec/metadata/ut11-demo.xml'), 'utf8');

function read(text: string, size = 50_000): EdmxModel {
	const reader = new EdmxReader();
	for (let at = 0; at < text.length; at += size) reader.write(text.slice(at, at + size));
	return reader.end();
}

/** A schema with these elements in it. */
const schema = (inner: string): string => `<?xml version="1.0"?><edmx:Edmx xmlns:edmx="x"><edmx:DataServices><Schema Namespace="StandardODATA">${inner}</Schema></edmx:DataServices></edmx:Edmx>`;
const type = (name: string, ...properties: string[]): string => `<EntityType Name="${name}"><Key><PropertyRef Name="Ref_Key"/></Key><Property Name="Ref_Key" Type="Edm.Guid"/>${properties.map((property) => `<Property Name="${property}" Type="Edm.String"/>`).join('')}</EntityType>`;
const sets = (...names: string[]): string => `<EntityContainer Name="EnterpriseV8">${names.map((name) => `<EntitySet Name="${name}" EntityType="StandardODATA.${name}"/>`).join('')}</EntityContainer>`;

describe('metadata of a real base', () => {
	const model = read(CAPTURE);

	it('has its sets, types and functions', () => {
		expect(model.sets.size).toBe(38);
		expect(model.types.get('Document_ЗаказКлиента')?.keys).toEqual(['Ref_Key']);
		expect(model.types.get('InformationRegister_СуммыДокументовВВалютахУчета_RecordType')?.keys).toEqual(['Recorder', 'Period', 'ИдентификаторСтроки', 'Recorder_Type']);
		expect(model.functions.get('AccumulationRegister_ТоварыНаСкладах')?.map(({ name, parameters, sideEffects }) => [name, parameters, sideEffects])).toEqual([
			['Balance', ['Condition', 'Dimensions', 'Period'], false],
			['Turnovers', ['Condition', 'Dimensions', 'EndPeriod', 'StartPeriod'], false],
			['BalanceAndTurnovers', ['Condition', 'Dimensions', 'EndPeriod', 'StartPeriod'], false],
		]);
		expect(model.functions.get('Document_ЗаказКлиента')?.map(({ name, sideEffects }) => [name, sideEffects])).toEqual([['Post', true], ['Unpost', true]]);
		// A slice belongs to the set of single records.
		expect(model.functions.has('InformationRegister_СуммыДокументовВВалютахУчета')).toBe(false);
		expect(model.functions.get('InformationRegister_СуммыДокументовВВалютахУчета_RecordType')).toHaveLength(2);
	});

	it('is the same in pieces of any size', () => {
		fc.assert(fc.property(fc.integer({ min: 1, max: 3_000 }), (size) => expect(read(CAPTURE, size)).toEqual(model)), { numRuns: 5 });
	});

	it('gives references their targets, table parts their columns, and every property its type', async () => {
		const metadata = new OnecMetadata(sourceOf(() => CAPTURE), new TestClock());
		const order = await metadata.properties('Document_ЗаказКлиента');
		expect(order.get('Контрагент_Key')).toMatchObject({ type: 'Guid', targets: ['Catalog_Контрагенты'], key: false });
		expect(order.get('Организация_Key')).toMatchObject({ type: 'Guid', targets: [] });
		expect(order.get('Ref_Key')).toMatchObject({ type: 'Guid', key: true });
		expect(order.get('СуммаДокумента')?.type).toBe('Double');
		expect(order.get('МаксимальныйКодСтроки')?.type).toBe('Int64');
		const parts = await metadata.tableParts('Document_ЗаказКлиента');
		expect([...parts.keys()].sort()).toEqual(['ДополнительныеРеквизиты', 'НачислениеБонусныхБаллов', 'СкидкиНаценки', 'Товары', 'ЭтапыГрафикаОплаты']);
		expect(parts.get('Товары')?.get('LineNumber')?.type).toBe('Int64');
		expect((await metadata.tableParts('AccumulationRegister_ТоварыНаСкладах')).get('RecordSet')?.has('ВНаличии')).toBe(true);
	});
});

describe('what metadata may hold', () => {
	it('is read once where it stands twice, and the first counts', () => {
		const model = read(schema(`<EnumType Name="AllowedLength"/><EnumType Name="AllowedLength"/>${type('Catalog_X', 'A', 'A', 'B')}${type('Catalog_X', 'B', 'C')}`));
		expect(model.types.get('Catalog_X')?.names).toEqual(['Ref_Key', 'A', 'B', 'C']);
		expect(model.types.get('Catalog_X')?.keys).toEqual(['Ref_Key']);
	});

	it.each(['Document_УстановкаABC_Классификации', 'Catalog_X_RowType', 'InformationRegister_A_RecordType_B', 'Catalog_Ёж_1_2'])('is an object although its name has underscores: %s', async (name) => {
		const text = schema(`${type(name, 'Code')}<ComplexType Name="${name}_Часть_1_RowType"><Property Name="LineNumber" Type="Edm.Int64"/></ComplexType>${type(`${name}_Часть_1`)}<EntityType Name="Catalog_Y"><Property Name="Часть_1" Type="Collection(StandardODATA.${name}_Часть_1_RowType)"/></EntityType>${sets(name, 'Catalog_Y')}`);
		const metadata = new OnecMetadata(sourceOf(() => text), new TestClock());
		expect([...(await metadata.properties(name)).keys()]).toEqual(['Ref_Key', 'Code']);
		expect([...(await metadata.tableParts('Catalog_Y')).keys()]).toEqual(['Часть_1']);
	});

	it.each([
		['a login page', '<!DOCTYPE html><html><head><title>Вход</title></head><body><form/></body></html>'],
		['a page without an end', '<html><br><p>Technical works'],
		['JSON', '{"odata.error":{"code":"8"}}'],
		['an error in XML', '<?xml version="1.0"?><m:error xmlns:m="x"><m:code>-1</m:code></m:error>'],
		['half of itself', CAPTURE.slice(0, 100_000)],
		['nothing', ''],
	])('is told from %s', (_name, text) => {
		expect(() => read(text)).toThrow(NotMetadata);
	});
});

/** A base whose root lists what `text` describes, or what is given. */
function sourceOf(text: () => string, names: () => string[] = () => [...text().matchAll(/<EntitySet\s+Name="([^"]+)"/g)].map((match) => match[1]!)): MetadataSource & { asked: { root: number; metadata: number } } {
	const asked = { root: 0, metadata: 0 };
	return {
		asked,
		root: async () => (asked.root++, names().map((name) => ({ name, url: name }))),
		stream: async (address, onChunk) => {
			expect(address).toBe('$metadata');
			asked.metadata++;
			onChunk(text());
		},
	};
}

describe('when metadata is asked for', () => {
	it('never for the names of the sets, once for all properties, again when the composition changes', async () => {
		let text = schema(type('Catalog_X', 'Code') + type('Catalog_Y') + sets('Catalog_X', 'Catalog_Y'));
		const source = sourceOf(() => text);
		const metadata = new OnecMetadata(source, new TestClock());
		expect([...(await metadata.sets())]).toEqual(['Catalog_X', 'Catalog_Y']);
		expect(await metadata.has('Catalog_Z')).toBe(false);
		expect(source.asked.metadata).toBe(0);
		await Promise.all([metadata.properties('Catalog_X'), metadata.properties('Catalog_Y'), metadata.functions('Catalog_X')]);
		expect(source.asked.metadata).toBe(1);
		text = schema(type('Catalog_X', 'Code') + type('Catalog_Y') + type('Catalog_Z', 'New') + sets('Catalog_X', 'Catalog_Y', 'Catalog_Z'));
		expect((await metadata.properties('Catalog_Z')).has('New')).toBe(true);
		expect(source.asked.metadata).toBe(2);
	});

	it('asks once more for a set that it does not know, and names it when it is not there', async () => {
		const clock = new TestClock();
		let text = schema(type('Catalog_X') + sets('Catalog_X'));
		const source = sourceOf(() => text, () => ['Catalog_X']);
		const metadata = new OnecMetadata(source, clock);
		await metadata.properties('Catalog_X');
		clock.pass(60_000);
		text = schema(type('Catalog_X') + type('Catalog_New') + sets('Catalog_X'));
		await metadata.properties('Catalog_New');
		clock.pass(60_000);
		const failure = await failureOf(metadata.properties('Catalog_Нет'));
		expect(failure).toMatchObject({ kind: 'denied', code: '8' });
		expect(failure.message).toContain('Catalog_Нет');
	});

	it('takes a failure as told, and asks anew the next time', async () => {
		let broken = true;
		const source = sourceOf(() => schema(type('Catalog_X') + sets('Catalog_X')));
		const metadata = new OnecMetadata({ ...source, stream: async (address, onChunk) => (broken ? onChunk('<html><body>Ведутся работы</body></html>') : await source.stream(address, onChunk)) }, new TestClock());
		const failure = await failureOf(metadata.properties('Catalog_X'));
		expect(failure.kind).toBe('transient');
		expect(failure.message).toMatch(/\$metadata.*<html>/);
		broken = false;
		expect((await metadata.properties('Catalog_X')).size).toBe(1);
	});
});

describe('while the composition is applied anew', () => {
	const full = schema(type('Catalog_X', 'Code') + type('Document_Y', 'Number') + sets('Catalog_X', 'Document_Y'));
	const half = schema(type('Catalog_X', 'Code', 'Новое') + sets('Catalog_X'));

	it('a set that was there a moment ago is still there, and is gone after a minute', async () => {
		const clock = new TestClock();
		let text = full;
		const metadata = new OnecMetadata(sourceOf(() => text), clock);
		await metadata.properties('Document_Y');
		text = half;
		expect(await metadata.has('Document_Y')).toBe(true);
		expect((await metadata.properties('Document_Y')).has('Number')).toBe(true);
		expect((await metadata.properties('Catalog_X')).has('Code')).toBe(true);
		clock.pass(61_000);
		expect(await metadata.has('Document_Y')).toBe(false);
		clock.pass(61_000);
		expect(await failureOf(metadata.properties('Document_Y'))).toMatchObject({ kind: 'denied', code: '8' });
	});

	it('what the new metadata does not describe yet is as it was, and is asked for again', async () => {
		const clock = new TestClock();
		let text = full;
		let names = ['Catalog_X', 'Document_Y'];
		const source = sourceOf(() => text, () => names);
		const metadata = new OnecMetadata(source, clock);
		await metadata.properties('Document_Y');
		text = half;
		names = ['Catalog_X', 'Document_Y', 'Catalog_Z'];
		expect((await metadata.properties('Catalog_X')).has('Новое')).toBe(true);
		expect((await metadata.properties('Document_Y')).has('Number')).toBe(true);
		const asked = source.asked.metadata;
		clock.pass(11_000);
		text = schema(type('Catalog_X', 'Code') + type('Document_Y', 'Number', 'Ещё') + type('Catalog_Z') + sets('Catalog_X', 'Document_Y', 'Catalog_Z'));
		expect((await metadata.properties('Document_Y')).has('Ещё')).toBe(true);
		expect(source.asked.metadata).toBe(asked + 1);
	});

	it('what was known serves when the new metadata cannot be read, and it is asked for again', async () => {
		const clock = new TestClock();
		let names = ['Catalog_X', 'Document_Y'];
		let text = full;
		const source = sourceOf(() => text, () => names);
		const metadata = new OnecMetadata({ ...source, stream: async (address, onChunk) => { await source.stream(address, onChunk); if (text === '') throw new Failure('transient', 'HTTP 500'); } }, clock);
		await metadata.properties('Catalog_X');
		names = [...names, 'Catalog_Z'];
		text = '';
		expect((await metadata.properties('Document_Y')).has('Number')).toBe(true);
		text = schema(type('Catalog_X', 'Code') + type('Document_Y', 'Number') + type('Catalog_Z', 'Z') + sets('Catalog_X', 'Document_Y', 'Catalog_Z'));
		clock.pass(11_000);
		expect((await metadata.properties('Catalog_Z')).has('Z')).toBe(true);
	});
});

it('a whole configuration is read with at most three times its size of memory', async () => {
	const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--max-semi-space-size=8', '--import', 'tsx', path.join(__dirname, 'memory.ts'), 'metadata', '15'], { cwd: path.join(__dirname, '../../..') });
	// How much garbage lies about before it is collected is the engine's choice, and differs between versions of Node: bounded above.
	const measured = JSON.parse(stdout) as Record<'bytes' | 'count' | 'peak' | 'kept', number>;
	expect(measured.bytes).toBeGreaterThan(15 * 1024 * 1024);
	expect(measured.count).toBeGreaterThan(3_000);
	expect(measured.peak).toBeLessThanOrEqual(3 * measured.bytes);
	expect(measured.kept).toBeLessThanOrEqual(measured.bytes);
}, 120_000);

describe('on a simulated base', () => {
	it.each(['fails', 'login-page'] as const)('metadata that %s is told clearly, and stops nothing that does not need it', async (metadata) => {
		const setting = await setUp({ switches: { metadata } });
		try {
			const services = setting.services();
			expect((await services.metadata.sets()).has('Document_ЗаказКлиента')).toBe(true);
			expect(await services.session.rows('Catalog_Номенклатура', { top: 1 })).toHaveLength(1);
			const failure = await failureOf(services.metadata.properties('Catalog_Номенклатура'));
			expect(['transient', 'denied', 'rejected']).toContain(failure.kind);
			expect(failure.message).not.toMatch(/TypeError|undefined/);
		} finally {
			await setting.stop();
		}
	});
});
