// Owns what people at the 1C desktop do in the tests of reading: an order with its customer, a shipment put right by hand.
import { enter } from '../../../demo/simulators/onec/desk';
import type { Row } from '../../../demo/simulators/onec';
import type { Setting } from './setting';

export const PARTS = {
	ut: { order: 'Document_ЗаказКлиента', shipment: 'Document_РеализацияТоваровУслуг', payment: 'Document_ПоступлениеБезналичныхДенежныхСредств', currency: 'Валюта_Key', organization: 'Организация_Key' },
	bp: { order: 'Document_СчетНаОплатуПокупателю', shipment: 'Document_РеализацияТоваровУслуг', payment: 'Document_ПоступлениеНаРасчетныйСчет', currency: 'ВалютаДокумента_Key', organization: 'Организация_Key' },
} as const;

export const partsOf = ({ sim }: Setting) => PARTS[sim.profile];

/** A counterparty, with its partner where the configuration has one. */
export function client(stage: Setting, name: string, more: Row = {}): string {
	const partner: Row = stage.sim.profile === 'ut' ? { Партнер_Key: String(stage.sim.insert('Catalog_Партнеры', { Description: name, Клиент: true }).Ref_Key) } : {};
	return String(stage.sim.insert('Catalog_Контрагенты', { Description: name, НаименованиеПолное: name, ...partner, ...more }).Ref_Key);
}

/** A posted order: lines as code, quantity, price. */
export function order(stage: Setting, customer: string, lines: ReadonlyArray<readonly [code: string, quantity: number, price: number, more?: Row]>, more: Row = {}): string {
	const { sim, products } = stage;
	const set = partsOf(stage).order;
	const rows = lines.map(([code, quantity, price, rest = {}], i) => ({ LineNumber: String(i + 1), Номенклатура_Key: products[code]!, Количество: quantity, Цена: price, ...rest }));
	const { Ref_Key } = enter(sim, set, { Контрагент_Key: customer, Товары: rows, ...more });
	sim.post(set, String(Ref_Key));
	return String(Ref_Key);
}
