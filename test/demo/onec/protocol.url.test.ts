// Owns the proof of the simulator's URL space: root, metadata, keys, navigation, what is published (reference 1, 2, 13).
// Must not know: the product's client code.
import { type OnecSimulator, PASSWORD, USER, defaultSwitches, startOnec } from '../../../demo/simulators/onec';
import { type JsonObject, basic, call, refused, rows } from './api';

let sim: OnecSimulator;
beforeAll(async () => {
	sim = await startOnec();
});
afterEach(() => {
	sim.reset();
	Object.assign(sim.switches, defaultSwitches());
});
afterAll(() => sim.stop());

const GUID = '5f8e1c1e-0000-4000-8000-000000000001';

it('lists the published sets at the root, with and without a slash, in JSON and as an Atom service', async () => {
	const json = await call(sim, 'GET', '/', { format: 'json' });
	expect(json.headers.get('content-type')).toBe('application/json;charset=utf-8');
	expect(Object.keys(json.json as JsonObject)).toEqual(['odata.metadata', 'value']);
	expect((json.json as { value: JsonObject[] }).value).toContainEqual({ name: 'Document_ЗаказКлиента_Товары', url: 'Document_ЗаказКлиента_Товары' });
	expect((await call(sim, 'GET', '')).json).toEqual({ value: (json.json as { value: JsonObject[] }).value });
	const atom = await call(sim, 'GET', '/', { format: '' });
	expect(atom.text).toContain('<collection href="Catalog_Номенклатура">');
	expect(sim.server.calls.map((c) => c.operation)).toEqual(['GET /', 'GET /', 'GET /']);
});

it('serves $metadata as XML whatever is asked for, and refuses HEAD', async () => {
	const answer = await call(sim, 'GET', '/$metadata', { format: 'json' });
	expect(answer.headers.get('content-type')).toBe('application/xml;charset=utf-8');
	expect(answer.text).toContain('<EntityContainer Name="EnterpriseV8"');
	expect((await call(sim, 'HEAD', '/$metadata', { format: '' })).status).toBe(405);
	sim.switches.metadata = 'fails';
	expect((await call(sim, 'GET', '/$metadata')).status).toBe(500);
	sim.switches.metadata = 'login-page';
	expect(await call(sim, 'GET', '/$metadata')).toMatchObject({ status: 200, json: undefined });
});

it('hides what is not published: from the root, from metadata, from paths, and its type in composites', async () => {
	const order = sim.insert('Document_ЗаказКлиента', { ДокументОснование: GUID, ДокументОснование_Type: 'StandardODATA.Document_РеализацияТоваровУслуг' });
	const get = async (): Promise<JsonObject> => (await call(sim, 'GET', `/Document_ЗаказКлиента(guid'${String(order['Ref_Key'])}')`)).json as JsonObject;
	expect((await get())['ДокументОснование_Type']).toBe('StandardODATA.Document_РеализацияТоваровУслуг');
	sim.switches.unpublished = ['Document_РеализацияТоваровУслуг', 'Catalog_Контрагенты'];
	expect(await refused(sim, 'GET', '/Catalog_Контрагенты')).toBe('404/8');
	expect(await refused(sim, 'GET', '/Document_РеализацияТоваровУслуг_Товары')).toBe('404/8');
	const names = (await rows(sim, '/')).map((row) => String(row['name']));
	const { text } = await call(sim, 'GET', '/$metadata');
	for (const hidden of sim.switches.unpublished) {
		expect(names.filter((name) => name.startsWith(hidden))).toEqual([]);
		expect(text.includes(`StandardODATA.${hidden}"`)).toBe(false);
		expect(text.includes(`Name="${hidden}"`)).toBe(false);
	}
	// The attribute stays, the navigation over it goes.
	expect(text).toContain('<Property Name="Контрагент_Key"');
	expect(text).not.toContain('<NavigationProperty Name="Контрагент"');
	expect(text).toContain('<NavigationProperty Name="Партнер"');
	expect(await refused(sim, 'GET', "/Document_ЗаказКлиента?$filter=Контрагент/ИНН eq '1'")).toBe('400/6');
	expect((await get())['ДокументОснование_Type']).toMatch(/^UnavailableEntities\.UnavailableEntity_[0-9a-f-]{36}$/);
});

it('has an empty root while nothing is published', async () => {
	sim.switches.unpublished = ['*'];
	expect(await rows(sim, '/')).toEqual([]);
	const { text } = await call(sim, 'GET', '/$metadata');
	expect(text).not.toMatch(/<EntityType |<EntitySet |<FunctionImport /);
	expect(text).toContain('<ComplexType Name="TypeDescription"');
	expect(await refused(sim, 'GET', '/Catalog_Контрагенты')).toBe('404/8');
});

it('tells an unknown set from an unknown record', async () => {
	expect(await refused(sim, 'GET', '/Catalog_Поставщики')).toBe('404/8');
	expect(await refused(sim, 'GET', '/Enum_СтатусыЗаказов')).toBe('404/8');
	expect(await refused(sim, 'GET', `/Catalog_Контрагенты(guid'${GUID}')`)).toBe('404/9');
	expect(await refused(sim, 'GET', "/Catalog_Контрагенты(guid'abc')")).toBe('400/1');
	expect(await refused(sim, 'GET', '/Catalog_Контрагенты()')).toBe('400/7');
});

it('replaces the body of a 404 as IIS does, so that 8 and 9 look alike', async () => {
	sim.switches.iisReplaces404 = true;
	const answer = await call(sim, 'GET', '/Catalog_Поставщики');
	expect(answer.status).toBe(404);
	expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
	expect(answer.text).toContain('404 - File or directory not found.');
});

it('answers a login page with 200 when a gateway stands in between', async () => {
	sim.switches.htmlWith200 = true;
	expect(await call(sim, 'GET', '/Catalog_Контрагенты')).toMatchObject({ status: 200, json: undefined });
});

it('finds records by simple and composite keys, and follows references', async () => {
	const currency = String(sim.records('Catalog_Валюты')[0]?.['Ref_Key']);
	sim.insert('InformationRegister_КурсыВалют', { Period: '2026-10-01T00:00:00', Валюта_Key: currency, Курс: 12.5 });
	const key = `Period=datetime'2026-10-01T00:00:00', Валюта_Key=guid'${currency}'`;
	for (const inside of [key, key.replace(', ', ','), key.split(', ').reverse().join(',')]) {
		expect((await call(sim, 'GET', `/InformationRegister_КурсыВалют(${inside})`)).json).toMatchObject({ Курс: 12.5 });
	}
	expect(await refused(sim, 'GET', `/InformationRegister_КурсыВалют(Валюта_Key=guid'${currency}')`)).toBe('400/7');
	const partner = sim.insert('Catalog_Партнеры', { Description: 'Пример' });
	const legal = sim.insert('Catalog_Контрагенты', { Description: 'Пример ООО', Партнер_Key: partner['Ref_Key'] ?? '' });
	const own = `/Catalog_Контрагенты(guid'${String(legal['Ref_Key'])}')`;
	expect((await call(sim, 'GET', `${own}/Партнер`)).json).toMatchObject({ Description: 'Пример' });
	expect(await refused(sim, 'GET', `/Catalog_Партнеры(guid'${String(partner['Ref_Key'])}')/Parent`)).toBe('404/9');
	expect(await refused(sim, 'GET', `${own}/Пример`)).toBe('400/6');
	expect((await call(sim, 'GET', `${own}/Description/$value`)).text).toBe('Пример ООО');
});

it('counts by $count, or knows no such thing', async () => {
	sim.insert('Catalog_Партнеры', { Description: 'Первый, и единственный с таким именем' });
	const address = "/Catalog_Партнеры/$count?$filter=startswith(Description,'Первый, и')";
	expect((await call(sim, 'GET', address)).text).toBe('1');
	sim.switches.bom = true;
	expect((await fetch(`${sim.url}/odata/standard.odata${encodeURI(address)}`, { headers: { authorization: basic(USER, PASSWORD) } }).then((r) => r.arrayBuffer())).byteLength).toBe(4);
	sim.switches.count = 'unavailable';
	expect(await refused(sim, 'GET', address)).toBe('400/6');
});

it('does not let IIS take a long segment, nor characters that cannot travel in a path', async () => {
	const long = (length: number): string => `/AccumulationRegister_ТоварыНаСкладах/Balance(Condition='${'x'.repeat(length - 'Balance(Condition='.length - 3)}')`;
	expect((await call(sim, 'GET', long(261))).text).toContain('Invalid URL');
	expect((await call(sim, 'GET', long(260))).text).not.toContain('Invalid URL');
	expect((await call(sim, 'GET', "/InformationRegister_ШтрихкодыНоменклатуры(Штрихкод='a\\b')")).status).toBe(400);
});

it('knows no $batch, and no other address', async () => {
	const batch = await call(sim, 'POST', '/$batch', { format: '' });
	expect(batch.status).toBe(501);
	expect(batch.text).toContain('<message xml:lang="ru">Произошла ошибка сервиса</message>');
	expect(await refused(sim, 'GET', '/Catalog_Контрагенты/Balance()')).toBe('400/6');
});
