// Proves the reading of the credential and its test: which of address, user, rights and publication is wrong.
import { readCredential, readEndpoint } from '../../../nodes/OneC/onec.credential';
import { failureOf, PASSWORD, PROFILE_NAMES, setUp, type Setting, USER } from './setting';

const ORDERS = 'Document_ЗаказКлиента';

let stage: Setting;
const full = { url: 'https://1c.example.com/trade', username: 'Обмен', password: 'x' };

describe('the credential', () => {
	it.each([
		['https://1c.example.com/trade', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/odata/standard.odata', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/odata/standard.odata/Catalog_Валюты?$top=1#x', 'https://1c.example.com/trade'],
		['https://1c.example.com/trade/ru_RU/', 'https://1c.example.com/trade'],
		['https://1cfresh.com/a/sbm/2010500/ru/', 'https://1cfresh.com/a/sbm/2010500'],
		['http://10.0.0.5:8080/ut?N=user', 'http://10.0.0.5:8080/ut'],
		['https://user:secret@1c.example.com/trade', 'https://1c.example.com/trade'],
	])('finds the infobase in %s', (url, infobase) => {
		expect(readCredential({ ...full, url })).toMatchObject({ url: infobase, root: `${infobase}/odata/standard.odata` });
		expect(readEndpoint({ ...full, url }).baseUrl).toBe(`${infobase}/odata/standard.odata`);
	});

	it.each([
		[{ url: '' }, 'Infobase URL'],
		[{ url: 'trade' }, 'Infobase URL'],
		[{ url: 'ftp://user:secret@host/x' }, 'Infobase URL'],
		[{ username: ' ' }, 'User Name'],
		[{ username: 'a:b' }, 'User Name'],
		[{ timeZone: 'Moscow' }, 'Infobase Time Zone'],
		[{ sessionMode: 'other' }, 'Sessions'],
		[{ profile: 'x' }, 'Configuration'],
		[{ profileOverrides: '{' }, 'Configuration Overrides'],
		[{ profileOverrides: '[]' }, 'Configuration Overrides'],
		[{ password: 5 }, 'Password'],
	])('names the field that is wrong: %p', (wrong, field) => {
		const error = new Promise((resolve) => resolve(readCredential({ ...full, ...wrong })));
		return expect(error).rejects.toMatchObject({ kind: 'denied', message: expect.stringMatching(new RegExp(`"${field}"(?!.*secret)`)) as unknown });
	});

	it('has safe defaults', () => {
		expect(readCredential(full)).toMatchObject({ installation: 'onec', timeZone: 'Europe/Moscow', sessionMode: 'auto', maxConcurrent: 2, profile: 'auto', profileOverrides: {}, useOwnRefKeys: true });
		expect(readCredential({ ...full, maxConcurrent: 99 }).maxConcurrent).toBe(10);
		expect(readCredential({ ...full, maxConcurrent: -1 }).maxConcurrent).toBe(2);
		expect(readCredential({ ...full, password: undefined }).password).toBe('');
	});
});


describe('the test of the credential', () => {
	afterEach(async () => await stage.stop());

	it.each(PROFILE_NAMES)('names the configuration: %s', async (profile) => {
		stage = await setUp({ profile });
		const { version, user, notes } = await stage.connect().check();
		expect(version).toContain(profile === 'ut' ? 'УТ' : 'БП');
		expect(user).toBe(USER);
		expect(notes.join('\n')).not.toContain('Not published');
		expect(notes.join('\n')).toContain('12:00');
	});

	it('gives the fields of the order that the infobase has, though the editor asks before anything is known of it', async () => {
		stage = await setUp({ profile: 'bp' });
		const connector = stage.connect();
		const asked = connector.moduleOf('order');
		expect((await connector.records.fields(asked)).map(({ name }) => name)).toContain('СрокОплаты');
		expect(connector.moduleOf('order')).toBe('Document_СчетНаОплатуПокупателю');
		expect(await failureOf(connector.records.fields('Document_Нет'))).toMatchObject({ message: expect.stringContaining('Document_Нет') as unknown });
	});

	it('says what is not published of what it needs', async () => {
		stage = await setUp({ switches: { unpublished: ['Catalog_СтавкиНДС'] } });
		expect((await stage.connect().check()).notes.join('\n')).toMatch(/Not published.*Catalog_СтавкиНДС/);
	});

	it('says what the user may not see', async () => {
		stage = await setUp({ switches: { forbiddenSets: [ORDERS] } });
		expect((await stage.connect().check()).notes.join('\n')).toMatch(/may not.*Document_ЗаказКлиента/);
	});

	it.each([
		['a wrong password', { password: 'wrong' }, /password/],
		['a wrong user', { username: 'Кто-то' }, /User Name/],
		['a wrong path', { url: 'PATH' }, /published|Infobase URL/],
		['a wrong host', { url: 'http://127.0.0.1:9' }, /URL/],
	])('tells %s', async (_name, wrong, message) => {
		stage = await setUp();
		const url = 'url' in wrong && wrong.url === 'PATH' ? `${stage.sim.server.url}/other` : undefined;
		const failure = await failureOf(stage.connect({ ...wrong, ...(url ? { url } : {}) }).check());
		expect(failure.message).toMatch(message);
		expect(failure.message).not.toContain(PASSWORD);
		expect(['denied', 'transient']).toContain(failure.kind);
	});

	it('tells a gateway\'s page', async () => {
		stage = await setUp({ switches: { htmlWith200: true } });
		expect(await failureOf(stage.connect().check())).toMatchObject({ kind: 'denied', message: expect.stringMatching(/page/) as unknown });
	});

	it('tells that nothing is published', async () => {
		stage = await setUp();
		const failure = await failureOf(stage.connect({}, async () => ({ status: 200, headers: { 'content-type': 'application/json' }, text: '{"value":[]}' })).check());
		expect(failure).toMatchObject({ kind: 'denied', message: expect.stringContaining('Настройка автоматического REST-сервиса') as unknown });
	});

	it('tells that the configuration is none of those known, and works for any object', async () => {
		stage = await setUp();
		const only = '{"value":[{"name":"Catalog_Валюты","url":"Catalog_Валюты"}]}';
		const { version, notes } = await stage.connect({}, async () => ({ status: 200, headers: { 'content-type': 'application/json' }, text: only })).check();
		expect(version).toContain('not recognised');
		expect(notes.length).toBeGreaterThan(0);
	});
});
