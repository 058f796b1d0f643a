// Owns the check of what a user wants to write against the published properties, and its form on the wire. 1C itself takes
// unknown names and wrong types in silence (reference 6), so what is wrong is told here, before sending. No network.
import { Failure } from '../core/failure';
import { isRecord } from '../core/mapping';
import { nearest } from '../core/patch';
import { EMPTY_GUID, isGuid } from './onec.literals';
import type { Properties, Property } from './onec.metadata';
import { wallClock } from './onec.values';

export interface Target {
	/** How messages name what is written: a set, with the table part and row where it is one. */
	name: string;
	properties: Properties;
	/** IANA zone of the infobase: times with a zone are converted to it, because 1C keeps wall clock time (reference 3). */
	timeZone: string;
}

const EMPTY_DATE = '0001-01-01T00:00:00';
/** What stands in an answer and cannot be written: read back with the rest, it is left out. */
const ARTEFACT = /____Presentation$|^Presentation$|@navigationLinkUrl$|^odata\./;
/** What operations of ours add to a record that they give: not meant for 1C when it comes back. */
const OURS = new Set(['outcome', 'key', 'note']);
/** The highest whole number that JSON's numbers hold exactly. */
const SAFE_DIGITS = 15;

/**
 * The body of a write. Table parts are whole lists of rows, numbered here: 1C wants `LineNumber` from 1 without gaps
 * (reference 6).
 *
 * @throws Failure `rejected` that names the property, and the one that may be meant
 */
export function prepare(values: Readonly<Record<string, unknown>>, target: Target): Record<string, unknown> {
	const body: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(values)) {
		if (value === undefined || ARTEFACT.test(name)) continue;
		if (name === 'Posted') throw new Failure('rejected', `${target.name}: "Posted" is not written`, { advice: 'Use the operations "Post" and "Unpost": a written flag would leave the registers as they are' });
		const bound = /^(.+)@odata\.(?:bind|type)$/.exec(name)?.[1];
		const property = target.properties.get(bound ?? name);
		if (!property && OURS.has(name)) continue;
		if (!property) throw unknown(name, target);
		body[name] = bound === undefined ? write(value, property, target) : value;
	}
	completeTypes(body, target);
	return body;
}

/** Rows of a table part, numbered from 1 in their order. */
export function prepareRows(rows: readonly unknown[], part: string, properties: Properties, target: Target): Array<Record<string, unknown>> {
	return rows.map((row, index) => {
		const name = `${target.name}, ${part}, row ${index + 1}`;
		if (!isRecord(row)) throw new Failure('rejected', `${name} is not an object`, { advice: 'Each row is an object with the columns by name' });
		// Rows read from a list repeat the owner's Ref_Key (reference 3).
		const { LineNumber: _old, Ref_Key: _owner, ...columns } = row;
		const prepared = prepare(columns, { ...target, name, properties });
		return properties.has('LineNumber') || properties.size === 0 ? { LineNumber: String(index + 1), ...prepared } : prepared;
	});
}

/** Standard attributes have English names in OData, whatever the configuration's language (reference 2). */
const STANDARD: Record<string, string> = {
	Наименование: 'Description', Код: 'Code', Номер: 'Number', Дата: 'Date', Ссылка: 'Ref_Key', ПометкаУдаления: 'DeletionMark', Родитель: 'Parent_Key', Владелец: 'Owner_Key', ЭтоГруппа: 'IsFolder', НомерСтроки: 'LineNumber',
	Период: 'Period', Регистратор: 'Recorder', Активность: 'Active', ВидДвижения: 'RecordType', ВерсияДанных: 'DataVersion', Значение: 'Value',
};

function unknown(name: string, { name: where, properties }: Target): Failure {
	const known = [...properties.keys()];
	const near = known.find((property) => property === `${name}_Key` || property === STANDARD[name]) ?? nearest(name, known);
	const list = known.length > 40 ? `${known.slice(0, 40).join(', ')}, ...` : known.join(', ');
	return new Failure('rejected', `${where} has no property "${name}"`, { advice: near ? `Did you mean "${near}"? Nothing was written` : `Nothing was written. It has: ${list}` });
}

function write(value: unknown, property: Property, target: Target): unknown {
	const { type, rows } = property;
	if (rows) {
		if (Array.isArray(value)) return prepareRows(value, property.name, rows, target);
		throw new Failure('rejected', `${target.name}: the table part "${property.name}" is not a list of rows`, { advice: 'Give all rows as a JSON list; they replace those that are there' });
	}
	const convert = CONVERT[type];
	if (!convert) return value;
	const written = convert(value ?? '', target.timeZone);
	if (written !== undefined) return written;
	throw new Failure('rejected', `${target.name}: ${JSON.stringify(value)} does not fit "${property.name}"`, { advice: `Expected ${EXPECTED[type] ?? type}. Nothing was written` });
}

const EXPECTED: Record<string, string> = {
	Guid: 'a Ref_Key such as 8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f, or nothing',
	Boolean: 'true or false',
	DateTime: 'a date such as 2026-10-01 or 2026-10-01T12:00:00',
	Double: 'a number',
	Int16: 'a whole number',
	Int32: 'a whole number',
	Int64: 'a whole number',
	String: 'a text',
};

/** By type: the value as 1C's JSON has it, or nothing when it does not fit. An empty text clears (reference 3). */
const CONVERT: Record<string, (value: unknown, timeZone: string) => unknown> = {
	Guid: (value) => (value === '' ? EMPTY_GUID : isGuid(value) ? value : undefined),
	Boolean: (value) => (typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' || value === '' ? false : undefined),
	DateTime: (value, timeZone) => (value === '' ? EMPTY_DATE : typeof value === 'string' ? wallClock(value, timeZone) : value instanceof Date ? wallClock(value.toISOString(), timeZone) : undefined),
	Double: number,
	Int16: whole,
	Int32: whole,
	Int64: (value) => (value === '' ? '0' : /^-?\d+$/.test(String(value)) ? String(value) : undefined),
	String: (value) => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined),
};

/** Decimal text becomes the JSON number that 1C expects; what a JSON number would not hold exactly does not fit. */
function number(value: unknown): number | undefined {
	if (value === '') return 0;
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value.trim())) return undefined;
	return value.replace(/^-?0*|\D/g, '').length <= SAFE_DIGITS ? Number(value) : undefined;
}

function whole(value: unknown): number | undefined {
	const read = number(value);
	return read !== undefined && Number.isInteger(read) ? read : undefined;
}

/**
 * A reference of several types is a pair: without the type beside it 1C keeps the old one, or nothing. The name of a set
 * is enough here: `Document_X` becomes `StandardODATA.Document_X`.
 */
function completeTypes(body: Record<string, unknown>, { name: where, properties }: Target): void {
	for (const name of Object.keys(body)) {
		const type = `${name}_Type`;
		if (!properties.has(type) || properties.get(name)?.type !== 'String') continue;
		const given = body[type];
		if (given === undefined || given === '') {
			if (body[name] === '') body[type] = 'StandardODATA.Undefined';
			else if (isGuid(body[name])) throw new Failure('rejected', `${where}: "${name}" may point to several kinds of objects, and "${type}" is not given`, { advice: `Add "${type}", e.g. StandardODATA.Document_ЗаказКлиента` });
		} else if (typeof given === 'string' && /^[A-Z]\w*_/.test(given) && !given.startsWith('UnavailableEntities')) body[type] = `StandardODATA.${given}`;
	}
}
