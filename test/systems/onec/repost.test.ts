// Proves that a change of a posted order reaches the registers whatever is lost between the change and its posting: the
// next run posts again, and the comment says so until then.
import type { Call, FaultKind } from '../../../demo/simulators/server';
import { asFailure } from '../../../nodes/core/failure';
import { refKey } from '../../../nodes/OneC/onec.keys';
import { withHalfDone, withoutHalfDone } from '../../../nodes/OneC/onec.orders.repost';
import { customer, done, quote, type Setting, setUp } from './setting';

const SET = 'Document_ЗаказКлиента';
const KEY = refKey('vtiger:Quotes:4x38');
const settings = { changePosted: 'change' };

let setting: Setting;
beforeAll(async () => (setting = await setUp({ profile: 'ut' })));
beforeEach(async () => {
	setting.renew();
	done(await setting.connect().upsert('customer', [customer()], {}));
	done(await upsert('2'));
	setting.sim.server.resetCalls();
});
afterAll(async () => await setting.stop());

const upsert = async (quantity: string) => await setting.connect().upsert('order', [quote([['W-1', quantity, '100', ['10']]])], { confirm: true, settings });
const ordered = () => setting.sim.records('AccumulationRegister_ЗаказыКлиентов_RecordType').filter((row) => row.ЗаказКлиента === KEY).map((row) => Number(row.Заказано ?? row.Количество));
const comment = () => setting.sim.get(SET, KEY)!.Комментарий;
const isPost = ({ operation }: Call): boolean => operation === `POST ${SET}/Post`;
const isPatch = ({ operation }: Call): boolean => operation === `PATCH ${SET}`;

it('leaves no word behind where nothing is lost', async () => {
	expect(ordered()).toEqual([2]);
	done(await upsert('5'));
	expect(ordered()).toEqual([5]);
	expect(comment()).toBe('Widgets [vtiger:Quotes:4x38]');
});

it.each<[string, FaultKind, (call: Call) => boolean]>([
	['the posting is not done', 'bad-gateway', isPost],
	['the posting is refused for want of a licence', 'session-expired', isPost],
	['the change is done and its answer lost', 'reset-after', isPatch],
])('posts again at the next run when %s', async (_what, kind, at) => {
	setting.sim.server.plan({ kind, at, times: 99 });
	await upsert('5').catch(asFailure);
	setting.sim.server.heal();
	if (kind !== 'reset-after') {
		expect(ordered()).toEqual([2]);
		expect(comment()).toBe('Widgets [to be posted again] [vtiger:Quotes:4x38]');
	}
	done(await upsert('5'));
	expect(ordered()).toEqual([5]);
	expect(comment()).toBe('Widgets [vtiger:Quotes:4x38]');
	expect(done(await upsert('5')).outcome).toBe('unchanged');
});

it('is posted again by the step that confirms, too', async () => {
	setting.sim.server.plan({ kind: 'bad-gateway', at: isPost, times: 99 });
	await upsert('5').catch(asFailure);
	setting.sim.server.heal();
	done(await setting.connect().transition('order', [quote([['W-1', '5', '100', ['10']]])], 'confirmed'));
	expect(ordered()).toEqual([5]);
	expect(comment()).toBe('Widgets [vtiger:Quotes:4x38]');
});

it.each(['', 'Widgets', '[vtiger:Quotes:4x38]', 'Two  blanks [vtiger:Quotes:4x38]'])('gives "%s" back as it was', (text) => {
	expect(withHalfDone(withHalfDone(text))).toBe(withHalfDone(text));
	expect(withoutHalfDone(withHalfDone(text))).toBe(text);
});
