// A fault at every call of the main job, then the same run again: one entity, one partner, one person, one order with
// its lines, posted, to the cent. On servers that honour our ids, and on those that choose their own.
import type { FaultKind } from '../../../demo/simulators/server';
import { withRef } from '../../../nodes/core/documents';
import { asFailure } from '../../../nodes/core/failure';
import type { Connector } from '../../../nodes/core/port';
import { customer, done, FIVE_LINES, quote, type Setting, setUp } from './setting';

const ORDERS = { ut: 'Document_ЗаказКлиента', bp: 'Document_СчетНаОплатуПокупателю' };
const PERSONS = { ut: 'Catalog_КонтактныеЛицаПартнеров', bp: 'Catalog_КонтактныеЛица' };
const KINDS: FaultKind[] = ['refused', 'reset-before', 'reset-after', 'timeout', 'timeout-after', 'empty-500', 'empty-500-after', 'bad-gateway', 'bad-gateway-after', 'throttled', 'html-200', 'session-expired'];

/** A server that does not answer is waited for a moment only; a busy machine that does answer has its time. */
const patienceFor = (kind: FaultKind): number => (kind.startsWith('timeout') ? 250 : 5_000);
const PATIENT = { timeout: 5 };

async function push(connector: Connector): Promise<void> {
	const client = customer('8', { vat: '7812345675/781201001' });
	const { ref } = done(await connector.upsert('customer', [client], {}));
	done(await connector.upsert('order', [withRef(quote(FIVE_LINES, { customer: client }), ref)], { confirm: true }));
}

async function runWithFault(setting: Setting, kind: FaultKind, n: number, start: string): Promise<void> {
	const { sim } = setting;
	sim.restore(start);
	sim.server.heal();
	sim.server.resetCalls();
	sim.server.plan({ kind, at: (call) => call.n === n });
	const first = await push(setting.connect()).then(() => undefined, asFailure);
	sim.server.heal();
	// What comes back as a failure must be one that calls for another try, not for a person.
	if (first && ['rejected', 'ambiguous', 'missing'].includes(first.kind)) throw first;
	// A refused port stays closed for 150 ms, longer than a clock that does not wait.
	if (kind === 'refused') await new Promise((resolve) => setTimeout(resolve, 200));
	await push(setting.connect(PATIENT));
}

function proveOneEffect({ sim }: Setting, profile: 'ut' | 'bp'): void {
	const named = (set: string, name: string) => sim.records(set).filter((row) => row.Description === name && row.DeletionMark !== true);
	expect(named('Catalog_Контрагенты', 'Flow Ltd 8')).toHaveLength(1);
	expect(named(PERSONS[profile], 'Ann Flow')).toHaveLength(1);
	if (profile === 'ut') expect(named('Catalog_Партнеры', 'Flow Ltd 8')).toHaveLength(1);
	else expect(sim.records('Catalog_ДоговорыКонтрагентов').filter((row) => row.Owner_Key === named('Catalog_Контрагенты', 'Flow Ltd 8')[0]!.Ref_Key)).toHaveLength(1);
	const orders = sim.records(ORDERS[profile]).filter((row) => row.DeletionMark !== true);
	expect(orders).toMatchObject([{ Posted: true, СуммаДокумента: 2308.12 }]);
	expect(orders[0]!.Товары).toHaveLength(5);
}

async function everyCall(kind: FaultKind, profile: 'ut' | 'bp', ownRefKey: 'honoured' | 'ignored' = 'honoured'): Promise<void> {
	const setting = await setUp({ profile, switches: { ownRefKey } }, patienceFor(kind));
	try {
		const start = setting.sim.snapshot();
		setting.sim.server.resetCalls();
		await push(setting.connect(PATIENT));
		const calls = setting.sim.server.calls.length;
		expect(calls).toBeGreaterThan(14);
		for (let n = 1; n <= calls; n++) {
			await runWithFault(setting, kind, n, start);
			proveOneEffect(setting, profile);
		}
	} finally {
		await setting.stop();
	}
}

it.each(KINDS)('УТ: %s at every call leaves one effect', async (kind) => await everyCall(kind, 'ut'), 240_000);
it.each(['reset-after', 'timeout-after'] as const)('БП: %s at every call leaves one effect', async (kind) => await everyCall(kind, 'bp'), 240_000);
it.each(['reset-after', 'bad-gateway-after'] as const)('УТ that chooses ids itself: %s at every call leaves one effect', async (kind) => await everyCall(kind, 'ut', 'ignored'), 240_000);
it.each(['reset-after'] as const)('БП that chooses ids itself: %s at every call leaves one effect', async (kind) => await everyCall(kind, 'bp', 'ignored'), 240_000);
