// Owns what `$ref` gives: the id in this system of the customer, order, quote or opportunity that a document names. For
// many documents the look-ups go together. Writes nothing.
import { type Document, KINDS, type Kind, refTo } from '../core/documents';
import { Failure } from '../core/failure';
import type { KindProfile } from './rest.profile.kinds';
import type { Row, Services } from './rest.services';
import { ownId, statedId, type Locator } from './rest.writing.locate';
import type { Looks } from './rest.writing.look';
import type { Matching } from './rest.writing.match';
import type { Task } from './rest.writing.task';

/** Ids by kind; a failure where one is needed and not there. */
export type Ids = Partial<Record<Kind, string | Failure>>;

export class RefFinder {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
		private readonly locator: Locator,
		private readonly matching: Matching,
	) {}

	/** The kinds that the profile's writing asks for; those of lines are `$product`'s. */
	asked({ body, create, update }: KindProfile): Kind[] {
		const text = JSON.stringify([body, create, update]);
		const named = [...text.matchAll(/\$ref\b(?:\s*\(\s*\\?["'](\w+))?/g)].map(([, name]) => name);
		const known = KINDS.filter((kind) => this.services.profile.kinds[kind]);
		return named.every((name) => name !== undefined) ? known.filter((kind) => named.includes(kind)) : known;
	}

	async find(tasks: readonly Task[], kinds: readonly Kind[]): Promise<Map<Task, Ids>> {
		const found = new Map(tasks.map((task): [Task, Ids] => [task, {}]));
		for (const kind of kinds) {
			for (const task of tasks) found.get(task)![kind] = this.stated(task.document, kind);
			await this.byKeys(tasks.filter((task) => found.get(task)![kind] === undefined), kind, found);
			if (kind === 'customer') await this.byVat(tasks.filter((task) => found.get(task)!.customer === undefined), found);
		}
		return found;
	}

	/** Without a call: an earlier step wrote it, or it comes from here. */
	private stated(document: Document, kind: Kind): string | undefined {
		if (document.kind === kind) return statedId(document, kind, this.services);
		const { credential, profile } = this.services;
		const ref = refTo(document, credential.installation, kind)?.id;
		if (ref) return ref;
		const own = [...keysOf(document, kind), ...(kind === 'customer' && 'customer' in document ? [document.customer?.link?.key] : [])];
		return own.map((key) => ownId(key, profile.kinds[kind]?.module, this.services)).find((id) => id !== undefined);
	}

	private async byKeys(tasks: readonly Task[], kind: Kind, found: Map<Task, Ids>): Promise<void> {
		const wanted = tasks.flatMap((task) => keysOf(task.document, kind).map((key) => ({ task, key })));
		const keys = [...new Set(wanted.map(({ key }) => key))];
		if (keys.length === 0) return;
		const rows = await this.rows(kind, keys);
		for (const { task, key } of wanted) {
			const row = rows.get(key);
			if (row instanceof Failure) found.get(task)![kind] ??= row;
			else if (row) found.get(task)![kind] ??= await this.looks.idOf(kind, row);
		}
	}

	private async rows(kind: Kind, keys: readonly string[]): Promise<Map<string, Row | Failure>> {
		const rows = new Map<string, Row | Failure>();
		const chosen = await Promise.all(keys.map(async (key) => await this.locator.chosenId(kind, key, key)));
		if (chosen[0] !== undefined) {
			const results = await this.looks.byId(kind, chosen.map((id) => id!));
			results.forEach((result, i) => set(rows, keys[i]!, result.ok ? result.value : result.failure));
		}
		const open = keys.filter((key) => !rows.has(key));
		if (open.length === 0 || !this.looks.offers(kind, 'key')) return rows;
		const results = await this.looks.by(kind, 'key', open);
		results.forEach((result, i) => set(rows, open[i]!, result.ok ? result.value[0] : result.failure));
		return rows;
	}

	/** A customer that was not written by a flow. */
	private async byVat(tasks: readonly Task[], found: Map<Task, Ids>): Promise<void> {
		const vatOf = ({ document }: Task): string | undefined => ('customer' in document ? document.customer?.vat : undefined);
		const vats = [...new Set(tasks.flatMap((task) => vatOf(task) ?? []))];
		const results = vats.length > 0 && this.looks.offers('customer', 'vat') ? await this.looks.by('customer', 'vat', vats) : [];
		for (const task of tasks) {
			const result = results[vats.indexOf(vatOf(task) ?? '')];
			const rows = result?.ok ? await this.matching.active('customer', result.value) : [];
			found.get(task)!.customer = result && !result.ok ? result.failure : rows.length === 1 ? await this.looks.idOf('customer', rows[0]!) : this.noCustomer(task, rows.length);
		}
	}

	private noCustomer({ document, record }: Task, count: number): Failure | undefined {
		const { name } = this.services.profile;
		const customer = 'customer' in document ? document.customer : undefined;
		if (!customer && keysOf(document, 'customer').length === 0) return 'lines' in document ? new Failure('rejected', 'It has no customer', { record, advice: 'Give it one where it comes from' }) : undefined;
		const who = customer ? `Its customer "${customer.name}"` : `Its customer (${keysOf(document, 'customer').join(', ')})`;
		if (count > 1) return new Failure('ambiguous', `${count} customers in ${name} have the VAT number ${customer?.vat}`, { record, advice: `Make one of them in ${name}` });
		return new Failure('missing', `${who} is not in ${name} yet`, { record, advice: 'Put the step "Customer: create or update" before this one' });
	}
}

function set(rows: Map<string, Row | Failure>, key: string, row: Row | Failure | undefined): void {
	if (row) rows.set(key, row);
}

/** The keys by which a document names a record of another kind. */
function keysOf(document: Document, kind: Kind): string[] {
	return [...new Set(namesOf(document, kind).filter((key): key is string => Boolean(key)))];
}

function namesOf(document: Document, kind: Kind): Array<string | undefined> {
	const sales = document.kind === 'quote' || document.kind === 'order' || document.kind === 'invoice';
	switch (kind) {
		case 'customer':
			return [sales ? document.customer?.key : undefined, document.kind === 'opportunity' ? document.customerKey : undefined, document.kind === 'invoice' ? document.customerSourceKey : undefined];
		case 'opportunity':
			return [sales ? document.opportunityKey : undefined];
		case 'quote':
			return [document.kind === 'quote' ? document.key : document.kind === 'order' ? document.quoteKey : undefined];
		case 'order':
			if (document.kind === 'invoice') return document.orders.flatMap(({ key, sourceKey }) => [sourceKey, key]);
			return [sales ? document.key : undefined, document.kind === 'order' ? document.quoteKey : undefined];
		case 'invoice':
			return [document.kind === 'invoice' ? document.reverses?.key : undefined];
		case 'product':
			return [];
	}
}
