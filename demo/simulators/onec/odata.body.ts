// Owns what the service makes of the properties it was sent: which it takes, bends, drops without a word or refuses (reference 6).
// Must not know: requests, what is done with the row.
import Big from 'big.js';
import { badValue, internal, wrongValue } from './errors';
import { type EntitySet, type Property, rowsOf } from './edmx.model';
import { isComposite } from './odata.resolve';
import type { Store } from './store';
import { type Row, TYPE_PREFIX, UNDEFINED, type Value, emptyOf, isDate, isGuid, text } from './values';

type Fields = Readonly<Record<string, unknown>>;

/** Properties nobody can write. */
const READ_ONLY: ReadonlySet<string> = new Set(['DataVersion', 'Predefined', 'PredefinedDataName']);

/** What was sent: in JSON a number must be one, Atom knows only text. */
export interface Edited {
	fields: Fields;
	edit: 'json' | 'atom';
}

/** The row of what was sent; `before` is what stands there, for the values that stay. Unknown properties are dropped without a word. */
export function accept(store: Store, set: EntitySet, { fields, edit }: Edited, before?: Row): Row {
	const bound = bind(set, fields);
	const row: Row = {};
	for (const property of set.properties) {
		const value = bound[property.name];
		if (value === undefined || READ_ONLY.has(property.name)) continue;
		const taken = property.type === 'collection' ? rows(store, set, property.name, { value, edit }) : scalar(property, value, edit);
		if (taken !== undefined) row[property.name] = taken;
	}
	for (const { name } of set.properties) if (row[name] !== undefined && isComposite(set, name)) composite(store, name, row, before);
	return row;
}

/** `"X@odata.bind": "Catalog_Y(guid'...')"` stands for `X_Key`, or for a composite `X` and its type. */
function bind(set: EntitySet, fields: Fields): Fields {
	const found: Record<string, unknown> = { ...fields };
	for (const [name, value] of Object.entries(fields)) {
		const match = name.endsWith('@odata.bind') ? /([\p{L}\p{N}_]+)\(guid'([^']*)'\)$/u.exec(String(value)) : null;
		if (!match) continue;
		const own = name.slice(0, -'@odata.bind'.length);
		if (isComposite(set, own)) Object.assign(found, { [own]: match[2], [`${own}_Type`]: TYPE_PREFIX + (match[1] ?? '') });
		else found[`${own}_Key`] = match[2];
	}
	return found;
}

/** A table part: replaced as a whole, rows numbered from 1 without gaps. */
function rows(store: Store, owner: EntitySet, name: string, { value, edit }: { value: unknown; edit: Edited['edit'] }): Row[] {
	const definition = rowsOf(store.model, owner, name);
	if (edit === 'atom' && value === '') return [];
	if (!Array.isArray(value) || !definition) throw internal();
	return value.map((one: unknown, i) => {
		if (typeof one !== 'object' || one === null || Array.isArray(one)) throw internal();
		const { LineNumber } = one as Fields;
		if (LineNumber === undefined) throw internal();
		if (String(LineNumber) !== String(i + 1)) throw wrongValue('LineNumber');
		return accept(store, definition, { fields: one as Fields, edit });
	});
}

/** One value; undefined: the old one stays. */
function scalar(property: Property, value: unknown, edit: Edited['edit']): Value | undefined {
	if (value === null) return emptyOf(property.type);
	if (typeof value === 'object') throw internal();
	const given = value as string | number | boolean;
	switch (property.type) {
		case 'Edm.Guid':
			if (typeof given !== 'string' || !isGuid(given)) throw badValue(String(given), 'Edm.Guid');
			return given.toLowerCase();
		case 'Edm.Boolean':
			if (typeof given !== 'boolean') throw badValue(String(given), 'Edm.Boolean');
			return given;
		case 'Edm.DateTime':
			return date(given);
		case 'Edm.Int64':
			// Text that is no number changes nothing and says nothing.
			return /^-?\d+$/.test(String(given)) ? String(given) : undefined;
		case 'Edm.String':
		case 'Edm.Binary':
		case 'Edm.Stream':
			return String(given);
		default:
			return number(property, edit === 'atom' && /^-?\d+(\.\d+)?$/.test(String(given)) ? Number(given) : given);
	}
}

/** No zone conversion ever: what stands after the seconds is cut off. */
function date(given: string | number | boolean): string {
	const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?$/.exec(String(given));
	if (!match?.[1] || !isDate(match[1])) throw badValue(String(given), 'Edm.DateTime');
	return match[1];
}

function number({ type, scale }: Property, given: string | number | boolean): number {
	if (typeof given !== 'number') throw badValue(String(given), type);
	const digits = type === 'Edm.Double' ? scale : 0;
	return digits === undefined ? given : new Big(given).round(digits, Big.roundHalfUp).toNumber();
}

/** A composite needs its type; a reference must be a guid, of whatever object. */
function composite(store: Store, name: string, row: Row, before: Row | undefined): void {
	const typeName = `${name}_Type`;
	const type = text(row, typeName) || text(before, typeName);
	const value = row[name];
	if (type === '' || type === UNDEFINED) Object.assign(row, { [name]: '', [typeName]: UNDEFINED });
	else if (store.definition(type.replace(TYPE_PREFIX, '')) && typeof value === 'string' && value !== '' && !isGuid(value)) throw badValue(value, 'Edm.Guid');
	else if (typeof value === 'string' && isGuid(value)) row[name] = value.toLowerCase();
}
