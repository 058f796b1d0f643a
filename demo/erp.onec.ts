// Owns 1C:Enterprise as the demo's ERP: УТ 11, where an order is an order, and БП 3.0, where it is an invoice to the customer.
// Must not know the walk.
import type { DemoErp, ErpBill, ErpOrder } from './erp';
import { PASSWORD, USER, seedDemo, startOnec, type OnecSimulator, type ProfileName, type Row, type Switches } from './simulators/onec';
import type { Call } from './simulators/server';

const ORDERS = { ut: 'Document_ЗаказКлиента', bp: 'Document_СчетНаОплатуПокупателю' } as const;
const SHIPMENTS = 'Document_РеализацияТоваровУслуг';
const PAYMENTS = { ut: 'Document_ПоступлениеБезналичныхДенежныхСредств', bp: 'Document_ПоступлениеНаРасчетныйСчет' } as const;
const CUSTOMERS = 'Catalog_Контрагенты';
const COUNTED = {
	ut: ['Catalog_Партнеры', CUSTOMERS, 'Catalog_КонтактныеЛицаПартнеров', ORDERS.ut, SHIPMENTS, PAYMENTS.ut],
	bp: [CUSTOMERS, 'Catalog_ДоговорыКонтрагентов', 'Catalog_КонтактныеЛица', ORDERS.bp, SHIPMENTS, PAYMENTS.bp],
} as const;

/** What the other workflows' triggers ask for. */
const POLL = /Document_РеализацияТоваровУслуг|Document_Поступление|Document_ПриходныйКассовый|Document_Корректировка|Document_Возврат/;
/** What a process reads once: what is published, currencies, rates, the own organization ... */
const SETUP = /^GET (\/|\$metadata|Catalog_(Валюты|СтавкиНДС|Организации|Склады|ВидыКонтактнойИнформации|СтраныМира|УпаковкиЕдиницыИзмерения|КлассификаторЕдиницИзмерения|ВидыЦен|ТипыЦенНоменклатуры|СоглашенияСКлиентами))$/;

export interface OnecErpOptions {
	profile: ProfileName;
	switches?: Partial<Switches>;
	/** Credential fields that differ from the demo's, e.g. `{ sessionMode: 'explicit' }`. */
	credential?: Record<string, unknown>;
}

export class OnecErp implements DemoErp {
	readonly title = '1C';
	readonly system = 'onec';
	readonly suffix = '-1c';

	private constructor(
		readonly sim: OnecSimulator,
		private readonly fields: Record<string, unknown>,
	) {}

	static async start({ profile, switches, credential = {} }: OnecErpOptions): Promise<OnecErp> {
		return new OnecErp(await startOnec({ profile, switches }), credential);
	}

	get server() {
		return this.sim.server;
	}

	get credential() {
		return { type: 'oneCApi', data: { url: this.sim.url, username: USER, password: PASSWORD, installation: 'onec', timeZone: 'UTC', ...this.fields } };
	}

	/** Entity sets by their role, in this configuration. */
	get sets() {
		const { profile } = this.sim;
		return { customers: CUSTOMERS, orders: ORDERS[profile], shipments: SHIPMENTS, payments: PAYMENTS[profile], counted: COUNTED[profile] };
	}

	seed(): void {
		seedDemo(this.sim);
	}

	nature({ operation }: Call) {
		if (POLL.test(operation)) return 'poll';
		return SETUP.test(operation) ? 'setup' : 'work';
	}

	orders(of?: { number: string; quote: string }): ErpOrder[] {
		return this.sim
			.records(this.sets.orders)
			.filter((row) => !of || row.Number === of.number || row.НомерПоДаннымКлиента === of.quote || text(row, 'Комментарий').includes(of.quote))
			.map((row) => ({ id: text(row, 'Ref_Key'), number: text(row, 'Number'), customer: text(row, 'Контрагент_Key'), confirmed: row.Posted === true, total: text(row, 'СуммаДокумента') }));
	}

	customers(name: string): string[] {
		return this.sim.records(CUSTOMERS).filter((row) => row.Description === name || row.НаименованиеПолное === name).map((row) => text(row, 'Ref_Key'));
	}

	/** In 1C the shipment is what bills. */
	bill(order: ErpOrder): ErpBill {
		const id = this.sim.ship(order.id);
		return { id, number: text(this.sim.get(SHIPMENTS, id) ?? {}, 'Number'), order };
	}

	pay(bill: ErpBill, amount: number): void {
		this.sim.pay(bill.order.id, amount);
	}

	count(): number {
		return this.sets.counted.reduce((sum, set) => sum + this.sim.records(set).length, 0);
	}

	snapshot(): string {
		return this.sim.snapshot();
	}

	restore(snapshot: string): void {
		this.sim.restore(snapshot);
	}

	stop(): Promise<void> {
		return this.sim.stop();
	}
}

function text(row: Row, field: string): string {
	const value = row[field];
	return value === undefined || value === null ? '' : String(value as string | number);
}
