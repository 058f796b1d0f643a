// Proves the exchange plan's queue over the wire: registration of every write, growing packets, acknowledgements (reference 9).
import { type Base, SETS, base, order } from './business';
import { call, refused, rows } from './api';

const PLAN = 'ExchangePlan_ДляODATA';
const ORDER = SETS.ut.order;
const ITEMS = 'Catalog_Номенклатура';
let where: Base;
let clean = '';
let node = '';

beforeAll(async () => {
	where = await base('ut');
	node = String(where.sim.records(PLAN).find((row) => row['Code'] === 'N8N')?.['Ref_Key']);
	await acknowledge(await drain());
	clean = where.sim.snapshot();
});
afterEach(() => {
	where.sim.restore(clean);
	where.sim.switches.unpublished = [];
	where.sim.switches.tombstones = false;
});
afterAll(() => where.sim.stop());

const point = (messageNo: number, of = node): string => `DataExchangePoint='${where.sim.url}/odata/standard.odata/${PLAN}(guid'${of}')'&MessageNo=${messageNo}`;
const next = async (): Promise<number> => Number((await rows(where.sim, `/${PLAN}?$filter=Code eq 'N8N'`))[0]?.['ReceivedNo']) + 1;

/** What the packet holds: sets, in its order. */
async function packet(messageNo: number): Promise<string[]> {
	const { status, text } = await call(where.sim, 'POST', `/SelectChanges?${point(messageNo)}`, { format: '' });
	if (status !== 200) throw new Error(`${status} ${text}`);
	return [...text.matchAll(/<category term="StandardODATA\.([^"]+)"/g)].map((match) => match[1] ?? '');
}
const drain = async (): Promise<number> => {
	const messageNo = await next();
	await packet(messageNo);
	return messageNo;
};
const acknowledge = async (messageNo: number): Promise<void> => {
	expect((await call(where.sim, 'POST', `/NotifyChangesReceived?${point(messageNo)}`, { format: '' })).status).toBe(200);
};
const touch = (code: string): void => void where.sim.patch(ITEMS, where.products[code] ?? '', {});

it('holds nothing when nothing was written', async () => {
	expect(await packet(await next())).toEqual([]);
});

it('registers a write without any change, and an object once', async () => {
	touch('W-1');
	touch('W-1');
	expect(await packet(await next())).toEqual([ITEMS]);
});

it('carries a posted document and every register it wrote, documents first', async () => {
	const made = order(where, [['W-1', 2]]);
	where.sim.ship(String(made['Ref_Key']));
	const sets = await packet(await next());
	expect(sets.slice(0, 2)).toEqual([ORDER, 'Document_РеализацияТоваровУслуг']);
	expect(sets.filter((set) => set === 'AccumulationRegister_ЗаказыКлиентов')).toHaveLength(2);
	expect(sets).toContain('InformationRegister_СуммыДокументовВВалютахУчета');
	expect(sets.some((set) => set.endsWith('_RecordType') || set.startsWith('ExchangePlan'))).toBe(false);
});

it('repeats a number with what came since, until it is acknowledged', async () => {
	const n = await next();
	touch('W-1');
	expect(await packet(n)).toHaveLength(1);
	touch('W-2');
	expect(await packet(n)).toHaveLength(2);
	await acknowledge(n);
	expect(await next()).toBe(n + 1);
	expect(await packet(n + 1)).toEqual([]);
});

it('keeps an object that was changed again after it was sent', async () => {
	const n = await next();
	touch('W-1');
	touch('W-2');
	await packet(n);
	touch('W-2');
	await acknowledge(n);
	const [left] = (await call(where.sim, 'POST', `/SelectChanges?${point(n + 1)}`, { format: '' })).text.match(/<d:Артикул>[^<]*/g) ?? [];
	expect(left).toBe('<d:Артикул>W-2');
});

it('acknowledging an older number leaves later packets alone', async () => {
	const n = await next();
	touch('W-1');
	await packet(n + 1);
	await acknowledge(n);
	expect(await packet(n + 2)).toHaveLength(1);
	await acknowledge(n + 1);
	expect(await packet(n + 2)).toEqual([]);
});

it('counts SentNo and ReceivedNo on the node without registering it', async () => {
	const n = await next();
	touch('W-1');
	await packet(n);
	await acknowledge(n);
	expect((await rows(where.sim, `/${PLAN}?$filter=Code eq 'N8N'`))[0]).toMatchObject({ SentNo: String(n), ReceivedNo: String(n), ExchangeDate: '2026-10-01T12:00:00' });
	expect(await packet(n + 1)).toEqual([]);
});

it('leaves out silently what is not published, and keeps it queued', async () => {
	touch('W-1');
	where.sim.insert('Catalog_Партнеры', { Description: 'Новый клиент' });
	where.sim.switches.unpublished = [ITEMS];
	const n = await next();
	expect(await packet(n)).toEqual(['Catalog_Партнеры']);
	await acknowledge(n);
	where.sim.switches.unpublished = [];
	expect(await packet(n + 1)).toEqual([ITEMS]);
});

it('shows taken-back movements as an empty record set', async () => {
	const made = order(where, [['W-1', 2]]);
	await acknowledge(await drain());
	where.sim.unpost(ORDER, String(made['Ref_Key']));
	const { text } = await call(where.sim, 'POST', `/SelectChanges?${point(await next())}`, { format: '' });
	expect(text).toMatch(/<d:RecordSet m:type="Collection\(StandardODATA\.AccumulationRegister_ЗаказыКлиентов_RowType\)"\s*\/>/);
});

it('says nothing of physical deletions unless the server writes tombstones', async () => {
	const gone = String(where.sim.insert(ITEMS, { Description: 'На выброс' })['Ref_Key']);
	await acknowledge(await drain());
	where.sim.remove(ITEMS, gone);
	const n = await next();
	const read = async (): Promise<string> => (await call(where.sim, 'POST', `/SelectChanges?${point(n)}`, { format: '' })).text;
	expect(await read()).not.toContain('deleted-entry');
	where.sim.switches.tombstones = true;
	expect(await read()).toContain(`Catalog_Номенклатура(guid'${gone}')" when="2026-10-01T12:00:00"`);
});

it('refuses the base’s own node, a node that is not there, and a message without number', async () => {
	const own = String(where.sim.records(PLAN).find((row) => row['Code'] === 'БАЗА')?.['Ref_Key']);
	expect(await refused(where.sim, 'POST', `/SelectChanges?${point(1, own)}`)).toMatch(/^(500\/-1|406\/3)$/);
	expect(await refused(where.sim, 'POST', `/NotifyChangesReceived?${point(1, own)}`)).toBe('500/-1');
	expect(await refused(where.sim, 'POST', `/NotifyChangesReceived?${point(1, '5f8e1c1e-0000-4000-8000-000000000001')}`)).toBe('404/9');
	expect((await call(where.sim, 'POST', `/SelectChanges?${point(0)}`, { format: '' })).status).toBe(500);
});

it('survives snapshot and restore', async () => {
	touch('W-3');
	const kept = where.sim.snapshot();
	await acknowledge(await drain());
	expect(await packet(await next())).toEqual([]);
	where.sim.restore(kept);
	expect(await packet(await next())).toEqual([ITEMS]);
});
