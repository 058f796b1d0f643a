// Owns the proof that the simulator writes what real servers were seen to write: values, links, Atom, metadata (reference 2, 3, 4).
// Must not know: the product's client code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEdmx } from '../../../demo/simulators/onec/edmx.parse';
import { publish } from '../../../demo/simulators/onec/edmx.publish';
import { type JsonObject, call } from './api';
import { SHAPES, type ShapeLine, infobaseOf, shapeOf } from './infobase';

const sorted = (lines: ShapeLine[]): ShapeLine[] => [...lines].sort((a, b) => (String(a[0]) + String(a) < String(b[0]) + String(b) ? -1 : 1));

describe.each(SHAPES.map((shape) => [shape.name, shape] as const))('%s', (_name, shape) => {
	it('has the captured properties, kinds of values and links', async () => {
		const base = await infobaseOf(shape);
		try {
			const ref = String(base.store.rows(shape.set)[0]?.['Ref_Key']);
			const own = `${shape.set}(guid'${ref}')`;
			const answer = (await call(base, 'GET', shape.single ? `/${own}` : `/${shape.set}`, { format: 'json' })).json as JsonObject;
			expect(answer['odata.metadata']).toBe(`${base.url}/odata/standard.odata/$metadata#${shape.set}${shape.single ? '/@Element' : ''}`);
			const row = shape.single ? answer : ((answer['value'] as JsonObject[])[0] ?? {});
			const links = Object.keys(row).filter((key) => key.endsWith('@navigationLinkUrl'));
			// A single entity comes in any order, a collection as the metadata has it.
			if (shape.single) expect(sorted(shapeOf(row))).toEqual(sorted(shape.row));
			else expect(shapeOf(row)).toEqual(shape.row);
			expect(links.map((key) => key.split('@')[0]).sort()).toEqual([...shape.links].sort());
			for (const link of shape.links) expect(row[`${link}@navigationLinkUrl`]).toBe(`${own}/${link}`);
		} finally {
			await base.server.stop();
		}
	});
});

it('covers every captured answer', () => {
	expect(SHAPES).toHaveLength(12);
});

describe('one record in every format', () => {
	const shape = SHAPES.find((s) => s.name === 'single_catalog_with_table_part');
	if (!shape) throw new Error('no such shape');

	it('says nothing about itself, a little, or everything', async () => {
		const base = await infobaseOf(shape);
		const get = async (format: string): Promise<JsonObject> => (await call(base, 'GET', `/${shape.set}`, { format })).json as JsonObject;
		const [none, minimal, full] = [await get('application/json;odata=nometadata'), await get('application/json;odata=minimalmetadata'), await get('application/json;odata=fullmetadata')];
		expect(await get('json')).toEqual(minimal);
		await base.server.stop();
		expect(Object.keys(none)).toEqual(['value']);
		const [plain = {}] = none['value'] as JsonObject[];
		expect(Object.keys(plain).some((key) => key.includes('@'))).toBe(false);
		const [typed = {}] = full['value'] as JsonObject[];
		expect(typed).toMatchObject({ ...plain, 'odata.type': `StandardODATA.${shape.set}`, 'Дата@odata.type': 'Edm.DateTime', 'Ref_Key@odata.type': 'Edm.Guid' });
		expect(typed['odata.id']).toBe(`${base.url}/odata/standard.odata/${String(typed['odata.editLink'])}`);
	});

	it('is an Atom entry in the captured layout', async () => {
		const base = await infobaseOf(shape);
		const root = `${base.url}/odata/standard.odata`;
		const ref = String(base.store.rows(shape.set)[0]?.['Ref_Key']);
		const answer = await call(base, 'GET', `/${shape.set}(guid'${ref}')`, { format: 'atom' });
		await base.server.stop();
		const own = `${shape.set}(guid'${ref}')`;
		expect(answer.headers.get('content-type')).toBe('application/atom+xml;type=entry;charset=utf-8');
		const [head = '', body = ''] = answer.text.split('<m:properties');
		expect(head.split('\r\n').map((line) => line.trim())).toEqual([
			'<?xml version="1.0" encoding="UTF-8"?><entry xmlns="http://www.w3.org/2005/Atom"',
			'xmlns:at="http://purl.org/atompub/tombstones/1.0"',
			'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"',
			'xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"',
			`xml:base="${root}/">`,
			`<id>${root}/${own}</id>`,
			`<category term="StandardODATA.${shape.set}"`,
			'scheme="http://schemas.microsoft.com/ado/2007/08/dataservices/scheme"/>',
			'<title type="text"/>',
			'<updated>2026-10-01T12:00:00</updated>',
			'<author/>',
			'<summary/>',
			'<link rel="http://schemas.microsoft.com/ado/2007/08/dataservices/related/Город"',
			`href="${own}/Город"`,
			'type="application/atom+xml;type=entry;charset=utf-8"',
			'title="Город"/>',
			'<link rel="edit"',
			`href="${own}"`,
			'title="edit-link"/>',
			'<content type="application/xml">',
		]);
		expect(body).toContain(`<d:Комментарии m:type="Collection(StandardODATA.${shape.set}_Комментарии_RowType)">\n\t\t<d:element m:type="StandardODATA.${shape.set}_Комментарии_RowType">\n\t\t\t<d:LineNumber>7</d:LineNumber>`);
		expect(body).toContain(`<d:Договоры m:type="Collection(StandardODATA.${shape.set}_Договоры_RowType)"/>`);
		expect(body).toMatch(/<\/m:properties>\r\n\t<\/content>\r\n<\/entry>$/);
	});
});

describe('$metadata', () => {
	const text = readFileSync(join(__dirname, '../../../demo/simulators/onec/metadata/ut11-demo.xml'), 'utf8');

	it('is read for what it says, twice-named types and all', () => {
		const model = parseEdmx(text);
		const sets = [...model.sets.values()];
		expect(sets.map((s) => s.role).filter((role, i, all) => all.indexOf(role) === i).sort()).toEqual(['object', 'part', 'record', 'recorder']);
		expect(sets).toHaveLength(38);
		expect(model.functions.filter((f) => f.name === 'Post').map((f) => f.set).sort()).toEqual(['Document_ЗаказКлиента', 'Document_РеализацияТоваровУслуг']);
		expect(model.sets.get('Document_ЗаказКлиента_Товары')).toMatchObject({ role: 'part', owner: 'Document_ЗаказКлиента', part: 'Товары' });
		expect(model.sets.get('Document_ЗаказКлиента')?.navigation).toContainEqual({ name: 'Контрагент', target: 'Catalog_Контрагенты' });
		// The types of composites stand last in the text, but beside their values in every captured record.
		expect(model.sets.get('AccumulationRegister_ЗаказыКлиентов_RecordType')?.properties.slice(0, 3).map((p) => p.name)).toEqual(['Recorder', 'Recorder_Type', 'Period']);
		expect(model.results.get('AccumulationRegister_ТоварыНаСкладах_Balance')?.properties.map((p) => p.name)).toContain('ВНаличииBalance');
	});

	it('is served as it is, or without all that belongs to a hidden set', () => {
		expect(publish(text, [])).toBe(text);
		const hidden = publish(text, ['Catalog_Номенклатура']);
		const [all, fewer] = [parseEdmx(text), parseEdmx(hidden)];
		const gone = [...all.sets.keys()].filter((name) => !fewer.sets.has(name));
		expect(gone).toEqual([...all.sets.keys()].filter((name) => /^Catalog_Номенклатура(_|$)/.test(name)));
		expect(hidden.match(/<EntityType /g)).toHaveLength(all.sets.size - gone.length);
		for (const set of fewer.sets.values()) {
			expect(set.properties).toEqual(all.sets.get(set.name)?.properties);
			expect(set.navigation).toEqual(all.sets.get(set.name)?.navigation.filter((n) => n.target !== 'Catalog_Номенклатура'));
		}
		expect(fewer.functions).toEqual(all.functions);
	});
});
