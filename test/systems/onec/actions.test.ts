// Proves the operations on documents and catalogs that only 1C has: posting, rows, movements, deletion, create or update,
// constants, plans, metadata, and the raw request; each also with its answer lost.
import type { Switches } from '../../../demo/simulators/onec';
import { ACTIONS, actions } from '../../../nodes/OneC/onec.actions';
import { asFailure } from '../../../nodes/core/failure';
import { client, order, partsOf } from './desk';
import { only, type Run, runner } from './acting';
import { failureOf, PROFILE_NAMES, type Setting, setUp } from './setting';

const ITEMS = 'Catalog_Номенклатура';
const PLAN = 'ExchangePlan_ДляODATA';
const NOWHERE = '8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f';
const LOST = ['reset-after', 'bad-gateway-after', 'empty-500-after'] as const;

describe.each(PROFILE_NAMES)('%s', (profile) => {
	let setting: Setting;
	let run: Run;
	let set: string;
	let document: string;
	beforeEach(async () => {
		setting = await setUp({ profile });
		run = runner(setting);
		set = partsOf(setting).order;
		document = order(setting, client(setting, 'Acting'), [['W-1', 2, 10], ['W-2', 1, 20]]);
		setting.sim.server.resetCalls();
	});
	afterEach(async () => await setting.stop());
	const rowsOf = (): Array<Record<string, unknown>> => setting.sim.get(set, document)!.Товары as Array<Record<string, unknown>>;
	const writes = (): string[] => setting.calls().filter((call) => !call.startsWith('GET'));
	const lose = (operation: string, kind: (typeof LOST)[number] = 'reset-after'): void => setting.sim.server.plan({ at: (call) => call.operation === operation, kind });

	describe('posting', () => {
		it('posts and takes back, by id or number', async () => {
			const number = String(setting.sim.get(set, document)!.Number);
			expect(await only(run('documentUnpost', { module: set, recordId: document }))).toMatchObject({ Posted: false });
			expect(await only(run('documentPost', { module: { __rl: true, mode: 'list', value: set }, recordId: `number:${number}` }))).toMatchObject({ Posted: true, Ref_Key: document });
			expect(setting.sim.get(set, document)).toMatchObject({ Posted: true });
		});

		it.each(LOST)('an answer that is lost (%s) is answered by posting again', async (kind) => {
			setting.sim.unpost(set, document);
			lose(`POST ${set}/Post`, kind);
			expect(await only(run('documentPost', { module: set, recordId: document }))).toMatchObject({ Posted: true });
		});

		it('what the configuration says reaches the user with the document\'s number', async () => {
			setting.sim.unpost(set, document);
			setting.sim.patch(set, document, { Товары: [] });
			const failure = await failureOf(run('documentPost', { module: set, recordId: document }));
			expect(failure.kind).toBe('rejected');
			expect(failure.message).toContain(String(setting.sim.get(set, document)!.Number).trim());
			expect(failure.message).toMatch(/[а-я]{4}/);
		});

		it('a marked document is not posted, and only documents are', async () => {
			setting.sim.unpost(set, document);
			setting.sim.patch(set, document, { DeletionMark: true });
			expect((await failureOf(run('documentPost', { module: set, recordId: document }))).message).toMatch(/marked for deletion/);
			expect(await failureOf(run('documentPost', { module: ITEMS, recordId: setting.products['W-1'] }))).toMatchObject({ kind: 'rejected' });
			expect(writes()).toEqual([]);
		});

		it('what was created and not posted is named, so that nobody creates it twice', async () => {
			const { Ref_Key: _ref, Number: _number, Posted: _posted, DataVersion: _version, Товары: rows, ...header } = setting.sim.get(set, document)!;
			const values = JSON.stringify(header);
			const failure = await failureOf(run('documentCreateAndPost', { module: set, values }));
			const created = setting.sim.records(set).find(({ Ref_Key }) => Ref_Key !== document)!;
			expect(failure.message).toContain(String(created.Ref_Key));
			expect(failure.message).toMatch(/created, but not posted/);
			expect(await only(run('documentCreateAndPost', { module: set, values: { ...header, Товары: rows } }))).toMatchObject({ Posted: true });
		});
	});

	describe('rows', () => {
		const added = { Количество: 3, Цена: 7, Сумма: 21 };

		it('are appended behind those that are there, numbered', async () => {
			const row = await only(run('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: JSON.stringify([{ ...added, Номенклатура_Key: setting.products['W-3'] }]) }));
			expect((row.Товары as unknown[]).length).toBe(3);
			expect(row.note).toMatch(/movements are as before/);
			expect(rowsOf().map(({ LineNumber, Номенклатура_Key, Количество }) => [String(LineNumber), Номенклатура_Key, Количество])).toEqual([['1', setting.products['W-1'], 2], ['2', setting.products['W-2'], 1], ['3', setting.products['W-3'], 3]]);
		});

		it('are replaced as a whole', async () => {
			await run('rowsReplace', { module: set, recordId: document, tablePart: 'Товары', rows: [{ ...added, Номенклатура_Key: setting.products['W-4'] }] });
			expect(rowsOf().map(({ LineNumber, Номенклатура_Key }) => [String(LineNumber), Номенклатура_Key])).toEqual([['1', setting.products['W-4']]]);
		});

		it.each(LOST)('are appended once when the answer is lost (%s)', async (kind) => {
			lose(`PATCH ${set}`, kind);
			await run('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: [{ ...added, Номенклатура_Key: setting.products['W-3'] }] });
			expect(rowsOf()).toHaveLength(3);
		});

		it('are appended once when the write did not arrive', async () => {
			setting.sim.server.plan({ at: (call) => call.operation === `PATCH ${set}`, kind: 'empty-500' });
			await run('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: [{ ...added, Номенклатура_Key: setting.products['W-3'] }] });
			expect(rowsOf()).toHaveLength(3);
		});

		it('somebody else\'s change in between is kept', async () => {
			let meddled = 0;
			const meddling = runner(setting, {}, async (request, send) => {
				const response = await send(request);
				// Between the reading of the rows and the comparison of the version.
				if (request.method === 'GET' && request.query?.$select === undefined && request.path.includes('(guid') && meddled++ === 0) setting.sim.patch(set, document, { Товары: [...rowsOf(), { ...rowsOf()[0]!, LineNumber: '3', Количество: 99 }] as never });
				return response;
			});
			await meddling('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: [{ ...added, Номенклатура_Key: setting.products['W-3'] }] });
			expect(meddled).toBeGreaterThan(1);
			expect(rowsOf().map(({ Количество }) => Количество)).toEqual([2, 1, 99, 3]);
		});

		it('a version that was given is compared, and nothing is written over a newer one', async () => {
			const { DataVersion } = await only(run('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: [added] }));
			await run('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: [added], options: { dataVersion: DataVersion } });
			expect(await failureOf(run('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: [added], options: { dataVersion: DataVersion } }))).toMatchObject({ kind: 'conflict' });
			expect(rowsOf()).toHaveLength(4);
		});

		it.each([
			[{ tablePart: 'Товар', rows: [{}] }, /no table part "Товар".*Товары/],
			[{ tablePart: 'Товары', rows: [{ Кол: 1 }] }, /row 1 has no property "Кол"/],
			[{ tablePart: 'Товары', rows: 'many' }, /not JSON/],
			[{ tablePart: 'Товары', rows: '[1]' }, /list of objects/],
			[{ tablePart: '', rows: [] }, /"Table Part" is empty/],
		])('%j is refused before anything is written', async (parameters, message) => {
			const failure = await failureOf(run('rowsAppend', { module: set, recordId: document, ...parameters }));
			expect(failure.kind).toBe('rejected');
			expect(failure.message).toMatch(message);
			expect(writes()).toEqual([]);
		});
	});

	describe('deletion', () => {
		it('by mark and back, with the document unposted first', async () => {
			setting.sim.unpost(set, document);
			expect(await only(run('markDeletion', { module: set, recordId: document }))).toMatchObject({ DeletionMark: true });
			expect(await only(run('unmarkDeletion', { module: set, recordId: document }))).toMatchObject({ DeletionMark: false });
		});

		it('physically only when the record is named exactly, and never posted', async () => {
			const number = String(setting.sim.get(set, document)!.Number).trim();
			expect(await failureOf(run('deletePhysically', { module: set, recordId: document, confirmation: number }))).toMatchObject({ kind: 'rejected', record: expect.stringContaining(number) as string });
			setting.sim.unpost(set, document);
			expect((await failureOf(run('deletePhysically', { module: set, recordId: document, confirmation: 'yes' }))).message).toMatch(/Nothing was deleted/);
			expect((await failureOf(run('deletePhysically', { module: set, recordId: document }))).message).toMatch(/"Confirmation" is empty/);
			expect(writes()).toEqual([]);
			lose(`DELETE ${set}`);
			expect(await only(run('deletePhysically', { module: set, recordId: document, confirmation: number }))).toMatchObject({ deleted: true });
			expect(setting.sim.get(set, document)).toBeUndefined();
		});
	});

	describe('create or update', () => {
		const upsert = async (values: Record<string, unknown>, matchFields: unknown = ['Артикул']) => await only(run('recordUpsert', { module: ITEMS, matchFields, values }));

		it('creates, leaves, changes only what differs', async () => {
			const created = await upsert({ Артикул: 'Ё-1', Description: 'Ёмкость' });
			expect(created.outcome).toBe('created');
			setting.sim.server.resetCalls();
			expect(await upsert({ Артикул: 'Ё-1', Description: 'Ёмкость' })).toMatchObject({ outcome: 'unchanged', Ref_Key: created.Ref_Key });
			expect(writes()).toEqual([]);
			expect(await upsert({ Артикул: 'Ё-1', Description: 'Ёмкость 2' })).toMatchObject({ outcome: 'updated', Description: 'Ёмкость 2', Ref_Key: created.Ref_Key });
			expect(setting.sim.records(ITEMS).filter(({ Артикул }) => Артикул === 'Ё-1')).toHaveLength(1);
		});

		it.each(LOST)('one record when the answer is lost (%s)', async (kind) => {
			lose(`POST ${ITEMS}`, kind);
			expect(await upsert({ Артикул: 'L-1', Description: "O'Neil" }, 'Артикул,Description')).toMatchObject({ outcome: 'created' });
			expect(setting.sim.records(ITEMS).filter(({ Артикул }) => Артикул === 'L-1')).toHaveLength(1);
		});

		it('several that fit, or one marked for deletion, are a person\'s choice', async () => {
			const twin = setting.sim.insert(ITEMS, { Артикул: 'W-1', Description: 'Twin' });
			const failure = await failureOf(upsert({ Артикул: 'W-1', Description: 'X' }));
			expect(failure.kind).toBe('ambiguous');
			expect(failure.message).toContain(String(twin.Ref_Key));
			setting.sim.insert(ITEMS, { Артикул: 'M-1', Description: 'Marked', DeletionMark: true });
			expect(await failureOf(upsert({ Артикул: 'M-1', Description: 'X' }))).toMatchObject({ kind: 'ambiguous' });
			expect(writes()).toEqual([]);
		});

		it('what an operation gave can be given back', async () => {
			const given = await upsert({ Артикул: 'B-1', Description: 'Back' });
			expect(given.outcome).toBe('created');
			expect(await upsert(given)).toMatchObject({ outcome: 'unchanged' });
		});

		it.each([
			[{ Description: 'X' }, ['Артикул'], /"Артикул" has no value/],
			[{ Артикул: '', Description: 'X' }, ['Артикул'], /"Артикул" has no value/],
			[{ Артикул: 'X' }, ['Артикль'], /cannot be matched by "Артикль"/],
			[{ Артикул: 'X' }, [], /No field to match by/],
			[{ Артикул: 'X', Наименование: 'Y' }, ['Артикул'], /Did you mean "Description"/],
		])('%j by %j is refused', async (values, fields, message) => {
			expect((await failureOf(upsert(values, fields))).message).toMatch(message);
			expect(writes()).toEqual([]);
		});
	});

	it('constants are read, written, and read back', async () => {
		const constant = 'Constant_НаименованиеСистемы';
		expect(await only(run('constantGet', { constant }))).toMatchObject({ constant });
		lose(`PATCH ${constant}`);
		expect(await only(run('constantSet', { constant, value: '007' }))).toMatchObject({ value: '007', outcome: 'updated' });
		expect(await only(run('constantGet', { constant }))).toMatchObject({ value: '007' });
		expect(await only(run('constantSet', { constant, value: '007' }))).toMatchObject({ outcome: 'unchanged' });
		const currency = String(setting.sim.records('Catalog_Валюты')[0]!.Ref_Key);
		expect(await only(run('constantSet', { constant: 'Constant_ВалютаРегламентированногоУчета', value: currency }))).toMatchObject({ value: currency });
		expect(await failureOf(run('constantSet', { constant: 'Constant_ВалютаРегламентированногоУчета', value: 'рубль' }))).toMatchObject({ kind: 'rejected' });
		expect(await failureOf(run('constantGet', { constant: ITEMS }))).toMatchObject({ kind: 'rejected' });
	});

	it('exchange plans are read, and acknowledged only by the number that was read, twice given', async () => {
		const node = 'code:N8N';
		const nodes = await run('planNodes', { plan: PLAN });
		expect(nodes.map(({ json }) => json.code)).toContain('N8N');
		const objects = await run('planFetch', { plan: PLAN, node, options: { types: `${set}, Catalog_Контрагенты` } });
		expect(new Set(objects.map(({ json }) => json.type))).toEqual(new Set([set, 'Catalog_Контрагенты']));
		expect(objects[0]!.json).toMatchObject({ messageNumber: 1, deleted: false });
		expect(setting.calls()).not.toContain('GET $metadata');
		const typed = await run('planFetch', { plan: PLAN, node, options: { types: set, typed: true } });
		const rowIn = ({ json }: { json: Record<string, unknown> }) => (json.data as { Товары: Array<Record<string, unknown>> }).Товары[0]!;
		expect(rowIn(objects.find(({ json }) => json.type === set)!)).toMatchObject({ LineNumber: '1', Количество: '2' });
		expect(rowIn(typed[0]!)).toMatchObject({ LineNumber: '1', Количество: 2 });
		expect((await failureOf(run('planAcknowledge', { plan: PLAN, node, messageNumber: 1, confirmation: 'yes' }))).message).toMatch(/Nothing was acknowledged/);
		expect(await failureOf(run('planAcknowledge', { plan: PLAN, node, messageNumber: 5, confirmation: '5' }))).toMatchObject({ kind: 'rejected' });
		expect(await only(run('planAcknowledge', { plan: PLAN, node, messageNumber: 1, confirmation: '1' }))).toMatchObject({ acknowledged: true });
		expect(await only(run('planAcknowledge', { plan: PLAN, node, messageNumber: 1, confirmation: '1' }))).toMatchObject({ acknowledged: false });
		expect(await run('planFetch', { plan: PLAN, node })).toEqual([]);
	});

	it('metadata is told: sets, one set, and what the server can do', async () => {
		const sets = await run('metadataSets', { kind: 'Document' });
		expect(sets.map(({ json }) => json.name)).toContain(set);
		expect(sets.every(({ json }) => json.kind === 'Document')).toBe(true);
		const described = await only(run('metadataDescribe', { module: set }));
		expect(described).toMatchObject({ keys: ['Ref_Key'], functions: [{ name: 'Post', sideEffects: true }, { name: 'Unpost' }] });
		expect(Object.keys(described.tableParts as object)).toContain('Товары');
		setting.sim.switches.count = 'unavailable';
		expect(await only(run('capabilities', {}))).toMatchObject({ configuration: profile, count: 'no', inlineCount: 'yes', exchangePlans: [PLAN], skipOnVirtualTables: 'no' });
		setting.sim.switches.virtualSkip = 'works';
		expect(await only(run('capabilities', {}))).toMatchObject({ skipOnVirtualTables: 'yes' });
		expect(writes()).toEqual([]);
	});

	describe('a raw request', () => {
		it('reads with the query beside the path or in it', async () => {
			expect(await run('request', { method: 'GET', path: `${ITEMS}?$filter=Артикул eq 'W-1'&$select=Артикул` })).toEqual([{ json: { Артикул: 'W-1' } }]);
			expect(await run('request', { path: `/${ITEMS}`, query: '{"$filter": "Артикул eq \'W-1\'", "$select": "Артикул"}' })).toEqual([{ json: { Артикул: 'W-1' } }]);
			expect(await run('request', { path: `${setting.sim.url}/odata/standard.odata/${encodeURIComponent(ITEMS)}?$filter=${encodeURIComponent("Артикул eq 'W-1'")}&$select=${encodeURIComponent('Артикул')}` })).toEqual([{ json: { Артикул: 'W-1' } }]);
			expect(await only(run('request', { path: `${ITEMS}(guid'${setting.products['W-1']}')` }))).toMatchObject({ Артикул: 'W-1' });
		});

		it('writes and calls', async () => {
			expect(await only(run('request', { method: 'POST', path: ITEMS, body: '{"Description": "Raw"}' }))).toMatchObject({ Description: 'Raw' });
			expect(await only(run('request', { method: 'PATCH', path: `${ITEMS}(guid'${setting.products['W-1']}')`, body: { Description: 'Raw 2' } }))).toMatchObject({ Description: 'Raw 2' });
			expect(await only(run('request', { method: 'POST', path: `${set}(guid'${document}')/Unpost`, body: '{}' }))).toMatchObject({ status: 200 });
			expect(setting.sim.get(set, document)).toMatchObject({ Posted: false });
		});

		it.each([
			['a GET that posts', { path: `Document_X(guid'${NOWHERE}')/Post` }, 'rejected'],
			['a GET that posts, encoded', { path: `Document_X(guid'${NOWHERE}')/%50ost()` }, 'rejected'],
			['a GET that takes changes', { path: 'SelectChanges?MessageNo=1' }, 'rejected'],
			['another host', { path: 'https://elsewhere.test/odata/standard.odata/Catalog_X' }, 'denied'],
			['another host without its scheme', { path: '//elsewhere.test/Catalog_X' }, 'denied'],
			['a way out', { path: '../../hs/service' }, 'denied'],
			['a way out, encoded', { path: '%2e%2e/%2e%2e/hs' }, 'denied'],
			['PUT', { method: 'PUT', path: 'Catalog_X' }, 'rejected'],
			['DELETE without confirmation', { method: 'DELETE', path: `Catalog_X(guid'${NOWHERE}')` }, 'rejected'],
			['"Posted" as a field', { method: 'PATCH', path: `Document_X(guid'${NOWHERE}')`, body: { Posted: true } }, 'rejected'],
			['a query that is no object', { path: 'Catalog_X', query: '[1]' }, 'rejected'],
		])('refuses %s, and sends nothing', async (_name, parameters, kind) => {
			expect(await failureOf(run('request', parameters))).toMatchObject({ kind });
			expect(setting.calls()).toEqual([]);
		});

		it('deletes with the words for it', async () => {
			const created = setting.sim.insert(ITEMS, { Description: 'Gone' });
			await run('request', { method: 'DELETE', path: `${ITEMS}(guid'${String(created.Ref_Key)}')`, options: { confirmation: 'physical deletion' } });
			expect(setting.sim.get(ITEMS, String(created.Ref_Key))).toBeUndefined();
		});
	});

	it('the movements of a document are found in the registers it wrote, and only there', async () => {
		const shipment = setting.sim.ship(document);
		const rows = await run('documentMovements', { module: partsOf(setting).shipment, recordId: shipment });
		expect(rows.length).toBeGreaterThan(0);
		expect(rows.every(({ json }) => /Register_/.test(String(json.register)))).toBe(true);
		const [first] = rows;
		const chosen = await run('documentMovements', { module: partsOf(setting).shipment, recordId: shipment, options: { registers: [first!.json.register] } });
		expect(chosen).toEqual(rows.filter(({ json }) => json.register === first!.json.register));
		setting.sim.unpost(partsOf(setting).shipment, shipment);
		expect(await run('documentMovements', { module: partsOf(setting).shipment, recordId: shipment })).toEqual([]);
	});

	it('a document without a date gets the present time of the infobase', async () => {
		const { Ref_Key: _ref, Number: _number, Posted: _posted, DataVersion: _version, Date: _date, ...values } = setting.sim.get(set, document)!;
		const inTokyo = runner(setting, { timeZone: 'Asia/Tokyo' });
		expect(await only(inTokyo('documentCreateAndPost', { module: set, values }))).toMatchObject({ Date: '2026-11-22T21:00:00' });
	});

	it('every operation says what is wrong with empty parameters, none as a defect of ours', async () => {
		const all = actions(setting.services());
		for (const name of ACTIONS.filter((one) => !['metadataSets', 'capabilities'].includes(one))) {
			const failure = asFailure(await all[name]({ parameter: () => undefined, binary: async () => Promise.reject(new Error('none')) }).then(() => new Error(`${name} did not fail`), (error: unknown) => error));
			expect(`${name}: ${failure.message}`).toMatch(/: The parameter ".+" is empty/);
		}
	});
});

/** What servers differ in (reference 3 to 8) changes nothing of what the operations do. */
describe.each<[string, Partial<Switches>, Record<string, unknown>?]>([
	['the id of a new record is chosen by 1C', { ownRefKey: 'ignored' }],
	['the answer to a POST has no number', { createdNumber: 'empty' }],
	['versions count the whole table', { dataVersion: 'table' }],
	['versions are SQL Server\'s', { dataVersion: 'row' }],
	['If-Match is honoured', { ifMatch: 'honoured' }],
	['IIS replaces the body of a 404', { iisReplaces404: true }],
	['answers begin with a BOM', { bom: true }],
	['sessions are opened and closed', { sessions: 'explicit' }, { sessionMode: 'explicit' }],
	['texts are English', { language: 'en' }],
	['Accept is not heeded', { accept: 'ignored' }],
	['without an order pages are random', { rotateUnordered: true }],
])('where %s', (_name, switches, credential) => {
	it('records, rows, posting, registers and deletion work', async () => {
		const setting = await setUp({ switches });
		try {
			const run = runner(setting, credential);
			const { order: set } = partsOf(setting);
			const document = order(setting, client(setting, 'Switched'), [['W-1', 2, 10]]);
			expect(await only(run('recordUpsert', { module: ITEMS, matchFields: 'Артикул', values: { Артикул: 'S-1', Description: 'New' } }))).toMatchObject({ outcome: 'created' });
			expect(await only(run('recordUpsert', { module: ITEMS, matchFields: 'Артикул', values: { Артикул: 'S-1', Description: 'Newer' } }))).toMatchObject({ outcome: 'updated' });
			await run('documentUnpost', { module: set, recordId: document });
			await run('rowsAppend', { module: set, recordId: document, tablePart: 'Товары', rows: [{ ...(setting.sim.get(set, document)!.Товары as Array<Record<string, unknown>>)[0], Количество: 5 }] });
			expect(await only(run('documentPost', { module: set, recordId: document }))).toMatchObject({ Posted: true, Товары: [{ Количество: 2 }, { Количество: 5, LineNumber: '2' }] });
			const record = { Период: undefined, Period: '2026-11-20', Валюта_Key: String(setting.sim.records('Catalog_Валюты')[0]!.Ref_Key), Курс: 2, Кратность: 1 };
			expect(await only(run('registerWrite', { register: 'InformationRegister_КурсыВалют', records: record }))).toMatchObject({ outcome: 'created' });
			expect(await only(run('registerWrite', { register: 'InformationRegister_КурсыВалют', records: record }))).toMatchObject({ outcome: 'unchanged' });
			const gone = setting.sim.insert(ITEMS, { Description: 'Gone' });
			await run('deletePhysically', { module: ITEMS, recordId: String(gone.Ref_Key), confirmation: 'Gone' });
			expect(await failureOf(run('deletePhysically', { module: ITEMS, recordId: String(gone.Ref_Key), confirmation: 'Gone' }))).toMatchObject({ kind: 'missing' });
			expect((await run('registerRead', { register: 'AccumulationRegister_ТоварыНаСкладах', returnAll: true })).length).toBeGreaterThanOrEqual(4);
		} finally {
			await setting.stop();
		}
	});
});
