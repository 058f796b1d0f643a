// Owns the proof of how errors, refused logins, sessions and what stands before 1C look on the wire (reference 7, 8).
// Must not know: the product's client code.
import { type OnecSimulator, PASSWORD, USER, defaultSwitches, startOnec } from '../../../demo/simulators/onec';
import { refusal } from '../../../demo/simulators/onec/errors';
import { type Answer, type CallOptions, type Json, basic, call, refused, rows } from './api';

const A = 'a0000000-0000-4000-8000-000000000001';
const ORDER = 'Document_ЗаказКлиента';
const SUMS = 'InformationRegister_СуммыДокументовВВалютахУчета';

let sim: OnecSimulator;
let now = Date.parse('2026-10-01T12:00:00Z');
beforeAll(async () => {
	sim = await startOnec({ clock: { now: () => now } });
});
afterEach(() => {
	sim.reset();
	Object.assign(sim.switches, defaultSwitches());
});
afterAll(() => sim.stop());

const error = (code: string, value: string): Json => ({ 'odata.error': { code, message: { lang: 'ru', value } } });

/** Every captured error body and the request that brings it. */
const CAPTURED: Array<[string, number, Json, string, string, CallOptions?]> = [
	['a broken guid', 400, error('1', "Не удалось разобрать строку 'abc' как значение типа Edm.Guid!"), 'GET', "/Catalog_Контрагенты(guid'abc')"],
	['a filter that cannot be parsed', 400, error('14', 'Ошибка при разборе опции запроса $filter'), 'GET', '/Catalog_Контрагенты?$filter=ИНН ='],
	['an unknown method', 400, error('6', 'Метод не найден'), 'GET', '/Catalog_Контрагенты/Balance()'],
	['an unknown segment', 400, error('6', 'Сегмент пути Period не найден!'), 'GET', `/${SUMS}?$filter=Period gt datetime'2026-01-01T00:00:00'`],
	['an unknown option', 400, error('0', 'The $expan parameter is not supported'), 'GET', '/Catalog_Контрагенты?$expan=x'],
	['a missing instance', 404, error('9', 'Экземпляр сущности не найден'), 'GET', `/Catalog_Контрагенты(guid'${A}')`],
	['a comparison of unlimited text', 500, error('-1', 'Нельзя сравнивать поля неограниченной длины и поля несовместимых типов.'), 'GET', `/${SUMS}_RecordType?$filter=Recorder eq guid'${A}'`],
	['broken JSON', 500, error('-1', 'Непредвиденный символ при чтении JSON'), 'POST', '/Catalog_Контрагенты', { body: '{' }],
	['rows without numbers', 500, error('-1', 'Произошла внутренняя ошибка OData сервиса. Дополнительные сведения можно найти в технологическом журнале.'), 'POST', `/${ORDER}`, { body: { Товары: [{}] } }],
];

it.each(CAPTURED.map((row) => [row[0], row] as const))('answers %s as captured', async (_what, [, status, json, method, address, options]) => {
	const answer = await call(sim, method, address, options);
	expect(answer).toMatchObject({ status, json });
	expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
});

it.each([
	['404/9', 'Entity instance not found', `/Catalog_Контрагенты(guid'${A}')`],
	['400/14', 'Error parsing $filter query option', '/Catalog_Контрагенты?$filter=ИНН ='],
	['404/8', '"CatalogПоставщики" entity is not found', '/CatalogПоставщики'],
])('speaks English where the server does: %s', async (code, text, address) => {
	sim.switches.language = 'en';
	const answer = await call(sim, 'GET', address);
	expect(answer.json).toEqual(error(code.split('/')[1] ?? '', text));
});

it('gives the text of the configuration when posting fails, in JSON and in Atom', async () => {
	const handlers = { ...sim.base.configuration.handlers };
	Object.assign(sim.base.configuration.handlers, { [ORDER]: { checkFilling: () => ['Не указан клиент'], unposting: () => fail() } });
	sim.base.store.put(ORDER, { Ref_Key: A, Number: '0000-000001', Date: '2026-10-01T12:00:00' });
	const answer = await call(sim, 'POST', `/${ORDER}(guid'${A}')/Post`);
	expect(answer).toMatchObject({ status: 500, json: error('-1', 'Не удалось провести "Заказ клиента 0000-000001 от 01.10.2026 12:00:00"!\nНе указан клиент') });
	const atom = await call(sim, 'POST', `/${ORDER}(guid'${A}')/Unpost`, { format: '' });
	Object.assign(sim.base.configuration.handlers, handlers);
	expect(atom.headers.get('content-type')).toBe('application/xml;charset=utf-8');
	expect(atom.text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<m:error xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
	<m:code>-1</m:code>
	<m:message>Error running processor - 'ОбработкаУдаленияПроведения'</m:message>
</m:error>
`);
});

function fail(): never {
	throw refusal("Error running processor - 'ОбработкаУдаленияПроведения'");
}

it('can wear other shapes: the application server, the platform page, a byte order mark', async () => {
	const missing = `/Catalog_Контрагенты(guid'${A}')`;
	sim.switches.errorShape = 'exception';
	expect((await call(sim, 'GET', missing)).json).toEqual({
		exception: { clsid: '00000000-0000-0000-0000-000000000000', descr: expect.stringContaining('/e1cib/') as string, creationStack: '…', inner: { descr: 'Экземпляр сущности не найден' } },
	});
	sim.switches.errorShape = 'html';
	expect((await call(sim, 'GET', missing)).text).toContain('<h2>1C:Enterprise 8 application error:</h2>\n<b>by reason:</b><br>Экземпляр сущности не найден');
	sim.switches.errorShape = 'odata';
	sim.switches.bom = true;
	const response = await fetch(`${sim.url}/odata/standard.odata${encodeURI(missing)}?$format=json`, { headers: { authorization: basic(USER, PASSWORD) } });
	expect([...new Uint8Array(await response.arrayBuffer())].slice(0, 4)).toEqual([0xef, 0xbb, 0xbf, 0x7b]);
});

describe('formats', () => {
	const type = async (query: string, headers: Record<string, string> = {}): Promise<string | null> => (await call(sim, 'GET', `/Catalog_Валюты${query}`, { format: '', headers })).headers.get('content-type');

	it('is Atom by default, JSON by $format or Accept, and $format decides', async () => {
		expect(await type('')).toBe('application/atom+xml;type=feed;charset=utf-8');
		expect(await type('?$format=json')).toBe('application/json;charset=utf-8');
		expect(await type('', { accept: 'application/json' })).toBe('application/json;charset=utf-8');
		expect(await type('?$format=atom', { accept: 'application/json' })).toMatch(/^application\/atom/);
		sim.switches.accept = 'ignored';
		expect(await type('', { accept: 'application/json' })).toMatch(/^application\/atom/);
		expect((await call(sim, 'GET', '/Catalog_Валюты', { format: 'xlsx' })).status).toBe(406);
	});
});

describe('who may come in', () => {
	const status = async (authorization: string): Promise<number> => (await call(sim, 'GET', '/', { headers: { authorization } })).status;

	it('reads the name as UTF-8', async () => {
		expect(await status(basic(USER, PASSWORD))).toBe(200);
		expect(await status(basic(USER, PASSWORD, 'latin1'))).toBe(401);
		expect(await status(basic(USER, 'другой'))).toBe(401);
		expect(await status('Bearer x')).toBe(401);
	});

	it('tells a wrong password (no code) from missing rights (code 20)', async () => {
		expect(await refused(sim, 'GET', '/Catalog_Контрагенты', { headers: { authorization: basic(USER, '') } })).toBe('401');
		sim.switches.forbiddenSets = ['Catalog_Контрагенты'];
		expect(await refused(sim, 'GET', '/Catalog_Контрагенты')).toBe('401/20');
		expect(await refused(sim, 'POST', '/Catalog_Контрагенты', { body: {} })).toBe('401/20');
		expect(await refused(sim, 'GET', '/Catalog_Контрагенты_КонтактнаяИнформация')).toBe('401/20');
		expect(await refused(sim, 'GET', `/${ORDER}?$filter=Контрагент/ИНН eq '1'`)).toBe('401/20');
		expect(await refused(sim, 'GET', `/${ORDER}?$expand=Контрагент`)).toBe('401/20');
		expect((await call(sim, 'GET', '/Catalog_Валюты')).status).toBe(200);
	});
});

describe('sessions', () => {
	const ask = (headers: Record<string, string> = {}): Promise<Answer> => call(sim, 'GET', '/Catalog_Валюты', { headers });
	const begin = async (): Promise<string> => ((await ask({ ibsession: 'start' })).headers.get('set-cookie') ?? '').split(';')[0] ?? '';

	it('sets no cookie where the publication pools by itself', async () => {
		expect(await begin()).toBe('');
	});

	it('starts, uses and finishes a session by its cookie', async () => {
		sim.switches.sessions = 'explicit';
		const cookie = await begin();
		expect(cookie).toMatch(/^ibsession=/);
		expect((await ask({ cookie })).status).toBe(200);
		expect((await ask({ cookie, ibsession: 'finish' })).status).toBe(200);
		expect((await ask({ cookie })).status).toBe(400);
	});

	it('lets a session die of idleness, with whatever status', async () => {
		sim.switches.sessions = 'explicit';
		const cookie = await begin();
		now += 15_000;
		expect((await ask({ cookie })).status).toBe(200);
		now += 21_000;
		for (const dead of [400, 404, 406, 500] as const) {
			sim.switches.deadSession = dead;
			expect((await ask({ cookie })).status).toBe(dead);
		}
	});

	it('has only so many licences', async () => {
		Object.assign(sim.switches, { sessions: 'explicit', licences: 1 });
		const cookie = await begin();
		const second = await ask({ ibsession: 'start' });
		expect(second.status).toBe(406);
		expect(second.text).toContain('ограничено');
		sim.switches.licenceStatus = 400;
		expect((await ask()).status).toBe(400);
		await ask({ cookie, ibsession: 'finish' });
		expect((await ask()).status).toBe(200);
		Object.assign(sim.switches, { sessions: 'autouse', licences: -1 });
		expect((await ask()).status).toBe(400);
	});

	it('answers the planned fault as a dead cookie, and as a refused login without one', async () => {
		sim.switches.sessions = 'explicit';
		const cookie = await begin();
		sim.server.plan({ kind: 'session-expired', at: () => true, times: 2 });
		expect((await ask({ cookie })).status).toBe(400);
		expect(await ask()).toMatchObject({ status: 401, text: '' });
		expect((await ask({ cookie })).status).toBe(400);
	});

	it('lets nobody in during scheduled work', async () => {
		sim.switches.sessionsForbidden = true;
		const answer = await ask();
		expect(answer.status).toBe(500);
		expect(answer.text).toContain('Начало сеанса с информационной базой запрещено');
	});
});

it('cuts an answer in its middle', async () => {
	sim.switches.truncateNext = 1;
	await expect(rows(sim, '/Catalog_Валюты')).rejects.toThrow();
	expect((await rows(sim, '/Catalog_Валюты')).length).toBeGreaterThan(0);
});

it('lets the first call after idle wait', async () => {
	sim.switches.slowNext = 60;
	const start = performance.now();
	await rows(sim, '/Catalog_Валюты');
	expect(performance.now() - start).toBeGreaterThan(50);
	expect(sim.switches.slowNext).toBe(0);
});
