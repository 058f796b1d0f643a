// Owns the port's verbs for vtiger: which part of this folder does what. Implements `Connector`; no protocol here.
import { type Document, type DocumentOf, type Kind, plural } from '../core/documents';
import { Failure } from '../core/failure';
import type { Capabilities, ChangeSet, ChangesQuery, Connector, ItemResult, LinkRequest, ListQuery, Records, UpsertOptions } from '../core/port';
import { NOT_A_RESULT } from './vtiger.answers';
import { Changes, emptyFieldNotes } from './vtiger.changes';
import { Customers } from './vtiger.customers';
import { Reader } from './vtiger.documents';
import { idOf, type Row } from './vtiger.gateway';
import { Invoices } from './vtiger.invoices';
import { Links, missingFieldsNote } from './vtiger.links';
import { MODULES, NUMBER_FIELDS } from './vtiger.mapping';
import { Opportunities } from './vtiger.opportunities';
import { Orders } from './vtiger.orders';
import { Products } from './vtiger.products';
import { literal, PAGE_ROWS } from './vtiger.query';
import { ModuleRecords } from './vtiger.records';
import type { Site } from './vtiger.site';
import { inTurn, side } from './vtiger.turns';

export const capabilities: Capabilities = {
	name: 'vtiger',
	kinds: {
		customer: ['get', 'list', 'upsert', 'link', 'changes'],
		product: ['get', 'list', 'upsert', 'changes'],
		opportunity: ['get', 'list', 'upsert', 'transition', 'changes'],
		quote: ['get', 'list', 'link', 'changes', 'pending'],
		order: ['get', 'list', 'upsert', 'link', 'changes', 'pending'],
		invoice: ['get', 'list', 'upsert', 'link', 'changes'],
	},
	transitions: { opportunity: ['won', 'lost'] },
	pending: { quote: ['accepted'], order: ['confirmed'] },
};

const AT_ONCE = 4;
/** Modules that the flows write link fields to; their absence is told by the credential test. */
const LINKED = ['Quotes', 'SalesOrder', 'Invoice', 'Accounts'] as const;

export class VtigerConnector implements Connector {
	readonly capabilities = capabilities;
	readonly records: Records;
	private readonly lists: ModuleRecords;
	private readonly reader: Reader;
	private readonly changes: Changes;
	private readonly links: Links;

	constructor(private readonly site: Site) {
		this.lists = new ModuleRecords(site);
		this.records = this.lists;
		this.reader = new Reader(site);
		this.changes = new Changes(site, this.reader);
		this.links = new Links(site);
	}

	async check(): Promise<{ version: string; user: string; notes: string[] }> {
		this.site.gateway.session.forget();
		const login = await this.site.gateway.session.login().catch((error: unknown) => {
			throw this.addressFailure(error);
		});
		const notes: string[] = [];
		for (const module of LINKED) notes.push(...missingFieldsNote(module, await this.site.metadata.linkFields(module)));
		notes.push(...(await emptyFieldNotes(this.site, 'Quotes', (await this.site.metadata.linkFields('Quotes')).status)));
		notes.push(...(await this.zoneNotes()));
		return { version: login.version, user: login.user, notes };
	}

	/** The newest change cannot lie in the future: if it does, the zone in the credential is not the server's. */
	private async zoneNotes(): Promise<string[]> {
		const [newest] = await this.site.gateway.query('select id,modifiedtime from Accounts order by modifiedtime desc limit 1;');
		const changed = newest && this.site.time.toUtc(String(newest.modifiedtime));
		const now = await this.site.gateway.session.serverNow();
		if (!changed || Date.parse(changed) <= now + 60_000) return [];
		return [`By the zone ${this.site.time.zone} the newest record was changed ${Math.round((Date.parse(changed) - now) / 60_000)} minutes in the future: enter the zone of vtiger's server in the credential`];
	}

	private addressFailure(error: unknown): unknown {
		if (!(error instanceof Failure) || error.code !== NOT_A_RESULT.page) return error;
		return new Failure('denied', `The address ${this.site.baseUrl} answers with a web page, not as vtiger's web service`, { code: error.code, said: error.what, advice: 'Enter the address at which you open vtiger in the browser, without "index.php"' });
	}

	async get<K extends Kind>(kind: K, ref: string): Promise<DocumentOf<K>> {
		const number = /^number:(.+)$/s.exec(ref)?.[1]?.trim();
		const id = number === undefined ? ref.trim() : await this.idByNumber(kind, number);
		await this.checkId(kind, id);
		const [document] = await this.documents(kind, [await this.site.gateway.retrieve(id)]);
		return document!;
	}

	/** The id behind a number that people see. Numbers are not unique under load (reference 5). */
	private async idByNumber(kind: Kind, number: string): Promise<string> {
		const found: string[] = [];
		for (const module of modulesOf(kind)) {
			const or = [NUMBER_FIELDS[module]!, ...(module === 'Products' ? ['productcode'] : [])].map((field) => `${field}=${literal(number)}`);
			found.push(...(await this.site.gateway.query(`select id from ${module} where ${or.join(' or ')};`)).map(idOf));
			if (found.length > 0) break;
		}
		if (found.length === 1) return found[0]!;
		if (found.length === 0) throw new Failure('missing', `The CRM has no ${kind} with the number ${number}`, { advice: 'Check the number, and the rights of the user in the credential' });
		throw new Failure('ambiguous', `The CRM has ${found.length} ${plural(kind)} with the number ${number}: ${found.join(', ')}`, { advice: 'Choose one by its id' });
	}

	private async checkId(kind: Kind, id: string): Promise<void> {
		if (/^\d+x\d+$/.test(id) && (await this.site.metadata.moduleOfId(id, modulesOf(kind)))) return;
		const { idPrefix } = await this.site.metadata.module(MODULES[kind]);
		throw new Failure('rejected', `"${id}" is not the id of a ${kind}`, { advice: `Ids of ${MODULES[kind]} look like ${idPrefix}x42; or give the number` });
	}

	async *list<K extends Kind>(kind: K, query: ListQuery): AsyncGenerator<Array<DocumentOf<K>>> {
		const byRetrieve = kind !== 'customer' && kind !== 'opportunity';
		let given = 0;
		for (const module of modulesOf(kind)) {
			const condition = await this.condition(module, query);
			const rows = query.limit === undefined ? PAGE_ROWS : Math.min(query.limit - given, PAGE_ROWS);
			for await (const page of this.site.gateway.pages(byRetrieve ? ['id'] : '*', module, condition ? [condition] : [], rows)) {
				const wanted = query.limit === undefined ? page : page.slice(0, query.limit - given);
				given += wanted.length;
				yield await this.documents(kind, byRetrieve ? await this.whole(wanted) : wanted);
				if (query.limit !== undefined && given >= query.limit) return;
			}
		}
	}

	/** Lines of documents and taxes of products are shown by `retrieve` only. */
	private async whole(rows: readonly Row[]): Promise<Row[]> {
		const records = await side(rows, AT_ONCE, (row) => this.site.gateway.retrieveIfThere(idOf(row)));
		return records.filter((record): record is Row => record !== undefined);
	}

	private async condition(module: string, { modifiedSince, where }: ListQuery): Promise<string> {
		const link = await this.site.metadata.linkFields(module);
		const fields: Record<string, string | undefined> = { number: NUMBER_FIELDS[module], ...SEARCHED[module], 'link.key': link.key, 'link.number': link.number, 'link.status': link.status };
		const equal = Object.entries(where ?? {}).map(([name, value]) => {
			const field = fields[name];
			if (field) return `${field}=${literal(value)}`;
			throw new Failure('rejected', `vtiger's ${module} cannot be searched by "${name}"`, { advice: `Known: ${Object.keys(fields).filter((known) => fields[known]).join(', ')}` });
		});
		return [...(modifiedSince ? [`modifiedtime>=${literal(this.site.time.lowestLocal(modifiedSince))}`] : []), ...equal].join(' and ');
	}

	async upsert(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		if (documents.length === 0) return [];
		// vtiger has no unique index on keys: between looking up and creating nobody else may come (within this process).
		return await inTurn(`upsert ${kind} ${this.site.baseUrl}`, async () => await this.upsertKind(kind, documents, options));
	}

	private async upsertKind(kind: Kind, documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		if (kind === 'order') return await new Orders(this.site).upsert(documents, options);
		if (kind === 'invoice') return await new Invoices(this.site).upsert(documents, options);
		if (kind === 'customer') return await new Customers(this.site).upsert(documents, options);
		if (kind === 'product') return await new Products(this.site).upsert(documents, options);
		if (kind === 'opportunity') return await new Opportunities(this.site).upsert(documents, options);
		throw new Failure('rejected', `vtiger cannot take over a ${kind} from another system`, { advice: 'Quotes are made in the CRM' });
	}

	async transition(kind: Kind, documents: readonly Document[], state: string): Promise<ItemResult[]> {
		if (kind === 'opportunity') return await new Opportunities(this.site).transition(documents, state);
		throw new Failure('rejected', `vtiger cannot move a ${kind} to "${state}"`);
	}

	async link(requests: readonly LinkRequest[]): Promise<ItemResult[]> {
		return await this.links.write(requests);
	}

	async changesSince(kind: Kind, query: ChangesQuery): Promise<ChangeSet> {
		return await this.changes.since(kind, query);
	}

	async pending(kind: Kind, state: string, query: { limit: number; skip: ReadonlySet<string> }): Promise<Document[]> {
		return await this.changes.pending(kind, state, query);
	}

	moduleOf(kind: Kind): string {
		return MODULES[kind];
	}

	async choices(list: string): Promise<Array<{ name: string; value: string; description?: string }>> {
		return await this.lists.choices(list);
	}

	/** The documents of one kind; `documents` gives exactly that kind, which its type cannot say. */
	private async documents<K extends Kind>(kind: K, records: readonly Row[]): Promise<Array<DocumentOf<K>>> {
		const documents = await this.reader.documents(kind, records);
		return documents.filter((document): document is DocumentOf<K> => document.kind === kind);
	}
}

/** Header fields by canonical name that a list can be narrowed by, beside number and link. */
const SEARCHED: Record<string, Record<string, string>> = {
	Accounts: { name: 'accountname', email: 'email1', phone: 'phone' },
	Products: { name: 'productname', code: 'productcode' },
	Services: { name: 'servicename', code: 'service_no' },
	Potentials: { name: 'potentialname', stage: 'sales_stage' },
	Quotes: { subject: 'subject', stage: 'quotestage' },
	SalesOrder: { subject: 'subject', stage: 'sostatus' },
	Invoice: { subject: 'subject', stage: 'invoicestatus' },
};

/** The modules that hold a kind: services are products of a module of their own. */
function modulesOf(kind: Kind): string[] {
	return kind === 'product' ? ['Products', 'Services'] : [MODULES[kind]];
}
