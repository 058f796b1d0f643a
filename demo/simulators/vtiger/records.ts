// Owns create, retrieve, update, revise and delete of records without lines, and what documents share with them.
// Must not know: lines, totals, HTTP.
import { localTime } from './clock';
import { badId, denied, duplicate, type Json, missing, Refusal, type Row, unreadable } from './failure';
import { type Installation, readable } from './installation';
import { idParts, owner, reference, shownReference } from './references';
import { type Field, isEntityId, LINE_COLUMNS, type Version } from './schema';
import type { User } from './session';
import type { Stored } from './store';
import { currency, escaped, normalised, phpNumber, text, textOf } from './values';

/** Fields that the server alone writes; what is sent for them is ignored. */
const SERVER_FIELDS: ReadonlySet<string> = new Set([
	'id',
	'createdtime',
	'modifiedtime',
	'modifiedby',
	'label',
	'LineItems',
	'LineItems_FinalDetails',
	'starred',
	'isconvertedfromlead',
]);

/** The live record of an id, or the refusal vtiger gives: gone, another module's, another owner's. */
export function find(crm: Installation, user: User, id: string): Stored {
	const parts = idParts(id);
	const prefix = (/^\s*(\d+)x?/.exec(id) ?? [])[1];
	const module = prefix === undefined ? undefined : crm.store.moduleOfPrefix(prefix);
	if (!module) throw denied(' for id');
	if (!parts) throw /x/.test(id) && crm.version === '8.4.0' ? badId() : denied();
	const row = crm.store.get(`${parts.prefix}x${parts.number}`);
	const negative = parts.number < 0 && crm.version === '8.4.0';
	if (!row) throw negative || (isEntityId(module) && crm.store.entity(parts.number)) ? badId() : denied();
	if (module === 'Users' && !user.admin && row.id !== user.id) throw denied();
	if (!readable(crm, user, row)) throw unreadable();
	return row;
}

/** The record as `retrieve` shows it, without lines. */
export function shown(crm: Installation, user: User, row: Stored): Row {
	if (!isEntityId(row.module)) return { ...row.fields, id: row.id };
	const fields: Row = { ...row.fields };
	for (const field of fieldsOf(crm, row.module)) {
		if (field.type.name !== 'reference' || !(field.name in fields)) continue;
		fields[field.name] = shownReference(crm.store, fields[field.name] as Json, crm.version === '8.4.0' ? null : '');
	}
	if ('starred' in fields) fields['starred'] = starred(user, row);
	return { ...fields, id: row.id, label: labelOf(crm, row) };
}

/** `starred` is kept per user, and made by a save. */
export function starred(user: User, row: Stored): Json {
	return (row.savers ?? ['19x1']).includes(user.id) ? (row.fields['starred'] ?? '') : '';
}

/** The label is HTML-escaped, always. */
export function labelOf(crm: Installation, row: Stored): string {
	return escaped(row.label ?? plainLabel(crm, row.module, row.fields));
}

const LABEL_FIELD: Record<string, string> = { 'HelpDesk.title': 'ticket_title', 'Documents.title': 'notes_title' };

/** The label before escaping. */
export function plainLabel(crm: Installation, module: string, fields: Row): string {
	const names = crm.store.module(module)?.describe.labelFields.split(',') ?? [];
	return names
		.map((n) => textOf(fields[LABEL_FIELD[`${module}.${n}`] ?? n]))
		.join(' ')
		.trim();
}

/** Fields of the module's own record, without the line columns that describe lists. */
export function fieldsOf(crm: Installation, module: string): Field[] {
	return crm.store.module(module)?.describe.fields ?? [];
}

export const isBlank = (value: Json | undefined): boolean => value === undefined || value === null || value === '';

/** Refuses when a mandatory field has no value: all of them on create and update, only sent ones on revise. */
export function requireMandatory(crm: Installation, module: string, element: Row, sentOnly: boolean): void {
	for (const field of fieldsOf(crm, module)) {
		if (!field.mandatory || (sentOnly && !(field.name in element))) continue;
		if (isBlank(element[field.name])) throw missing(field.name);
	}
}

/** Creates a record: checks, number, values, times. Documents add their lines afterwards. */
export function createRecord(crm: Installation, user: User, module: string, element: Row): Stored {
	requireCreatable(crm, user, module, element);
	return storeNew(crm, user, module, element);
}

/** As `createRecord`, with the gap between check and storing in which another session's twin slips through. */
export async function createRacily(crm: Installation, user: User, module: string, element: Row): Promise<Stored> {
	requireCreatable(crm, user, module, element);
	await new Promise((resolve) => setTimeout(resolve, crm.saveGapMs));
	return storeNew(crm, user, module, element);
}

function requireCreatable(crm: Installation, user: User, module: string, element: Row): void {
	requireMandatory(crm, module, element, false);
	requireReferences(crm, module, element);
	requireUnique(crm, module, element);
	requireAssignable(crm, user, module, element);
}

function storeNew(crm: Installation, user: User, module: string, element: Row): Stored {
	const row = crm.store.insert(module);
	const time = localTime(crm.clock);
	assign(crm, row, element, 'create');
	Object.assign(row.fields, { createdtime: time, modifiedtime: time });
	if ('modifiedby' in row.fields) row.fields['modifiedby'] = user.id;
	// The forecast workflow of opportunities saves as administrator.
	row.savers = [module === 'Potentials' ? '19x1' : user.id];
	if ('creator' in row.fields) row.fields['creator'] = user.id;
	if (!isBlank(element['source'])) row.fields['source'] = textOf(element['source']);
	return row;
}

/** Changes the sent fields of a record. `update` insists on all mandatory fields, `revise` does not. */
export function changeRecord(crm: Installation, user: User, element: Row, how: 'update' | 'revise'): Stored {
	const row = find(crm, user, elementId(element, crm.version));
	requireMandatory(crm, row.module, element, how === 'revise');
	requireReferences(crm, row.module, element);
	requireUnique(crm, row.module, element, row);
	assign(crm, row, element, how);
	touch(crm, user, row);
	return row;
}

/** The id in an element; none is no id at all. */
export function elementId(element: Row, version: Version): string {
	if (isBlank(element['id'])) throw version === '8.4.0' ? badId() : denied(' for id');
	return textOf(element['id']);
}

/** The width of the label's column; the label is made from what was sent, before that is cut to its own. */
const LABEL_WIDTH = 255;

/** Every save moves modifiedtime, also one that changes nothing. */
export function touch(crm: Installation, user: User, row: Stored): void {
	row.fields['modifiedtime'] = localTime(crm.clock);
	if ('modifiedby' in row.fields) row.fields['modifiedby'] = user.id;
}

/** Deletes; an account takes its opportunities and quotes with it, other records only lose the link. */
export function deleteRecord(crm: Installation, user: User, id: string): Json {
	const row = find(crm, user, id);
	if (row.module === 'Users' && !user.admin) throw denied();
	remove(crm, row);
	row.fields['modifiedtime'] = localTime(crm.clock);
	return { status: 'successful' };
}

const CASCADE: Record<string, string> = { Potentials: 'related_to', Quotes: 'account_id' };

function remove(crm: Installation, row: Stored): void {
	row.deleted = true;
	row.deletedTime = localTime(crm.clock);
	if (row.module !== 'Accounts') return;
	for (const [module, field] of Object.entries(CASCADE))
		for (const child of crm.store.list(module)) if (child.fields[field] === row.id) child.deleted = true;
}

function requireReferences(crm: Installation, module: string, element: Row): void {
	for (const field of fieldsOf(crm, module)) {
		const value = element[field.name];
		if (field.type.name === 'reference' && !isBlank(value) && !SERVER_FIELDS.has(field.name) && !LINE_COLUMNS.includes(field.name))
			reference(crm.store, field, value as Json, crm.version);
	}
}

/** Only fields that describe as `isunique` (accountname in a stock installation); case does not matter. */
function requireUnique(crm: Installation, module: string, element: Row, self?: Stored): void {
	for (const field of fieldsOf(crm, module)) {
		if (!field.isunique || isBlank(element[field.name])) continue;
		const wanted = textOf(element[field.name]).trim().toLowerCase();
		const twin = crm.store.list(module).find((r) => r !== self && textOf(r.fields[field.name]).toLowerCase() === wanted);
		if (twin) throw duplicate();
	}
}

/** 8.0.0 refuses what 8.4.0 allows: with private sharing, a record for another user. */
function requireAssignable(crm: Installation, user: User, module: string, element: Row): void {
	if (crm.version === '8.4.0' || user.admin || !crm.privateModules.has(module)) return;
	const target = textOf(element['assigned_user_id']);
	if (target.startsWith('19x') && target !== user.id) throw new Refusal('ACCESS_DENIED', 'Cannot assign record to the given user');
}

/** Writes the sent values; unknown and read-only fields are ignored without a word. */
function assign(crm: Installation, row: Stored, element: Row, how: 'create' | 'update' | 'revise'): void {
	const blank = crm.store.module(row.module)?.blank ?? {};
	for (const field of fieldsOf(crm, row.module)) {
		if (!(field.name in element) || !(field.name in blank) || SERVER_FIELDS.has(field.name)) continue;
		if (/^(tax|currency)\d+$/.test(field.name)) continue;
		if (field.name === 'source' || (field.editable === false && field.type.name !== 'datetime')) continue;
		const value = element[field.name] as Json;
		if (field.type.name === 'owner') row.fields[field.name] = owner(crm.store, value);
		else if (field.type.name === 'reference') assignReference(crm, row, field, value, how);
		else row.fields[field.name] = normalised(row.module, field, value, blank[field.name], crm.version);
	}
	afterSave(row, how, crm.version);
	row.label = plainLabel(crm, row.module, {
		...row.fields,
		...Object.fromEntries(Object.entries(element).map(([k, v]) => [k, text(v, crm.version)])),
	}).slice(0, LABEL_WIDTH);
}

/** On update an empty reference is dropped (it cannot be cleared that way), on revise it clears. */
function assignReference(crm: Installation, row: Stored, field: Field, value: Json, how: 'create' | 'update' | 'revise'): void {
	if (!isBlank(value)) row.fields[field.name] = reference(crm.store, field, value, crm.version);
	else if (how !== 'update' || isBlank(row.fields[field.name])) row.fields[field.name] = emptyReference(crm, row.module, field.name, how);
}

/** References kept as text in the database: once written empty they read back as "" instead of null. */
const TEXT_REFERENCES: ReadonlySet<string> = new Set([
	'Assets.invoiceid',
	'Assets.contact',
	'HelpDesk.contact_id',
	'ModComments.parent_comments',
	'ModComments.customer',
	'ModComments.userid',
]);

function emptyReference(crm: Installation, module: string, field: string, how: 'create' | 'update' | 'revise'): Json {
	if (how !== 'create' && TEXT_REFERENCES.has(`${module}.${field}`)) return '';
	return crm.store.module(module)?.blank[field] ?? null;
}

/** What the shipped workflows and save handlers work out from other fields. */
function afterSave(row: Stored, how: 'create' | 'update' | 'revise', version: Version): void {
	const { fields } = row;
	if (row.module === 'Potentials') fields['forecast_amount'] = currency((phpNumber(fields['amount']) * phpNumber(fields['probability'])) / 100, 2);
	const priced = row.module === 'Products' || (row.module === 'Services' && version === '8.0.0');
	if (priced && how === 'create') fields['currency1'] = phpNumber(fields['unit_price']);
	if (row.module === 'Products' && version === '8.0.0' && how === 'revise') losePrices(fields);
}

/** Reference section 5: on 8.0.0 any revise of a product deletes its tax rows and currency prices. */
function losePrices(fields: Row): void {
	for (const name of Object.keys(fields)) if (/^tax\d+$/.test(name)) delete fields[name];
	fields['currency1'] = 0;
}
