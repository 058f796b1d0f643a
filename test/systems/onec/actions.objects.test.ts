// Proves the other operations that only 1C has: create or update by fields, constants, plans, metadata, and the raw
// request; and that what servers differ in changes nothing of any of them.
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
	const writes = (): string[] => setting.calls().filter((call) => !call.startsWith('GET'));
	const lose = (operation: string, kind: (typeof LOST)[number] = 'reset-after'): void => setting.sim.server.plan({ at: (call) => call.operation === operation, kind });

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

		it('one record when 1C cuts what it is matched by, or a person changes that', async () => {
			const long = 'L'.repeat(300);
			expect((await failureOf(upsert({ Артикул: long, Description: 'Long' }))).message).toMatch(/kept only the first/);
			expect(await failureOf(upsert({ Артикул: long, Description: 'Long' }))).toMatchObject({ kind: 'rejected', message: expect.stringMatching(/created for these values before/) as string });
			expect(setting.sim.records(ITEMS).filter(({ Description }) => Description === 'Long')).toHaveLength(1);
			const created = await upsert({ Артикул: 'R-1', Description: 'Renamed' });
			setting.sim.patch(ITEMS, String(created.Ref_Key), { Артикул: 'R-2' });
			expect((await failureOf(upsert({ Артикул: 'R-1', Description: 'Renamed' }))).message).toMatch(/created for these values before/);
			expect(setting.sim.get(ITEMS, String(created.Ref_Key))).toMatchObject({ Артикул: 'R-2' });
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

	it('a value that 1C takes and does not keep is told', async () => {
		const deaf = runner(setting, {}, async (request, send) => (request.method === 'PATCH' ? { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(request.json) } : await send(request)));
		const failure = await failureOf(deaf('constantSet', { constant: 'Constant_НаименованиеСистемы', value: 'Новое' }));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/was written, but it holds/);
	});

	it('exchange plans are read, and acknowledged only by the number that was read, twice given', async () => {
		const node = 'code:N8N';
		const nodes = await run('planNodes', { plan: PLAN });
		expect(nodes.map(({ json }) => json.code)).toContain('N8N');
		const types = `${set}, Catalog_Контрагенты`;
		const objects = await run('planFetch', { plan: PLAN, node, options: { types, valuesAsText: true } });
		expect(new Set(objects.map(({ json }) => json.type))).toEqual(new Set([set, 'Catalog_Контрагенты']));
		expect(objects[0]!.json).toMatchObject({ messageNumber: 1, deleted: false });
		expect(setting.calls()).not.toContain('GET $metadata');
		const rowIn = ({ json }: { json: Record<string, unknown> }) => (json.data as { Товары: Array<Record<string, unknown>> }).Товары[0]!;
		expect(rowIn(objects.find(({ json }) => json.type === set)!)).toMatchObject({ LineNumber: '1', Количество: '2' });
		// The same packet with the types of 1C's own description.
		const typed = await run('planFetch', { plan: PLAN, node, options: { types } });
		expect(rowIn(typed.find(({ json }) => json.type === set)!)).toMatchObject({ LineNumber: '1', Количество: 2 });
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
