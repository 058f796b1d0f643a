// Proves "Customer: create or update" in 1C on simulated infobases: partner beside counterparty, who is found and who is
// not, what is written and what is left alone, one record whatever happens.
import type { Customer } from '../../../nodes/core/documents';
import { withRef } from '../../../nodes/core/documents';
import { refKey } from '../../../nodes/OneC/onec.keys';
import { customer, done, PROFILE_NAMES, refused, type Setting, setUp } from './setting';

const ENTITIES = 'Catalog_Контрагенты';
const PARTNERS = 'Catalog_Партнеры';
const PERSONS = { ut: 'Catalog_КонтактныеЛицаПартнеров', bp: 'Catalog_КонтактныеЛица' };

describe.each(PROFILE_NAMES)('%s', (profile) => {
	let setting: Setting;
	beforeAll(async () => (setting = await setUp({ profile })));
	afterEach(() => setting.renew());
	afterAll(async () => await setting.stop());

	const upsert = async (document: Customer, options = {}) => await setting.connect().upsert('customer', [document], options);
	const entities = (name: string) => setting.sim.records(ENTITIES).filter((row) => row.Description === name);
	/** Calls that change something. */
	const writes = () => setting.calls().filter((call) => !call.startsWith('GET'));

	it('makes the entity, its client and its people once, each under our key', async () => {
		const { ref, outcome } = done(await upsert(customer('8', { vat: '7812345675/781201001', notes: 'Key account' })));
		expect(outcome).toBe('created');
		const row = setting.sim.get(ENTITIES, refKey('vtiger:Accounts:11x8'))!;
		expect(ref).toMatchObject({ id: row.Ref_Key, key: `onec:${ENTITIES}:${String(row.Ref_Key)}` });
		expect(row).toMatchObject({ Description: 'Flow Ltd 8', НаименованиеПолное: 'Flow Ltd 8', ИНН: '7812345675', КПП: '781201001', ЮридическоеФизическоеЛицо: 'ЮридическоеЛицо' });
		expect(row[profile === 'ut' ? 'ДополнительнаяИнформация' : 'Комментарий']).toBe('Key account [vtiger:Accounts:11x8]');
		if (profile === 'ut') {
			expect(row.Партнер_Key).toBe(refKey('vtiger:Accounts:11x8', 'partner'));
			expect(setting.sim.get(PARTNERS, String(row.Партнер_Key))).toMatchObject({ Description: 'Flow Ltd 8', Клиент: true });
		}
		expect(setting.sim.get(PERSONS[profile], refKey('vtiger:Contacts:12x8'))).toMatchObject({ Description: 'Ann Flow' });
		expect(entities('Flow Ltd 8')).toHaveLength(1);
	});

	it('gives back what it wrote', async () => {
		const shipping = { street: '3 "Dock" Road', city: 'Hamburg', postalCode: '20539', country: 'Germany' };
		const { ref } = done(await upsert(customer('8', { website: 'https://flow.test', shipping })));
		const read = await setting.connect().get('customer', ref.id);
		expect(read).toMatchObject({ name: 'Flow Ltd 8', isCompany: true, email: 'info8@flow.test', phone: '+39 06 1', website: 'https://flow.test', billing: { street: '1 Main St', city: 'Rome', postalCode: '00100', country: 'Italy' }, shipping });
		expect(read.contacts).toMatchObject([{ firstName: 'Ann', lastName: 'Flow', email: 'ann8@flow.test' }]);
	});

	it('writes nothing when nothing differs, and only what does', async () => {
		const connector = setting.connect();
		done(await connector.upsert('customer', [customer()], {}));
		setting.sim.server.resetCalls();
		const same = done(await connector.upsert('customer', [customer()], {}));
		expect(same).toMatchObject({ outcome: 'unchanged', changed: {} });
		expect(writes()).toEqual([]);
		// Warm: the entity and its people.
		expect(setting.calls()).toHaveLength(2);
		const changed = done(await connector.upsert('customer', [customer('8', { phone: '+39 06 2' })], {}));
		expect(changed).toMatchObject({ outcome: 'updated', changed: { phone: { before: '+39 06 1', after: '+39 06 2' } } });
		expect(Object.keys(changed.changed)).toEqual(['phone']);
	});

	it('needs few calls for a new customer', async () => {
		const connector = setting.connect();
		done(await connector.upsert('customer', [customer('1')], {}));
		setting.sim.server.resetCalls();
		done(await connector.upsert('customer', [customer('2', { contacts: [] })], {}));
		expect(setting.calls().length).toBeLessThanOrEqual(4);
	});

	it('changes only its own rows of the contact information', async () => {
		const { ref } = done(await upsert(customer()));
		const kind = setting.sim.records('Catalog_ВидыКонтактнойИнформации').find((row) => row.PredefinedDataName === 'ПочтовыйАдресКонтрагента')!;
		const before = setting.sim.get(ENTITIES, ref.id)!.КонтактнаяИнформация as Array<Record<string, unknown>>;
		const foreign = { ...before[0]!, LineNumber: '1', Тип: 'Адрес', Вид_Key: kind.Ref_Key, Представление: 'P.O. box 7' };
		setting.sim.patch(ENTITIES, ref.id, { КонтактнаяИнформация: [foreign, ...before].map((row, i) => ({ ...row, LineNumber: String(i + 1) })) as never });
		done(await upsert(customer('8', { email: 'new@flow.test' })));
		const after = setting.sim.get(ENTITIES, ref.id)!.КонтактнаяИнформация as Array<Record<string, unknown>>;
		expect(after.map((row) => row.LineNumber)).toEqual(after.map((_row, i) => String(i + 1)));
		expect(after[0]).toMatchObject({ Вид_Key: kind.Ref_Key, Представление: 'P.O. box 7' });
		expect(after.map((row) => row.Представление)).toContain('new@flow.test');
		expect(after.map((row) => row.Представление)).not.toContain('info8@flow.test');
		expect(after).toHaveLength(before.length + 1);
	});

	it('finds who is there by ИНН and КПП, fills in what is empty and leaves the name', async () => {
		const [there] = entities('Вектор АО');
		const result = done(await upsert(customer('8', { name: 'Vector', vat: '5403000049/540301001' })));
		expect(result.ref.id).toBe(there!.Ref_Key);
		expect(result.notes.join(' ')).toMatch(/Found in 1C by tax number 5403000049\/540301001.*It is called "Вектор АО" in 1C, which was left so/);
		expect(setting.sim.get(ENTITIES, result.ref.id)).toMatchObject({ Description: 'Вектор АО', ИНН: '5403000049' });
	});

	it('finds who is there by name, in capitals too, and only without another tax number', async () => {
		const [there] = entities('Гранит ООО');
		const loud = setting.sim.insert(ENTITIES, { Description: 'КВАРЦ ООО', ...(profile === 'ut' ? { Партнер_Key: there!.Партнер_Key } : {}) });
		expect(done(await upsert(customer('8', { name: ' Гранит  ООО' }))).ref.id).toBe(there!.Ref_Key);
		// Whether 1C itself tells capitals apart depends on its database: both spellings are asked for.
		expect(done(await upsert(customer('7', { name: 'Кварц ООО' }))).ref.id).toBe(loud.Ref_Key);
		expect(done(await upsert(customer('9', { name: 'Гранит ООО', vat: '6604999956' }))).ref.id).not.toBe(there!.Ref_Key);
	});

	it('finds who is there by the full name', async () => {
		const [there] = entities('Гранит ООО');
		const found = done(await upsert(customer('8', { name: 'ООО "Гранит"' })));
		// БП keeps the full name in a text of unlimited length, which cannot be asked for (reference 5).
		if (profile === 'ut') expect(found.ref.id).toBe(there!.Ref_Key);
		else expect(found.outcome).toBe('created');
	});

	it('tells a name that differs in "ё" only, and does not take it', async () => {
		const result = done(await upsert(customer('8', { name: 'Березка Торг ООО' })));
		expect(result.outcome).toBe('created');
		expect(result.notes.join(' ') === '' || /differs in "ё" only/.test(result.notes.join(' '))).toBe(true);
		const other = done(await upsert(customer('9', { name: 'Вёктор АО' })));
		expect(other.notes.join(' ')).toMatch(/1C also has .*"Вектор АО".*whose name differs in "ё" only/);
	});

	it.each([
		['by tax number', { vat: '7701000017/770101001' }],
		['by name', { name: 'Альфа-Строй ООО' }],
	])('never chooses beside a twin that is marked for deletion: %s', async (_how, more) => {
		const before = setting.sim.records(ENTITIES).length;
		const failure = refused(await upsert(customer('8', more)));
		expect(failure.kind).toBe('ambiguous');
		expect(failure.message).toMatch(/2 customers in 1C have the .*Альфа-Строй.*ИНН 7701000017.*КПП 770101001.*marked for deletion/);
		expect(failure.advice).toBeTruthy();
		expect(setting.sim.records(ENTITIES)).toHaveLength(before);
	});

	it('never chooses between two', async () => {
		for (const code of ['1', '2']) setting.sim.insert(ENTITIES, { Description: 'Двойник ООО', КПП: code });
		const failure = refused(await upsert(customer('8', { name: 'Двойник ООО' }), { matchBy: 'name' }));
		expect(failure).toMatchObject({ kind: 'ambiguous' });
		expect(failure.message).toMatch(/2 customers in 1C have the name "Двойник ООО"/);
	});

	it('never writes to what is marked for deletion', async () => {
		const { ref } = done(await upsert(customer()));
		setting.sim.patch(ENTITIES, ref.id, { DeletionMark: true });
		setting.sim.server.resetCalls();
		const failure = refused(await upsert(customer('8', { phone: '1' })));
		expect(failure.kind).toBe('ambiguous');
		expect(failure.message).toMatch(/marked for deletion.*Take the deletion mark off/);
		expect(writes()).toEqual([]);
	});

	it('does not take over the record of another customer of the CRM', async () => {
		const first = done(await upsert(customer('8', { name: 'Same Name' })));
		const second = done(await upsert(customer('9', { name: 'Same Name' })));
		expect(second.ref.id).not.toBe(first.ref.id);
		done(await upsert(customer('10', { vat: '7812345675' })));
		const failure = refused(await upsert(customer('11', { vat: '7812345675' })));
		expect(failure).toMatchObject({ kind: 'ambiguous' });
		expect(failure.message).toMatch(/which belongs to another record of the CRM/);
	});

	it('finds by the chosen field', async () => {
		const there = done(await upsert(customer('8', { contacts: [] })));
		setting.sim.patch(ENTITIES, there.ref.id, { [profile === 'ut' ? 'ДополнительнаяИнформация' : 'Комментарий']: '' });
		const found = done(await upsert(customer('9', { name: 'Another name', email: 'info8@flow.test', contacts: [] }), { matchBy: 'email' }));
		expect(found.ref.id).toBe(there.ref.id);
		expect(done(await upsert(customer('10', { name: 'Third name', email: 'info8@flow.test', contacts: [] }), { matchBy: 'none' })).outcome).toBe('created');
	});

	it('believes the ref that an earlier step wrote', async () => {
		const [there] = entities('Гранит ООО');
		const document = withRef(customer(), { system: 'onec', kind: 'customer', id: String(there!.Ref_Key), key: `onec:${ENTITIES}:${String(there!.Ref_Key)}`, number: undefined, url: undefined, outcome: undefined, status: undefined });
		expect(done(await upsert(document)).ref.id).toBe(there!.Ref_Key);
	});

	it('cuts nothing in silence', async () => {
		const result = done(await upsert(customer('8', { name: 'N'.repeat(140) })));
		expect(result.notes.join(' ')).toMatch(/1C keeps only 100 characters of Description/);
		expect(done(await upsert(customer('8', { name: 'N'.repeat(140) }))).outcome).toBe('unchanged');
	});

	it('refuses an override that names an unknown field before anything is sent', async () => {
		const overrides = [{ field: 'ИННН', source: 'documentField' as const, path: 'vat' }];
		const failure = refused(await upsert(customer('8', { vat: '1' }), { overrides }));
		expect(failure.message).toMatch(/Catalog_Контрагенты has no field "ИННН".*Did you mean "ИНН"\?/);
		expect(writes()).toEqual([]);
	});

	it('lets an override win', async () => {
		const overrides = [{ field: 'КПП', source: 'expression' as const, expression: '"999901001"' }];
		const { ref } = done(await upsert(customer('8', { vat: '7812345675/781201001' }), { overrides }));
		expect(setting.sim.get(ENTITIES, ref.id)).toMatchObject({ КПП: '999901001' });
	});

	it('compares in a dry run and writes nothing', async () => {
		const result = done(await upsert(customer(), { dryRun: true }));
		expect(result).toMatchObject({ outcome: 'created', ref: { id: '' } });
		expect(writes()).toEqual([]);
	});

	it('keeps the order of many, and one bad one costs one failure', async () => {
		const results = await setting.connect().upsert('customer', [customer('1'), customer('2', { name: ' ' }), customer('3'), customer('1')], {});
		expect(results.map(({ ok }) => ok)).toEqual([true, false, true, true]);
		const ids = results.map((result) => (result.ok ? result.value.ref.id : ''));
		expect(ids).toEqual([refKey('vtiger:Accounts:11x1'), '', refKey('vtiger:Accounts:11x3'), refKey('vtiger:Accounts:11x1')]);
	});

	it('does not take the record of the original for one that was copied in the CRM with its link', async () => {
		const { ref } = done(await upsert(customer()));
		const link = { key: ref.key };
		const copy = done(await upsert(customer('9', { name: 'Other Ltd', link })));
		expect(copy.outcome).toBe('created');
		expect(copy.ref.id).toBe(refKey('vtiger:Accounts:11x9'));
		expect(done(await upsert(customer('8', { link }))).ref.id).toBe(ref.id);
	});

	it('asks about forty at once in few calls', async () => {
		const connector = setting.connect();
		const many = Array.from({ length: 40 }, (_v, i) => customer(String(i + 100), { contacts: [] }));
		for (const result of await connector.upsert('customer', many, {})) expect(result.ok).toBe(true);
		setting.sim.server.resetCalls();
		for (const result of await connector.upsert('customer', many, {})) expect(result).toMatchObject({ value: { outcome: 'unchanged' } });
		expect(setting.calls().length).toBeLessThan(15);
	});

	it.each([['the server ignores our ids', { ownRefKey: 'ignored' as const }], ['a second POST overwrites', { secondPost: 'overwrites' as const }], ['If-Match is honoured', { ifMatch: 'honoured' as const }]])('makes one where %s', async (_what, switches) => {
		Object.assign(setting.sim.switches, switches);
		const first = done(await upsert(customer('8', { vat: '7812345675' })));
		const second = done(await upsert(customer('8', { vat: '7812345675', phone: '2' })));
		expect(second).toMatchObject({ outcome: 'updated', ref: { id: first.ref.id } });
		expect(entities('Flow Ltd 8')).toHaveLength(1);
		if (profile === 'ut') expect(setting.sim.records(PARTNERS).filter((row) => row.Description === 'Flow Ltd 8')).toHaveLength(1);
	});

	it('makes one without ids of ours', async () => {
		const connector = () => setting.connect({ useOwnRefKeys: false });
		const first = done(await connector().upsert('customer', [customer()], {}));
		expect(first.ref.id).not.toBe(refKey('vtiger:Accounts:11x8'));
		expect(done(await connector().upsert('customer', [customer()], {}))).toMatchObject({ outcome: 'unchanged', ref: { id: first.ref.id } });
		expect(entities('Flow Ltd 8')).toHaveLength(1);
	});

	it('makes one when four write at once', async () => {
		const runs = await Promise.all([1, 2, 3, 4].map(async () => await setting.connect().upsert('customer', [customer()], {})));
		const ids = runs.map((run) => done(run).ref.id);
		expect(new Set(ids).size).toBe(1);
		expect(entities('Flow Ltd 8')).toHaveLength(1);
		expect(setting.sim.records(PERSONS[profile]).filter((row) => row.Description === 'Ann Flow')).toHaveLength(1);
	});
});

describe('one commercial client with several legal entities (УТ)', () => {
	let setting: Setting;
	beforeAll(async () => (setting = await setUp({ profile: 'ut' })));
	afterEach(() => setting.renew());
	afterAll(async () => await setting.stop());
	const upsert = async (document: Customer) => await setting.connect().upsert('customer', [document], {});

	it('a branch with another КПП joins the partner of the company', async () => {
		const head = setting.sim.records(ENTITIES).find((row) => row.ИНН === '5403000049')!;
		const result = done(await upsert(customer('8', { name: 'Вектор, филиал', vat: '5403000049/540399002' })));
		expect(result.outcome).toBe('created');
		expect(setting.sim.get(ENTITIES, result.ref.id)!.Партнер_Key).toBe(head.Партнер_Key);
		expect(result.notes.join(' ')).toMatch(/A branch of/);
	});

	it('an entity whose name a partner has joins it', async () => {
		const partner = setting.sim.insert(PARTNERS, { Description: 'Ромашка', Клиент: true });
		const result = done(await upsert(customer('8', { name: 'Ромашка' })));
		expect(setting.sim.get(ENTITIES, result.ref.id)!.Партнер_Key).toBe(partner.Ref_Key);
		expect(setting.sim.records(PARTNERS).filter((row) => row.Description === 'Ромашка')).toHaveLength(1);
	});

	it('never chooses between partners', async () => {
		for (const code of ['1', '2']) setting.sim.insert(PARTNERS, { Description: 'Ромашка', НаименованиеПолное: code });
		const failure = refused(await upsert(customer('8', { name: 'Ромашка' })));
		expect(failure.kind).toBe('ambiguous');
		expect(failure.message).toMatch(/2 partners in 1C have this name/);
	});

	it('renames its own partner with the entity, never somebody else\'s', async () => {
		const own = done(await upsert(customer('8')));
		done(await upsert(customer('8', { name: 'New name' })));
		expect(setting.sim.get(ENTITIES, own.ref.id)).toMatchObject({ Description: 'New name' });
		expect(setting.sim.get(PARTNERS, refKey('vtiger:Accounts:11x8', 'partner'))).toMatchObject({ Description: 'New name' });
	});
});
