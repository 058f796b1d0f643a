// Proves the operations on documents that only 1C has: posting, rows, movements, deletion; each also with its answer lost.
import { client, order, partsOf } from './desk';
import { only, type Run, runner } from './acting';
import { failureOf, PROFILE_NAMES, type Setting, setUp } from './setting';

const ITEMS = 'Catalog_Номенклатура';
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

		it.each(LOST)('an answer that is lost (%s) is looked up, and nothing is posted twice', async (kind) => {
			setting.sim.unpost(set, document);
			lose(`POST ${set}/Post`, kind);
			expect(await only(run('documentPost', { module: set, recordId: document }))).toMatchObject({ Posted: true });
			expect(writes()).toEqual([`POST ${set}/Post`]);
		});

		it('a posting that did not arrive is sent again', async () => {
			setting.sim.unpost(set, document);
			setting.sim.server.plan({ at: (call) => call.operation === `POST ${set}/Post`, kind: 'empty-500' });
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
});
