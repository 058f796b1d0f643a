// Owns what the tests of the simulated configurations share: a base with the demo's records, orders entered as at the desk.
// Must not know: the product's client code.
import { type OnecSimulator, type ProfileName, type Row, seedDemo, startOnec } from '../../../demo/simulators/onec';
import { OdataError } from '../../../demo/simulators/onec/errors';
import { enter } from '../../../demo/simulators/onec/desk';

export const NOON = Date.parse('2026-10-01T12:00:00Z');

export interface Base {
	sim: OnecSimulator;
	products: Record<string, string>;
	/** Moves with `at`. */
	clock: { ms: number; now: () => number };
}

export async function base(profile: ProfileName): Promise<Base> {
	const clock = { ms: NOON, now: (): number => clock.ms };
	const sim = await startOnec({ profile, clock });
	return { sim, products: seedDemo(sim).products, clock };
}

export const SETS = {
	ut: { order: 'Document_ЗаказКлиента', payment: 'Document_ПоступлениеБезналичныхДенежныхСредств', rows: 'Товары', discount: 'ПроцентРучнойСкидки' },
	bp: { order: 'Document_СчетНаОплатуПокупателю', payment: 'Document_ПоступлениеНаРасчетныйСчет', rows: 'Товары', discount: 'ПроцентСкидки' },
} as const;
export const SHIPMENT = 'Document_РеализацияТоваровУслуг';

export const customer = ({ sim }: Base, name = 'Вектор АО'): string => String(sim.records('Catalog_Контрагенты').find((row) => row['Description'] === name)?.['Ref_Key']);

/** `[code, quantity, discount in percent]` */
export type Line = readonly [code: string, quantity: number, discount?: number];

/** An order entered through the form and posted. */
export function order(where: Base, lines: readonly Line[], more: Row = {}): Row {
	const { sim, products } = where;
	const set = SETS[sim.profile].order;
	const rows = lines.map(([code, quantity, discount = 0]) => ({ Номенклатура_Key: products[code] ?? '', Количество: quantity, [SETS[sim.profile].discount]: discount }));
	const made = enter(sim, set, { Контрагент_Key: customer(where), Товары: rows, ...more });
	sim.post(set, String(made['Ref_Key']));
	return must(sim, set, made['Ref_Key']);
}

export function must(sim: OnecSimulator, set: string, ref: unknown): Row {
	const row = sim.get(set, String(ref));
	if (!row) throw new Error(`no ${set} ${String(ref)}`);
	return row;
}

/** The text of a refusal; fails when nothing is refused. */
export function refusal(work: () => unknown): string {
	try {
		work();
	} catch (error) {
		if (error instanceof OdataError) return error.text.ru;
		throw error;
	}
	throw new Error('nothing was refused');
}

/** Records that a document made in a register. */
export const recordsOf = (sim: OnecSimulator, register: string, ref: unknown): Row[] => sim.records(`${register}_RecordType`).filter((row) => row['Recorder'] === ref || row['Recorder_Key'] === ref);
