// Owns the proof that no request makes the simulator itself fail: whatever is asked, it answers as a server.
// Must not know: the product's client code.
import fc from 'fast-check';
import { type OnecSimulator, startOnec } from '../../../demo/simulators/onec';
import { call } from './api';

let sim: OnecSimulator;
beforeAll(async () => {
	sim = await startOnec();
});
beforeEach(() => sim.reset());
afterAll(() => sim.stop());

const GUID = 'a0000000-0000-4000-8000-000000000001';
const WORDS = ['Document_ЗаказКлиента', 'Catalog_Контрагенты', 'AccumulationRegister_ТоварыНаСкладах', 'InformationRegister_КурсыВалют', 'Constant_НаименованиеСистемы', 'Товары', 'Контрагент', 'Партнер_Key', 'Ref_Key', 'Number', 'Recorder', 'RecordSet', 'Date', 'LineNumber'];
const PIECES = [...WORDS, '(', ')', '/', ',', ':', '=', ' eq ', ' and ', ' not ', ' add ', "'", "''", 'any(d: ', 'd/', 'cast(', 'isof(', `guid'${GUID}'`, "datetime'2026-10-01T00:00:00'", '1', '-2.5', 'true', 'null', '$count', '$value', 'Post', 'Balance(', 'SliceLast(', 'Condition=', '*', '**', '____Presentation', 'ё', ' '];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(''));
const options = fc.dictionary(fc.constantFrom('$filter', '$select', '$expand', '$orderby', '$top', '$skip', '$inlinecount', 'allowedOnly', 'Condition', 'Period', 'MessageNo', 'DataExchangePoint'), text, { maxKeys: 3 });
const query = options.map((all) => Object.entries(all).map(([name, value]) => `${name}=${value}`).join('&'));

it('answers any reading', async () => {
	await fc.assert(
		fc.asyncProperty(fc.constantFrom('GET', 'POST'), fc.oneof(text, fc.constantFrom(...WORDS)), query, fc.constantFrom('', 'json'), async (method, path, asked, format) => {
			const answer = await call(sim, method, `/${path}?${asked}`, { format });
			if (answer.status === 599) throw new Error(answer.text);
		}),
		{ numRuns: 400 },
	);
});

it('answers any writing', async () => {
	const value = fc.oneof(fc.constantFrom<unknown>(GUID, '', 'x', 1, -1.5, true, null, [], {}, '2026-10-01T00:00:00', 'StandardODATA.Catalog_Партнеры', '7'), fc.array(fc.dictionary(fc.constantFrom('LineNumber', 'Количество', 'Номенклатура_Key', 'Recorder'), fc.constantFrom<unknown>('1', 1, 'x', null, []))));
	const body = fc.dictionary(fc.constantFrom('Ref_Key', 'Date', 'Number', 'Партнер_Key', 'Товары', 'RecordSet', 'Recorder', 'Recorder_Type', 'ДокументОснование', 'ДокументОснование_Type', 'Posted', 'DeletionMark', 'Комментарий', 'Value', 'Period', 'Валюта_Key', 'Партнер@odata.bind', 'МаксимальныйКодСтроки'), value, { maxKeys: 5 });
	const key = fc.constantFrom('', `(guid'${GUID}')`, "(Период=1)", `(Recorder='${GUID}',Recorder_Type='StandardODATA.Document_ЗаказКлиента')`);
	await fc.assert(
		fc.asyncProperty(fc.constantFrom('POST', 'PATCH', 'PUT', 'DELETE'), fc.constantFrom(...WORDS.slice(0, 5), 'InformationRegister_СуммыДокументовВВалютахУчета'), key, body, async (method, set, inside, sent) => {
			const answer = await call(sim, method, `/${set}${inside}`, { body: sent });
			if (answer.status === 599) throw new Error(answer.text);
		}),
		{ numRuns: 400 },
	);
});
