// Owns a simulated 1C as the contract suite uses it: its records made, changed and counted as people do at its desktop.
// The CRM on the other side is made up. Must not know the connector's code.
import { enter, type Holder } from '../../demo/simulators/onec/desk';
import { PASSWORD, seedDemo, startOnec, USER, type OnecSimulator, type ProfileName, type Row, type Switches } from '../../demo/simulators/onec';
import { withRef, type Customer, type Document, type Kind, type Order } from '../../nodes/core/documents';
import type { Clock } from '../../nodes/core/http';
import type { Connector, UpsertOptions } from '../../nodes/core/port';
import { onec } from '../../nodes/OneC/onec.system';
import { connectTo, runName, sharedClock, type Bench, type Bulk, type Refused } from './bench';
import { customerSample, HARD_NAME, orderSample, productSample, type SampleContext } from './samples';

const ITEMS = 'Catalog_Номенклатура';
const CLIENTS = 'Catalog_Контрагенты';
const SHIPMENTS = 'Document_РеализацияТоваровУслуг';
/** What differs between the configurations, as far as the suite touches it. */
const SETS = {
	ut: { order: 'Document_ЗаказКлиента', payment: 'Document_ПоступлениеБезналичныхДенежныхСредств', people: 'Catalog_КонтактныеЛицаПартнеров', reference: 'НомерПоДаннымКлиента' },
	bp: { order: 'Document_СчетНаОплатуПокупателю', payment: 'Document_ПоступлениеНаРасчетныйСчет', people: 'Catalog_КонтактныеЛица', reference: 'Комментарий' },
} as const;
/** Whatever the suite may have made there. */
const MADE = { ut: ['Catalog_Партнеры', CLIENTS, ITEMS], bp: [CLIENTS, 'Catalog_ДоговорыКонтрагентов', ITEMS] } as const;

export async function onecBench(profile: ProfileName, switches: Partial<Switches> = {}): Promise<Bench> {
	const clock = sharedClock();
	const sim = await startOnec({ profile, clock, switches });
	seedDemo(sim);
	return new OnecBench(sim, clock, `1c ${profile}${Object.keys(switches).length ? ` (${Object.entries(switches).map(([name, value]) => `${name} ${String(value)}`).join(', ')})` : ' (simulated)'}`);
}

class OnecBench implements Bench {
	readonly run = runName();
	readonly forbidden: readonly Kind[] = [];
	readonly expects: { version: string };
	readonly timeless: readonly Kind[] = ['customer', 'product'];
	readonly idField = 'Ref_Key';
	readonly removedLooks = { DeletionMark: true };
	readonly wrong: Bench['wrong'];
	readonly bulk: Bulk;
	private readonly context: SampleContext;
	private readonly sets: (typeof SETS)[ProfileName];
	private shared?: string;

	constructor(
		private readonly sim: OnecSimulator,
		readonly clock: Clock,
		readonly title: string,
	) {
		this.sets = SETS[sim.profile];
		this.expects = { version: sim.profile === 'ut' ? 'УТ' : 'БП' };
		this.context = { installation: `crm-${this.run}`, run: this.run, code: 'W-1', taxes: [{ name: 'VAT', rate: '10', code: undefined }], currency: 'EUR', country: 'Germany' };
		this.bulk = { count: 520, make: async (names) => await Promise.resolve(void names.map((name) => sim.insert(CLIENTS, { Description: name }))) };
		this.wrong = {
			password: { change: { password: 'not-the-password' }, kinds: ['denied'], says: /password/i },
			user: { change: { username: `никто ${this.run}` }, kinds: ['denied'], says: /user name/i },
			path: { change: { url: `${sim.server.url}/nowhere` }, kinds: ['denied', 'rejected'], says: /url|address/i },
			port: { change: { url: 'http://127.0.0.1:9' }, kinds: ['transient', 'denied'], says: /nothing listens at 127\.0\.0\.1:9/i },
			'empty user': { change: { username: '' }, kinds: ['denied'], says: /user name/i },
			'no address': { change: { url: 'erp' }, kinds: ['denied', 'rejected'], says: /url/i },
			zone: { change: { timeZone: 'Moscow' }, kinds: ['denied'], says: /time zone/i },
		};
	}

	connect(change: Record<string, unknown> = {}): Connector {
		return connectTo(onec, { url: this.sim.url, username: USER, password: PASSWORD, installation: 'onec', timeZone: 'UTC', maxConcurrent: 4, ...change }, this.clock);
	}

	async sample(kind: Kind, suffix: string): Promise<Document> {
		if (kind === 'customer') return customerSample(this.context, suffix);
		if (kind === 'product') return { ...productSample(this.context, suffix), price: undefined };
		const customer: Customer = customerSample(this.context, `of-${suffix}`);
		const [result] = await this.connect().upsert('customer', [customer], {});
		if (!result?.ok) throw result?.failure ?? new Error('no result');
		return withRef(orderSample(this.context, customer, suffix), result.value.ref);
	}

	options(): UpsertOptions {
		return { rounding: { mode: 'explained' } };
	}

	changed(document: Document): Document {
		switch (document.kind) {
			case 'customer':
				return { ...document, phone: '+380 44 555 0199', contacts: document.contacts.map((contact) => ({ ...contact, title: 'Директор' })) };
			case 'product':
				return { ...document, description: 'Другое описание' };
			default:
				return { ...document, lines: (document as Order).lines.map((line) => (line.key === '1' ? { ...line, quantity: '4' } : line)), totals: undefined } as Order;
		}
	}

	async bad(kind: Kind, suffix: string): Promise<Refused | undefined> {
		const document = await this.sample(kind, suffix);
		if (document.kind === 'customer' || document.kind === 'product') return { document: { ...document, name: '' }, says: /name/i };
		const lines = (document as Order).lines.map((line, i) => (i === 1 ? { ...line, code: `NO-${suffix}` } : line));
		return { document: { ...document, lines } as Order, says: new RegExp(`NO-${suffix}`) };
	}

	async ambiguous(suffix: string): Promise<Refused & { kind: Kind }> {
		const document = customerSample(this.context, suffix);
		for (let i = 0; i < 2; i++) this.client(document.name);
		return await Promise.resolve({ kind: 'customer' as const, document, options: { matchBy: 'name' }, says: /2 customers in 1C/ });
	}

	async seed(kind: Kind, suffix: string): Promise<string> {
		const name = `${HARD_NAME} ${this.run} ${suffix}`;
		if (kind === 'customer') return await Promise.resolve(this.client(name));
		if (kind === 'product') return String(this.sim.insert(ITEMS, { Description: name, НаименованиеПолное: name, Артикул: `${this.run}-${suffix}`.slice(0, 25) }).Ref_Key);
		const order = this.order(suffix);
		if (kind === 'order') return order;
		this.sim.post(this.sets.order, order);
		return this.sim.ship(order);
	}

	private client(name: string): string {
		const partner: Row = this.sim.profile === 'ut' ? { Партнер_Key: this.sim.insert('Catalog_Партнеры', { Description: name, НаименованиеПолное: name, Клиент: true }).Ref_Key! } : {};
		return String(this.sim.insert(CLIENTS, { Description: name, НаименованиеПолное: name, ...partner }).Ref_Key);
	}

	/** As the form of an order leaves it. */
	private order(suffix: string): string {
		const customer = (this.shared ??= this.client(`${HARD_NAME} ${this.run} shared`));
		const item = this.sim.records(ITEMS).find((row) => row.Артикул === 'W-1')!.Ref_Key!;
		const rows: Row[] = [{ LineNumber: '1', Номенклатура_Key: item, Количество: 3, Цена: 70 }, { LineNumber: '2', Номенклатура_Key: item, Количество: 2, Цена: 19.99 }];
		const { Ref_Key } = enter(this.sim as Holder, this.sets.order, { Контрагент_Key: customer, [this.sets.reference]: `PO ${this.run} ${suffix}`.slice(0, 30), Товары: rows });
		return String(Ref_Key);
	}

	async touch(kind: Kind, id: string, n: number): Promise<void> {
		if (kind === 'invoice') return await Promise.resolve(void this.sim.pay(this.orderOf(id), n));
		if (kind === 'order') return await Promise.resolve(void this.sim.patch(this.sets.order, id, { [this.sets.reference]: `PO ${this.run} ${n}` }));
		const set = kind === 'customer' ? CLIENTS : ITEMS;
		this.sim.patch(set, id, { НаименованиеПолное: `${HARD_NAME} ${this.run} ${n}`, Description: `${HARD_NAME} ${this.run} ${n}` });
	}

	private orderOf(shipment: string): string {
		const row = this.sim.get(SHIPMENTS, shipment)!;
		return String(row.ЗаказКлиента ?? row.СчетНаОплатуПокупателю_Key);
	}

	bringTo(kind: Kind, _id: string, state: string): Promise<void> {
		throw new Error(`the suite cannot bring a ${kind} to ${state}`);
	}

	async count(_kind: Kind, document: Document): Promise<number> {
		return await Promise.resolve(this.standing(document).length);
	}

	private standing(document: Document): Row[] {
		const named = (name: string) => this.sim.records(CLIENTS).filter((row) => name !== '' && (row.Description === name || row.НаименованиеПолное === name));
		if (document.kind === 'customer') return named(document.name);
		if (document.kind === 'product') return this.sim.records(ITEMS).filter((row) => row.Артикул === document.code);
		const customers = named((document as Order).customer!.name).map((row) => row.Ref_Key);
		return this.sim.records(this.sets.order).filter((row) => customers.includes(row.Контрагент_Key));
	}

	async modified(kind: Kind, id: string): Promise<string> {
		const row = this.sim.get(this.setOf(kind), id)!;
		const people = kind === 'customer' ? this.sim.records(this.sets.people).filter((one) => [id, row.Партнер_Key].includes(one.Owner_Key ?? one.Owner ?? '')) : [];
		const partner = row.Партнер_Key && kind === 'customer' ? [this.sim.get('Catalog_Партнеры', String(row.Партнер_Key))!] : [];
		return await Promise.resolve([row, ...partner, ...people].map((one) => `${String(one.Ref_Key)}@${String(one.DataVersion)}`).join());
	}

	private setOf(kind: Kind): string {
		const sets: Partial<Record<Kind, string>> = { customer: CLIENTS, product: ITEMS, order: this.sets.order, invoice: SHIPMENTS };
		return sets[kind]!;
	}

	async destroy(kind: Kind, id: string): Promise<void> {
		await Promise.resolve(this.sim.remove(this.setOf(kind), id));
	}

	noId(): string {
		return '00000000-0000-4000-8000-00000000dead';
	}

	plain(suffix: string): ReturnType<Bench['plain']> {
		const name = `O'Neill & "Söhne" <b> Ромашка ${this.run} ${suffix}`;
		return { module: CLIENTS, values: { Description: name, ИНН: '7700000016' }, change: { ИНН: '7700000024' }, filter: `Description eq '${name.replace(/'/g, "''")}'` };
	}

	async cleanUp(): Promise<void> {
		const customers = new Set(this.sim.records(CLIENTS).filter((row) => this.isOurs(row)).map((row) => row.Ref_Key));
		for (const set of [this.sets.payment, SHIPMENTS, this.sets.order]) {
			for (const row of this.sim.records(set).filter((one) => customers.has(one.Контрагент_Key))) {
				if (row.Posted) this.sim.unpost(set, String(row.Ref_Key));
				this.sim.remove(set, String(row.Ref_Key));
			}
		}
		for (const set of MADE[this.sim.profile]) for (const row of this.sim.records(set)) if (this.isOurs(row) || customers.has(row.Owner_Key)) this.sim.remove(set, String(row.Ref_Key));
		await Promise.resolve();
	}

	private isOurs(row: Row): boolean {
		return String(row.Description).includes(this.run);
	}

	async remains(): Promise<Record<string, number>> {
		const sets = [...MADE[this.sim.profile], this.sets.order, SHIPMENTS, this.sets.payment];
		return await Promise.resolve(Object.fromEntries(sets.map((set) => [set, this.sim.records(set).filter((row) => JSON.stringify(row).includes(this.run)).length])));
	}

	async close(): Promise<void> {
		await this.sim.stop();
	}
}
