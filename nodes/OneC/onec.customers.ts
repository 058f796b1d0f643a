// Owns "Customer: create or update" in 1C: the legal entity with its commercial client, contact information and persons,
// each made once and written only where it differs. Must not know the wire.
import type { Settled } from '../core/batches';
import { describeDocument, type Document } from '../core/documents';
import { asFailure, Failure } from '../core/failure';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { bodyOf, type Cell, cutNotes, describeChanges, differing, plainText } from './onec.cells';
import { contactKinds, planContacts } from './onec.contact';
import { PersonWriter } from './onec.contact.persons';
import { makeOnce } from './onec.keyed';
import { reference, sameRef } from './onec.keys';
import { namesOf, overrideCells, present, rowNames, withOverrides } from './onec.overrides';
import { type CustomerPlan, customerOf, planCustomer } from './onec.partners';
import { describeRow, fold, type Located, PartnerFinder } from './onec.partners.find';
import { PartnerWriter } from './onec.partners.write';
import type { Profile } from './onec.profile';
import { plannedRef, refOf } from './onec.refs';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

/** One customer on its way. */
interface Task {
	plan: CustomerPlan;
	row?: Row;
	outcome: 'created' | 'updated' | 'unchanged';
	changed: Outcome['changed'];
	notes: string[];
	failure?: Failure;
}

/** Somebody changed the record while it was compared: looked at again so many times. */
const LOOKS = 4;

export class CustomerWriter {
	private readonly finder: PartnerFinder;
	private readonly partners: PartnerWriter;
	private readonly persons: PersonWriter;

	constructor(private readonly services: Services) {
		this.finder = new PartnerFinder(services);
		this.partners = new PartnerWriter(services);
		this.persons = new PersonWriter(services);
	}

	/** One result per document; documents of one customer share its result. */
	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const profile = await this.services.profile();
		const planned = await Promise.all(documents.map(async (document) => await this.plan(document, profile, options)));
		const tasks = new Map<string, Task>();
		// The last document of a customer is the newest.
		for (const entry of planned) if (entry.ok) tasks.set(entry.value.ref, newTask(entry.value));
		for (const round of roundsByName([...tasks.values()])) await this.writeRound(round, profile, options);
		return planned.map((entry) => (entry.ok ? this.result(tasks.get(entry.value.ref)!, profile, options) : entry));
	}

	private async plan(document: Document, profile: Profile, options: UpsertOptions): Promise<Settled<CustomerPlan>> {
		try {
			const overrides = await overrideCells(options.overrides, document, document.source, profile.customer.set, this.services, describeDocument(customerOf(document)));
			return { ok: true, value: planCustomer(document, profile, this.services.credential.installation, overrides) };
		} catch (error) {
			return { ok: false, failure: asFailure(error).on(describeDocument(document)) };
		}
	}

	private async writeRound(tasks: readonly Task[], profile: Profile, options: UpsertOptions): Promise<void> {
		let open = [...tasks];
		for (let look = 1; open.length > 0; look++) {
			const located = await this.locate(open, options);
			for (const [i, task] of open.entries()) {
				try {
					await this.writeOne(task, located[i]!, profile, options);
				} catch (error) {
					task.failure = asFailure(error);
				}
			}
			open = look < LOOKS ? open.filter((task) => task.failure?.kind === 'conflict') : [];
			for (const task of open) Object.assign(task, { ...newTask(task.plan), failure: undefined, row: undefined });
		}
	}

	private async locate(tasks: readonly Task[], { matchBy }: UpsertOptions): Promise<Located[]> {
		try {
			return await this.finder.locate(tasks.map(({ plan }) => plan), matchBy);
		} catch (error) {
			const failure = asFailure(error);
			return tasks.map(() => ({ is: 'failed', failure }));
		}
	}

	private async writeOne(task: Task, located: Located, profile: Profile, options: UpsertOptions): Promise<void> {
		if (located.is === 'failed') throw located.failure;
		if (located.is === 'new') return await this.create(task, located, profile, options);
		task.row = located.row;
		if (!located.ours) task.notes.push(`Found in 1C by ${located.by}: ${describeRow(located.row, profile.customer)}`);
		await this.update(task, located.row, located.ours, profile, options);
	}

	private async create(task: Task, located: Extract<Located, { is: 'new' }>, profile: Profile, options: UpsertOptions): Promise<void> {
		const { plan } = task;
		const { customer, partner } = profile;
		const chosen = await this.partners.choose(plan, located.branches, profile);
		task.notes.push(...located.notes, ...chosen.notes);
		const names = await namesOf(this.services, customer.set);
		const cells = present(withOverrides([...plan.own, ...plan.whenNew], plan.cells), names);
		const contacts = await this.contactsOf(plan, [], profile);
		Object.assign(task, { outcome: 'created', changed: { ...describeChanges(cells), ...contacts.changed } });
		task.notes.push(...contacts.notes);
		if (options.dryRun) return;
		const partnerId = partner ? (reference(chosen.row?.Ref_Key) ?? (await this.partners.make(plan, partner))) : undefined;
		const body: Row = { ...bodyOf(cells), ...contacts.body, ...(customer.partner && partnerId ? { [customer.partner]: partnerId } : {}), ...this.head(plan, customer, names?.has(customer.head ?? '') ?? true) };
		const made = await makeOnce(this.services, { set: customer.set, body, ref: plan.ref, slot: async () => await this.bySlot(plan) });
		task.row = made.row;
		// Made by somebody else a moment ago, perhaps from an older document: brought up to date as any other.
		if (made.existed) await this.update(task, made.row, true, profile, options);
		else task.notes.push(...cutNotes(cells, made.row));
		if (!made.existed) await this.writePersons(task, partnerId, partner !== undefined && chosen.row === undefined, profile, false);
		task.outcome = 'created';
	}

	private head({ ref }: CustomerPlan, { head }: Profile['customer'], there: boolean): Row {
		// A company is its own head office (captured: ГоловнойКонтрагент_Key = Ref_Key). Only where the id is ours.
		return head && there && this.services.credential.useOwnRefKeys ? { [head]: ref } : {};
	}

	/** For servers that choose ids themselves. */
	private async bySlot(plan: CustomerPlan): Promise<Row | undefined> {
		const [place] = await this.finder.locate([plan]);
		return place?.is === 'found' ? place.row : undefined;
	}

	private async update(task: Task, row: Row, ours: boolean, profile: Profile, options: UpsertOptions): Promise<void> {
		const { plan } = task;
		const { customer, partner } = profile;
		const dryRun = options.dryRun === true;
		const names = await namesOf(this.services, customer.set);
		const wanted = present(withOverrides(ours ? plan.own : emptyOnes(plan.own, row), plan.cells), names);
		const cells = differing(wanted, row);
		if (!ours && !isCalled(plan, row, customer)) task.notes.push(`It is called "${plainText(row[customer.name])}" in 1C, which was left so`);
		const contacts = await this.contactsOf(plan, Array.isArray(row[customer.contacts ?? '']) ? (row[customer.contacts ?? ''] as Row[]) : [], profile);
		task.notes.push(...contacts.notes);
		const changed: Outcome['changed'] = { ...describeChanges(cells, row), ...contacts.changed };
		const body: Row = { ...bodyOf(cells, row), ...contacts.body };
		const partnerId = await this.partnerOf(task, row, profile, changed, body, dryRun);
		if (Object.keys(body).length > 0 && !dryRun) {
			task.row = await this.services.session.patch(customer.set, String(row.Ref_Key), body, { version: plainText(row.DataVersion) || undefined });
			task.notes.push(...cutNotes(cells, task.row));
		}
		if (partner && ours && cells.some((cell) => cell.field === customer.name)) Object.assign(changed, await this.partners.rename(plan, partnerId, partner, dryRun));
		Object.assign(task.changed, changed);
		await this.writePersons(task, partnerId, false, profile, dryRun);
		if (Object.keys(task.changed).length > 0) task.outcome = 'updated';
	}

	/** The partner of a legal entity that has none yet is found or made. */
	private async partnerOf(task: Task, row: Row, profile: Profile, changed: Outcome['changed'], body: Row, dryRun: boolean): Promise<string | undefined> {
		const { customer, partner } = profile;
		if (!partner || !customer.partner) return undefined;
		const there = reference(row[customer.partner]);
		if (there) return there;
		const chosen = await this.partners.choose(task.plan, [], profile);
		changed[customer.partner] = { after: chosen.row ? describeRow(chosen.row, partner) : `new partner "${task.plan.name}"` };
		const id = reference(chosen.row?.Ref_Key) ?? (dryRun ? undefined : await this.partners.make(task.plan, partner));
		if (id) body[customer.partner] = id;
		return id;
	}

	private async contactsOf(plan: CustomerPlan, current: readonly Row[], { customer, contactInfo }: Profile): Promise<{ body: Row; changed: Outcome['changed']; notes: string[] }> {
		if (!customer.contacts || plan.entries.length === 0) return { body: {}, changed: {}, notes: [] };
		const names = await namesOf(this.services, customer.set);
		const { rows, changed, notes } = planContacts(plan.entries, current, await contactKinds(this.services), contactInfo, rowNames(names, customer.contacts));
		return { body: rows ? { [customer.contacts]: rows } : {}, changed, notes };
	}

	/** Persons belong to the partner where there is one, else to the legal entity. */
	private async writePersons(task: Task, partnerId: string | undefined, fresh: boolean, { partner, customer }: Profile, dryRun: boolean): Promise<void> {
		const owner = partner ? { set: partner.set, id: partnerId, fresh } : { set: customer.set, id: reference(task.row?.Ref_Key), fresh: task.outcome === 'created' };
		const { changed, notes } = await this.persons.write(task.plan.persons, owner, dryRun);
		Object.assign(task.changed, changed);
		task.notes.push(...notes);
	}

	private result(task: Task, { customer }: Profile, { dryRun }: UpsertOptions): ItemResult {
		if (task.failure) return { ok: false, failure: task.failure.on(task.plan.record) };
		const id = reference(task.row?.Ref_Key);
		const own = !task.row || sameRef(id, task.plan.ref) || task.outcome !== 'created' || !this.services.credential.useOwnRefKeys;
		const notes = [...task.notes, ...(own ? [] : ['1C gave the record an id of its own choice: it will be found by its tax number or name']), ...(dryRun ? ['Nothing was written: this was a comparison only'] : [])];
		const ref = id && task.row ? refOf(this.services.credential, 'customer', customer.set, id, { number: customer.code ? plainText(task.row[customer.code]) || undefined : undefined }) : plannedRef(this.services.credential, 'customer');
		return { ok: true, value: { outcome: task.outcome, ref, changed: task.changed, notes: [...new Set(notes)] } };
	}
}

function newTask(plan: CustomerPlan): Task {
	return { plan, outcome: 'unchanged', changed: {}, notes: [] };
}

/** On a record that people made, only what is still empty is filled in. */
function emptyOnes(cells: readonly Cell[], row: Row): Cell[] {
	return cells.filter((cell) => plainText(row[cell.field]).trim() === '');
}

function isCalled({ name }: CustomerPlan, row: Row, { name: field, fullName }: Profile['customer']): boolean {
	return [field, fullName].some((column) => column && fold(plainText(row[column])) === fold(name));
}

/** Two customers of the CRM with one name or tax number are written one after the other, so that the second finds the first. */
function roundsByName(tasks: readonly Task[]): Task[][] {
	const rounds: Task[][] = [];
	const seen = new Map<string, number>();
	for (const task of tasks) {
		const marks = [fold(task.plan.name), ...(task.plan.tax.inn ? [task.plan.tax.inn] : []), ...(task.plan.tax.foreign ? [task.plan.tax.foreign] : [])];
		const round = Math.max(...marks.map((mark) => seen.get(mark) ?? 0));
		for (const mark of marks) seen.set(mark, round + 1);
		(rounds[round] ??= []).push(task);
	}
	return rounds;
}
