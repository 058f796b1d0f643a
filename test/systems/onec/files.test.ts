// Proves files in value storages: read, written, read back, and refused where a field holds none.
import { only, type Run, runner } from './acting';
import { failureOf, type Setting, setUp } from './setting';

const FILES = 'Catalog_НоменклатураПрисоединенныеФайлы';
const FIELD = 'ФайлХранилище';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452ff00fe01', 'hex');

describe('a file', () => {
	let setting: Setting;
	let run: Run;
	let id: string;
	beforeEach(async () => {
		setting = await setUp();
		run = runner(setting);
		id = String(setting.sim.insert(FILES, { Description: 'Фото: W-1', Расширение: 'png' }).Ref_Key);
	});
	afterEach(async () => await setting.stop());
	const place = (): Record<string, unknown> => ({ module: FILES, recordId: id, field: FIELD });
	const file = { data: PNG, mimeType: 'image/png', fileName: 'w1.png' };

	it.each([undefined, 'reset-after'] as const)('is stored and comes back byte by byte (%s)', async (kind) => {
		if (kind) setting.sim.server.plan({ at: (call) => call.operation === `PATCH ${FILES}`, kind });
		expect(await only(run('fileUpload', { ...place(), binaryPropertyName: 'data' }, file))).toMatchObject({ size: PNG.length, mimeType: 'image/png', key: id });
		const [row] = await run('fileDownload', place());
		expect(row!.json).toMatchObject({ size: PNG.length, fileName: 'Фото_ W-1.png' });
		expect(row!.binary).toMatchObject({ mimeType: 'image/png', fileName: 'Фото_ W-1.png' });
		expect(row!.binary!.data.equals(PNG)).toBe(true);
		const [named] = await run('fileDownload', { ...place(), options: { fileName: 'a.bin', mimeType: 'text/plain' } });
		expect(named!.binary).toMatchObject({ mimeType: 'text/plain', fileName: 'a.bin' });
	});

	it('its kind is told from its beginning where 1C keeps none', async () => {
		setting.sim.patch(FILES, id, { [`${FIELD}_Base64Data`]: PNG.toString('base64'), [`${FIELD}_Type`]: '' });
		const [row] = await run('fileDownload', place());
		expect(row!.binary!.mimeType).toBe('image/png');
	});

	it('that 1C takes and does not keep is told', async () => {
		const deaf = runner(setting, {}, async (request, send) => (request.method === 'PATCH' ? { status: 200, headers: { 'content-type': 'application/json' }, text: '{"Ref_Key":"x"}' } : await send(request)));
		const failure = await failureOf(deaf('fileUpload', { ...place(), binaryPropertyName: 'data' }, file));
		expect(failure.kind).toBe('rejected');
		expect(failure.message).toMatch(/holds 0 bytes instead of 20/);
	});

	it('that is not there, empty, or in a field that holds none, is told', async () => {
		expect(await failureOf(run('fileDownload', place()))).toMatchObject({ kind: 'missing', record: expect.stringContaining('Фото') as string });
		expect(await failureOf(run('fileUpload', { ...place(), binaryPropertyName: 'data' }, { ...file, data: Buffer.alloc(0) }))).toMatchObject({ kind: 'rejected' });
		const failure = await failureOf(run('fileDownload', { ...place(), field: 'Описание' }));
		expect(failure.kind).toBe('rejected');
		expect(failure.advice).toContain(FIELD);
		expect(await failureOf(run('fileDownload', { module: 'Catalog_Валюты', recordId: id, field: 'Code' }))).toMatchObject({ kind: 'rejected' });
	});
});
