// Owns relations: which there are, reading along them, adding to them.
// Must not know: HTTP, sessions.
import { type Json, Refusal, type Row } from './failure';
import type { Installation } from './installation';
import { visibleModule } from './metadata';
import { runQuery } from './query.evaluate';
import { find } from './records';
import type { User } from './session';
import type { Stored } from './store';

/** Related lists as recorded: label -> module. Modules that were not recorded have those their reference fields make. */
const RELATIONS: Record<string, Array<[label: string, module: string]>> = {
	Accounts: [
		['Contacts', 'Contacts'],
		['Potentials', 'Potentials'],
		['Quotes', 'Quotes'],
		['Sales Order', 'SalesOrder'],
		['Invoice', 'Invoice'],
		['Activities', 'Calendar'],
		['Emails', 'Emails'],
		['Activity History', 'Calendar'],
		['Documents', 'Documents'],
		['HelpDesk', 'HelpDesk'],
		['Products', 'Products'],
		['Campaigns', 'Campaigns'],
		['PBXManager', 'PBXManager'],
		['Service Contracts', 'ServiceContracts'],
		['Services', 'Services'],
		['Projects', 'Project'],
		['ModComments', 'ModComments'],
		['Assets', 'Assets'],
	],
	Quotes: [
		['Sales Order', 'SalesOrder'],
		['Activities', 'Calendar'],
		['Documents', 'Documents'],
		['Activity History', 'Calendar'],
		['ModComments', 'ModComments'],
	],
	Potentials: [
		['Products', 'Products'],
		['Contacts', 'Contacts'],
		['Quotes', 'Quotes'],
		['Sales Order', 'SalesOrder'],
		['Documents', 'Documents'],
	],
	SalesOrder: [
		['Invoice', 'Invoice'],
		['Documents', 'Documents'],
	],
	PriceBooks: [['Products', 'Products']],
};
/** The order in which types are listed differs from that of the labels where an activity appears twice. */
const TYPES: Record<string, string[]> = {
	Accounts: [
		'Contacts',
		'Potentials',
		'Quotes',
		'SalesOrder',
		'Invoice',
		'Calendar',
		'Emails',
		'Calendar',
		'Documents',
		'HelpDesk',
		'Products',
		'Campaigns',
		'PBXManager',
		'ServiceContracts',
		'Services',
		'Project',
		'ModComments',
		'Assets',
	],
};

const unknownRelation = (): Refusal => new Refusal('UNKOWN_ENTITY', 'Relation specified is incorrect');

export function relatedTypes(crm: Installation, user: User, name: string): Json {
	visibleModule(crm.store, user, name);
	const relations = (RELATIONS[name] ?? []).filter(([, module]) => !(crm.version === '8.0.0' && name === 'Quotes' && module === 'ModComments'));
	return {
		types: TYPES[name] ?? relations.map(([, module]) => module),
		information: Object.fromEntries(relations.map(([label, module]) => [label, { name: module, label, isEntity: '1' }])),
	};
}

/** `retrieve_related`: rows as a `select *` shows them. */
export function retrieveRelated(crm: Installation, user: User, id: string, type: string, label: string): Json {
	const source = find(crm, user, id);
	requireRelation(source, type, label);
	return runQuery(crm, user, `select * from ${type};`, (row) => isRelated(crm, source, row));
}

/** `query_related`: the query comes without `;`, with its WHERE in capitals; the extra filter is ignored. */
export function queryRelated(crm: Installation, user: User, id: string, query: string, label: string): Json {
	const source = find(crm, user, id);
	if (/\bwhere\b/.test(query))
		throw new Refusal('QUERY_SYNTAX_ERROR', "Syntax Error on line 1: token 'WHERE' Unexpected WHERE(WHERE), expected one of: ");
	const type = /\bfrom\s+(\S+)/i.exec(query)?.[1] ?? '';
	requireRelation(source, type, label);
	return runQuery(crm, user, `${query};`, (row) => isRelated(crm, source, row));
}

function requireRelation(source: Stored, type: string, label: string): void {
	if (!(RELATIONS[source.module] ?? []).some(([name, module]) => name === label && module === type)) throw unknownRelation();
}

function isRelated(crm: Installation, source: Stored, row: Stored): boolean {
	if ((source.related ?? []).includes(row.id)) return true;
	const fields = crm.store.module(row.module)?.describe.fields ?? [];
	return fields.some((f) => f.type.name === 'reference' && f.type.refersTo?.includes(source.module) && row.fields[f.name] === source.id);
}

/** `add_related`; doing it twice changes nothing. Price books say yes, but store nothing. */
export function addRelated(crm: Installation, user: User, source: string, relatedIds: string): Json {
	const row = find(crm, user, source);
	for (const id of relatedIds.split(',')) {
		const related = find(crm, user, id);
		if (row.module !== 'PriceBooks') row.related = [...new Set([...(row.related ?? []), related.id])];
	}
	return { message: 'successfull' } satisfies Row;
}
