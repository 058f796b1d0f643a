// The client half of the wire proof for 1C: every captured packet, answer and error is read as what it is, and requests are
// written as the published transcripts have them. Must not know the simulator.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Failure, type FailureKind } from '../../nodes/core/failure';
import type { HttpRequest, HttpResponse } from '../../nodes/core/http';
import { differences } from '../../nodes/OneC/onec.actions.compare';
import { readCredential } from '../../nodes/OneC/onec.credential';
import { datetime, guid, isGuid, refTo, text } from '../../nodes/OneC/onec.literals';
import { acknowledge, fetchChanges } from '../../nodes/OneC/onec.plans';
import { type FeedObject, FeedReader } from '../../nodes/OneC/onec.plans.feed';
import { OnecSession, type Row } from '../../nodes/OneC/onec.session';
import { TestClock } from '../systems/send';

const FIXTURES = path.join(__dirname, 'fixtures', 'onec');
const file = (name: string): string => readFileSync(path.join(FIXTURES, name), 'utf8');
const JSON_TYPE = 'application/json;charset=utf-8';
const ROOT = 'http://onec.test/base/odata/standard.odata';

interface Recorded {
	name: string;
	status: number;
	type: string;
	body: string;
}
const errors = JSON.parse(file('errors.json')) as Recorded[];
const shapes = JSON.parse(file('shapes.json')) as Record<string, Row & { value?: Row[] }>;

/** A session whose every request gets this answer; what was asked is written down. */
function session(answer: Partial<HttpResponse> & { text: string }): { session: OnecSession; asked: HttpRequest[] } {
	const asked: HttpRequest[] = [];
	const send = async (request: HttpRequest): Promise<HttpResponse> => {
		asked.push(request);
		const response = { status: 200, headers: { 'content-type': JSON_TYPE }, ...answer };
		if (!request.onChunk || response.status > 299) return response;
		request.onChunk(response.text);
		return { ...response, text: '' };
	};
	return { asked, session: new OnecSession(readCredential({ url: 'http://onec.test/base', username: 'Обмен', password: 'secret', timeZone: 'Europe/Moscow' }), { send, clock: new TestClock() }) };
}

async function failureOf(promise: Promise<unknown>): Promise<Failure> {
	const error = await promise.then(() => undefined, (reason: unknown) => reason);
	if (error instanceof Failure) return error;
	throw new Error(`no failure, but ${String(error)}`);
}

it('every file of the captures is read by a test here', () => {
	const read = /^(packet-\d-[\w-]+\.xml|errors\.json|shapes\.json|SOURCES\.md)$/;
	expect(readdirSync(FIXTURES).filter((name) => !read.test(name))).toEqual([]);
	expect(file('SOURCES.md')).toContain('Copyright (c) 2026 Pavel Sobolev');
});

describe('errors', () => {
	/** Kind for a read, what the message must hold, what it must not. */
	const EXPECTED: Record<string, [FailureKind, RegExp]> = {
		'400_bad_guid_code1.json': ['rejected', /Edm\.Guid/],
		'400_filter_parse_code14_en.json': ['rejected', /\$filter query option/],
		'400_filter_parse_code14_ru.json': ['rejected', /опции запроса \$filter/],
		'400_method_not_found_code6.json': ['rejected', /Метод не найден/],
		'400_path_segment_not_found.json': ['rejected', /Сегмент пути Period не найден/],
		'400_unknown_option_code0.json': ['rejected', /\$expan parameter/],
		'401_access_rights_code20.json': ['denied', /right to read/],
		'404_entity_not_found_code8.json': ['denied', /does not publish "Catalog_X"/],
		'404_iis_replaced.html': ['denied', /does not publish|nothing at/],
		'404_instance_not_found_code9_en.json': ['missing', /no such record in Catalog_X/],
		'404_instance_not_found_code9_ru.json': ['missing', /no such record in Catalog_X/],
		'500_appserver_exception.json': ['rejected', /Недостаточно памяти/],
		'500_internal_code-1.json': ['rejected', /внутренняя ошибка OData/],
		'500_json_unexpected_symbol_code-1.json': ['rejected', /Непредвиденный символ/],
		'500_platform_page.html': ['transient', /Начало сеанса .* запрещено/],
		'500_posting_failed_code-1.json': ['rejected', /Не удалось провести "Заказ клиента 0000-000001/],
		'500_posting_handler_code-1.atom.xml': ['rejected', /ОбработкаУдаленияПроведения/],
		'500_unlimited_length_compare_code-1.json': ['rejected', /неограниченной длины/],
		'501_batch_not_supported.xml': ['rejected', /Произошла ошибка сервиса/],
	};

	it('are all told', () => expect(errors.map(({ name }) => name).sort()).toEqual(Object.keys(EXPECTED).sort()));

	it.each(errors.map((error) => [error.name, error] as const))('%s', async (name, { status, type, body }) => {
		const [kind, words] = EXPECTED[name]!;
		const answer = { status, headers: { 'content-type': type }, text: body };
		for (const answered of [answer, { ...answer, text: `\ufeff${body}` }]) {
			const failure = await failureOf(session(answered).session.rows('Catalog_X'));
			expect(failure.kind).toBe(kind);
			expect(failure.message).toMatch(words);
			expect(failure.message).not.toMatch(/secret|<\w|undefined|creationStack/);
		}
	});

	it('a refused password is not a missing right', async () => {
		const failure = await failureOf(session({ status: 401, headers: { 'content-type': 'text/html' }, text: '' }).session.rows('Catalog_X'));
		expect(failure.kind).toBe('denied');
		expect(failure.message).toMatch(/Password/);
		const rights = errors.find(({ name }) => name.startsWith('401'))!;
		expect((await failureOf(session({ status: 401, text: rights.body }).session.rows('Catalog_X'))).message).not.toMatch(/[Pp]assword/);
	});

	it('after a write, what tells nothing leaves the outcome unknown, and 1C\'s own refusal does not', async () => {
		expect((await failureOf(session({ status: 502, headers: { 'content-type': 'text/html' }, text: '<html>Bad Gateway</html>' }).session.create('Catalog_X', {}))).kind).toBe('unknown');
		const refused = errors.find(({ name }) => name === '500_posting_failed_code-1.json')!;
		expect((await failureOf(session({ status: 500, text: refused.body }).session.post('Document_X', '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f'))).kind).toBe('rejected');
	});
});

describe('answers', () => {
	it.each(Object.entries(shapes))('%s', async (name, shape) => {
		const rows = await readShape(shape);
		expect(rows).toEqual(shape.value ?? [shape]);
		expect(rows.length).toBeGreaterThan(0);
		if (name === 'service_document') return expect(rows.map(({ url }) => url)).toEqual(rows.map(({ name: set }) => set));
		for (const row of rows) {
			expect(isGuid(row.Ref_Key)).toBe(true);
			expect(Buffer.from(String(row.DataVersion), 'base64')).toHaveLength(8);
			expect(typeof row.DeletionMark).toBe('boolean');
			for (const part of Object.values(row).filter(Array.isArray) as Row[][]) for (const [index, line] of part.entries()) expect(line.LineNumber).toBe(String(index + 1));
			expect(differences(row, row)).toEqual({});
		}
	});

	it('padded texts, long numbers and empty values stay what they are', () => {
		const [document] = shapes.collection_document_with_table_parts!.value!;
		expect(document).toMatchObject({ НомерКонтракта: ' '.repeat(11), ДатаКонтракта: '0001-01-01T00:00:00', Контрагент_Key: '00000000-0000-0000-0000-000000000000', Излишки: [] });
		expect(differences(document!, { НомерКонтракта: '' })).toEqual({});
	});
});

/** A list or one record, as the session gives it. */
async function readShape(shape: Row & { value?: Row[] }): Promise<Row[]> {
	const { session: reading } = session({ text: JSON.stringify(shape) });
	return shape.value ? await reading.rows('Catalog_X') : [await reading.read('Catalog_X', '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f')];
}

describe('packets', () => {
	it.each(readdirSync(FIXTURES).filter((name) => name.startsWith('packet-')))('%s', async (name) => {
		const body = file(name);
		const objects: FeedObject[] = [];
		const { session: reading } = session({ text: body, headers: { 'content-type': 'application/atom+xml;type=feed;charset=utf-8' } });
		const packet = await fetchChanges(reading, 'ExchangePlan_X', '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f', 2, (object) => objects.push(object));
		expect(packet.objects).toBe(body.match(/<entry>/g)!.length);
		// Every value that the packet holds arrives: counted by its tags, not by the reader's own idea of them.
		const leaves = (value: unknown): number => (Array.isArray(value) ? value.reduce<number>((sum, one) => sum + leaves(one), 0) : typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((sum, one) => sum + leaves(one), 0) : 1);
		const filled = body.match(/<d:[^\s/>]+(?:\s[^>]*[^/])?>[^<]*<\/d:/g)?.filter((tag) => !/^<d:[^>]*Collection/.test(tag)).length ?? 0;
		const empty = body.match(/<d:[^>]*\/>/g)?.filter((tag) => !tag.includes('Collection')).length ?? 0;
		expect(objects.reduce((sum, { data }) => sum + leaves(data), 0)).toBe(filled + empty);
	});

	it('a page instead of a packet is told', () => {
		const reader = new FeedReader(() => undefined);
		expect(() => reader.write('<html><body>1C:Fresh</body></html>')).toThrow(/html/);
	});
});

describe('requests are written as the transcripts have them', () => {
	const ID = 'b0000011-0002-11e6-8001-00155d000001';
	const FORMAT = '$format=application/json;odata=nometadata';
	const LIST = '{"value":[]}';
	const cases: Array<[string, string, (session: OnecSession) => Promise<unknown>, string, string]> = [
		['the published sets', LIST, async (to) => await to.root(), 'GET', `/?${FORMAT}`],
		['a list with a condition', LIST, async (to) => await to.rows('Catalog_Контрагенты', { filter: `ИНН eq ${text('7700000016')} and DeletionMark eq false`, top: 1 }), 'GET', `/Catalog_Контрагенты?${FORMAT}&$filter=ИНН eq '7700000016' and DeletionMark eq false&$top=1`],
		['some fields', LIST, async (to) => await to.rows('Catalog_Контрагенты', { select: ['Ref_Key', 'Description'], top: 1 }), 'GET', `/Catalog_Контрагенты?${FORMAT}&$select=Ref_Key,Description&$top=1`],
		['a count', '{"odata.count":"1103","value":[]}', async (to) => expect(await to.count('Catalog_Контрагенты')).toBe(1103), 'GET', `/Catalog_Контрагенты?${FORMAT}&$top=0&$inlinecount=allpages`],
		['a record', '{"Ref_Key":"x"}', async (to) => await to.read('Catalog_Контрагенты', ID), 'GET', `/Catalog_Контрагенты(guid'${ID}')?${FORMAT}`],
		['a balance', LIST, async (to) => await to.call('AccumulationRegister_ТоварыНаСкладах', 'Balance', { Period: datetime('2026-10-01'), Condition: text(`Склад_Key eq ${guid(ID)}`), Dimensions: text('Номенклатура,Склад') }), 'GET', `/AccumulationRegister_ТоварыНаСкладах/Balance(Period=datetime'2026-10-01T00:00:00',Condition='Склад_Key eq guid''${ID}''',Dimensions='Номенклатура,Склад')?${FORMAT}`],
		['a reference of several types', LIST, async (to) => await to.rows('Document_X', { filter: `Заказ eq ${refTo('Document_ЗаказКлиента', ID)}` }), 'GET', `/Document_X?${FORMAT}&$filter=Заказ eq cast(guid'${ID}','Document_ЗаказКлиента')`],
		['a new record', '{"Ref_Key":"x"}', async (to) => await to.create('Document_ЗаказКлиента', { Date: '2026-10-01T12:00:00' }), 'POST', `/Document_ЗаказКлиента?${FORMAT}`],
		['a change', '{"Ref_Key":"x"}', async (to) => await to.patch('Document_ЗаказКлиента', ID, { Комментарий: 'n8n' }), 'PATCH', `/Document_ЗаказКлиента(guid'${ID}')?${FORMAT}`],
		['posting', '', async (to) => await to.post('Document_ЗаказКлиента', ID), 'POST', `/Document_ЗаказКлиента(guid'${ID}')/Post?${FORMAT}&PostingModeOperational=false`],
		['physical deletion', '', async (to) => await to.remove('Catalog_Контрагенты', ID), 'DELETE', `/Catalog_Контрагенты(guid'${ID}')?${FORMAT}`],
		['a packet of changes', '<feed xmlns="http://www.w3.org/2005/Atom"/>', async (to) => await fetchChanges(to, 'ExchangePlan_ДляODATA', ID, 2, () => undefined), 'POST', `/SelectChanges?DataExchangePoint='${ROOT}/ExchangePlan_ДляODATA(guid'${ID}')'&MessageNo=2`],
		['its acknowledgement', '', async (to) => await acknowledge(to, 'ExchangePlan_ДляODATA', ID, 2), 'POST', `/NotifyChangesReceived?${FORMAT}&DataExchangePoint='${ROOT}/ExchangePlan_ДляODATA(guid'${ID}')'&MessageNo=2`],
	];

	it.each(cases)('%s', async (_name, answer, call, method, line) => {
		const { session: to, asked } = session({ text: answer });
		await call(to);
		expect(asked).toHaveLength(1);
		const [{ path: address, query = {}, headers = {}, json }] = asked as [HttpRequest];
		expect(asked[0]!.method).toBe(method);
		expect(`${decodeURIComponent(address)}?${Object.entries(query).map(([name, value]) => `${name}=${value}`).join('&')}`).toBe(line);
		expect(address).not.toMatch(/[\s+А-Яа-я]/);
		expect(Buffer.from(String(headers.Authorization).replace('Basic ', ''), 'base64').toString('utf8')).toBe('Обмен:secret');
		// IIS wants to be told that there is no body.
		if (method !== 'GET' && json === undefined) expect(headers['Content-Length']).toBe('0');
	});
});
