// Proves, one by one, that none of 1C's known traps catches the client when it writes and when it is refused.
// First that the simulated server really has it (asked with plain requests), then what the client makes of it.
// Sections of the reference stand in the names.
import { answerFailure } from '../../../nodes/OneC/onec.failures';
import { failureOf, type Setting, shared } from './setting';
import { client, order } from './desk';
import { naive } from './traps.naive';

const CLIENTS = 'Catalog_Контрагенты';
const CURRENCIES = 'Catalog_Валюты';
const ITEMS = 'Catalog_Номенклатура';
const ORDERS = 'Document_ЗаказКлиента';
const ID = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';

let stage: Setting;
shared((made) => (stage = made));

const add = (fields: Record<string, string>): string => String(stage.sim.insert(CLIENTS, { Description: 'Ромашка', ...fields }).Ref_Key);
const posted = (): string => order(stage, client(stage, 'Покупатель'), [['W-1', 1, 100]]);

describe('writing (6)', () => {
	it('a GET of /Post posts: the client does not send it', async () => {
		const id = String(posted());
		stage.sim.unpost(ORDERS, id);
		expect((await naive(stage, 'GET', `${ORDERS}(guid'${id}')/Post`)).status).toBe(200);
		expect(stage.sim.get(ORDERS, id)?.Posted).toBe(true);
		stage.sim.server.resetCalls();
		expect(await failureOf(stage.session().raw({ method: 'GET', path: `${ORDERS}(guid'${id}')/Unpost` }))).toMatchObject({ kind: 'rejected' });
		expect(stage.calls()).toEqual([]);
	});

	it.each(['posts', 'flag-only'] as const)('"Posted" as a field (%s): the client does not send it', async (patchPosted) => {
		stage.sim.switches.patchPosted = patchPosted;
		const id = posted();
		stage.sim.unpost(ORDERS, id);
		expect(await failureOf(stage.session().patch(ORDERS, id, { Posted: true }))).toMatchObject({ kind: 'rejected' });
		expect(stage.sim.get(ORDERS, id)?.Posted).toBe(false);
	});

	it('unknown names are taken silently: any object is written only after a check against the metadata', async () => {
		const silent = await naive(stage, 'POST', `${CLIENTS}?$format=json`, { 'Content-Type': 'application/json' }, JSON.stringify({ Description: 'Тихий', НетТакого: 1 }));
		expect(silent.status).toBe(201);
		const before = stage.sim.records(CLIENTS).length;
		const failure = await failureOf(stage.connect().records.create(CLIENTS, { Description: 'Громкий', НетТакого: 1 }));
		expect(failure).toMatchObject({ kind: 'rejected', message: expect.stringContaining('НетТакого') as unknown });
		expect(stage.sim.records(CLIENTS)).toHaveLength(before);
	});

	it('If-Match is not heeded: the version is compared by a read just before', async () => {
		const id = add({});
		expect((await naive(stage, 'PATCH', `${CLIENTS}(guid'${id}')?$format=json`, { 'Content-Type': 'application/json', 'If-Match': 'AAAAAAAAAAk=' }, '{"Description":"A"}')).status).toBe(200);
		expect(await failureOf(stage.session().patch(CLIENTS, id, { Description: 'B' }, { version: 'AAAAAAAAAAk=' }))).toMatchObject({ kind: 'conflict' });
		expect(stage.sim.get(CLIENTS, id)?.Description).toBe('A');
	});

	it('a second record under the same id is a conflict, told as such', async () => {
		await stage.session().create(CLIENTS, { Ref_Key: ID, Description: 'A' });
		expect(await failureOf(stage.session().create(CLIENTS, { Ref_Key: ID, Description: 'B' }))).toMatchObject({ kind: 'conflict', code: '15' });
		expect(stage.sim.get(CLIENTS, ID)?.Description).toBe('A');
	});

	it('Location comes in raw UTF-8 bytes: the answer is read all the same', async () => {
		const made = await stage.session({}, async (request, send) => {
			const answer = await send(request);
			expect(Buffer.from(answer.headers.location ?? '', 'latin1').toString('utf8')).toContain(CLIENTS);
			return answer;
		}).create(CLIENTS, { Description: 'x' });
		expect(made).toHaveProperty('Ref_Key');
	});

	it('IIS wants a length even of an empty body', async () => {
		const session = stage.session();
		const id = String((await session.create(CLIENTS, { Description: 'x' })).Ref_Key);
		await session.remove(CLIENTS, id);
		expect(stage.sim.get(CLIENTS, id)).toBeUndefined();
	});

	it('rows without a line number, or not from 1 on, are refused: told as 1C says it', async () => {
		const id = posted();
		expect(await failureOf(stage.session().patch(ORDERS, id, { Товары: [{ LineNumber: '2', Количество: 1 }] }))).toMatchObject({ kind: 'rejected' });
		expect(await failureOf(stage.session().patch(ORDERS, id, { Товары: [{ Количество: 1 }] }))).toMatchObject({ kind: 'rejected', code: '-1' });
		expect(await failureOf(stage.session().create(`${ORDERS}_Товары`, { Количество: 1 }))).toMatchObject({ kind: 'rejected', code: '13' });
	});

	it('what the configuration says when it refuses to post reaches the user', async () => {
		const id = posted();
		stage.sim.unpost(ORDERS, id);
		stage.sim.patch(ORDERS, id, { DeletionMark: true });
		const failure = await failureOf(stage.session().post(ORDERS, id));
		expect(failure).toMatchObject({ kind: 'rejected', code: '-1', said: expect.stringContaining('Помеченный на удаление') as unknown });
		expect(failure.message).toContain('Помеченный на удаление');
	});

	it('posting is not "operational", which would demand today\'s date', async () => {
		const id = posted();
		stage.sim.server.resetCalls();
		await stage.session().post(ORDERS, id);
		expect(decodeURIComponent(stage.sim.server.calls[0]!.path)).toContain('PostingModeOperational=false');
		await stage.session().unpost(ORDERS, id);
		expect(stage.sim.get(ORDERS, id)?.Posted).toBe(false);
		// Both may be said twice.
		await stage.session().unpost(ORDERS, id);
	});

	it('a lost answer to a write is never followed by a second write', async () => {
		stage.sim.server.plan({ kind: 'bad-gateway-after', at: (call) => call.method === 'POST' });
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'Один' }))).toMatchObject({ kind: 'unknown' });
		expect(stage.sim.records(CLIENTS).filter((row) => row.Description === 'Один')).toHaveLength(1);
	});
});


describe('errors (7)', () => {
	it('401 twice: rights with code 20, the password without', async () => {
		stage.sim.switches.forbiddenSets = [ORDERS];
		expect(await failureOf(stage.session().rows(ORDERS))).toMatchObject({ kind: 'denied', code: '20', message: expect.stringContaining(ORDERS) as unknown });
		expect(await failureOf(stage.session({ password: 'x' }).rows(ORDERS))).toMatchObject({ kind: 'denied', code: 'login refused' });
	});

	it.each([false, true])('a missing record and an unpublished set, both 404 (IIS in front: %s)', async (iisReplaces404) => {
		stage.sim.switches.iisReplaces404 = iisReplaces404;
		stage.sim.switches.unpublished = [CURRENCIES];
		const session = stage.session();
		expect(await failureOf(session.read(CLIENTS, ID))).toMatchObject({ kind: 'missing', code: '9' });
		expect(await session.readIfThere(CLIENTS, ID)).toBeUndefined();
		for (const call of [session.read(CURRENCIES, ID), session.rows(CURRENCIES), session.patch(CURRENCIES, ID, {}), session.readIfThere(CURRENCIES, ID)]) {
			expect(await failureOf(call)).toMatchObject({ kind: 'denied', code: '8', message: expect.stringContaining('Настройка автоматического REST-сервиса') as unknown });
		}
	});

	it.each(['ru', 'en'] as const)('kinds do not depend on the language of the server: %s', async (language) => {
		stage.sim.switches.language = language;
		expect((await failureOf(stage.session().read(CLIENTS, ID))).kind).toBe('missing');
		expect((await failureOf(stage.session().rows('Catalog_Нет'))).kind).toBe('denied');
		expect((await failureOf(stage.session().rows(CLIENTS, { filter: 'Description eq' }))).kind).toBe('rejected');
	});

	it.each(['exception', 'html'] as const)('an error in another shape (%s) is no success and no proof of anything', async (errorShape) => {
		stage.sim.switches.errorShape = errorShape;
		expect((await failureOf(stage.session().rows(CLIENTS, { filter: 'Description eq' }))).message.length).toBeGreaterThan(20);
		expect((await failureOf(stage.session().create(CLIENTS, { ИНН: 1, Description: [] }))).kind).not.toBe('missing');
	});

	it('a page for people with status 200 is never "no records"', async () => {
		stage.sim.switches.htmlWith200 = true;
		expect((await naive(stage, 'GET', `${CLIENTS}?$format=json`)).status).toBe(200);
		expect(['denied', 'transient']).toContain((await failureOf(stage.session().rows(CLIENTS))).kind);
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'x' }))).toMatchObject({ kind: 'unknown' });
	});

	it('nobody may log in just now: something that passes', async () => {
		stage.sim.switches.sessionsForbidden = true;
		expect(await failureOf(stage.session().rows(CLIENTS))).toMatchObject({ kind: 'transient', said: expect.stringContaining('регламентные работы') as unknown });
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'x' }))).toMatchObject({ kind: 'transient' });
		stage.sim.switches.sessionsForbidden = false;
	});

	it('half an answer is no answer', async () => {
		stage.sim.switches.truncateNext = 2;
		expect((await stage.session().rows(ITEMS)).length).toBe(stage.sim.records(ITEMS).length);
	});

	it('one 0x02 in an object makes the whole packet unreadable: the base64 of the reason is read', () => {
		const body = Buffer.from('Текст XML содержит недопустимый символ в позиции 12: \u0002').toString('base64');
		expect(answerFailure({ status: 400, headers: { 'content-type': 'text/plain' }, text: body }, { method: 'POST', path: 'SelectChanges', writes: false }).message).toContain('недопустимый символ');
	});

	it('a wrong value is told in 1C\'s words', async () => {
		expect(await failureOf(stage.session().create(CLIENTS, { Description: 'x', Партнер_Key: 'abc' }))).toMatchObject({ kind: 'rejected', code: '1', said: expect.stringContaining('abc') as unknown });
	});
});
