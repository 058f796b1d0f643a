// Owns the form of each field type on the wire, in and out.
// Must not know: which model a field belongs to, calls.
import { isDate, isDatetime, wireStamp } from './clock';
import { OdooError, valueError } from './failure';
import type { Json, Row } from './json';
import { idList } from './json';
import { pair } from './names';
import { pyRepr } from './python';
import type { Field } from './schema';
import type { Env } from './world';

/** A value as the client sent it, made into what is stored. x2many commands are handled by the caller. */
export function toStored(env: Env, model: string, field: Field, value: Json): Json {
	if (value === null) value = false;
	switch (field.type) {
		case 'integer':
		case 'many2one_reference':
			return toInteger(value);
		case 'float':
		case 'monetary':
			return toFloat(env, field, value);
		case 'boolean':
			return Boolean(value);
		case 'date':
			return toDate(value);
		case 'datetime':
			return toDatetime(value);
		case 'selection':
			return toSelection(model, field, value);
		case 'many2one':
			return toMany2one(env, value);
		case 'char':
		case 'text':
		case 'html':
			return toText(field, value);
		default:
			return value;
	}
}

function toInteger(value: Json): Json {
	if (value === false || value === '') return 0;
	if (typeof value === 'number') return Math.trunc(value);
	if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
	if (value === true) return 1;
	throw valueError(`invalid literal for int() with base 10: ${pyRepr(value)}`);
}

function toFloat(_env: Env, _field: Field, value: Json): Json {
	if (value === false || value === '') return 0;
	if (typeof value === 'number') return value;
	if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
	throw valueError(`could not convert string to float: ${pyRepr(value)}`);
}

function toDate(value: Json): Json {
	if (value === false || value === '') return false;
	const text = String(value);
	const day = text.length > 10 ? text.slice(0, 10) : text;
	if (!isDate(day)) throw valueError(`time data ${pyRepr(text)} does not match format '%Y-%m-%d'`);
	return day;
}

function toDatetime(value: Json): Json {
	if (value === false || value === '') return false;
	const text = String(value);
	if (isDate(text)) return `${text} 00:00:00`;
	if (isDatetime(text)) return text;
	if (isDatetime(text.slice(0, 19)) && text.length > 19 && text[10] === ' ') throw valueError(`unconverted data remains: ${text.slice(19)}`);
	throw valueError(`time data ${pyRepr(text)} does not match format '%Y-%m-%d %H:%M:%S'`);
}

function toSelection(model: string, field: Field, value: Json): Json {
	if (value === false || value === '') return false;
	const known = field.selection?.some(([key]) => key === String(value)) ?? true;
	if (!known) throw valueError(`Wrong value for ${model}.${field.name}: ${pyRepr(value)}`);
	return value;
}

function toMany2one(env: Env, value: Json): Json {
	if (value === false || value === 0 || value === '') return false;
	if (typeof value === 'number') return value;
	// The ORM passes anything on and PostgreSQL refuses it.
	const text = String(value);
	const message = `invalid input syntax for type integer: "${text}"\nLINE 1: ...e, '${env.stamp.slice(0, 19)}', 0, '${text}', '202...\n${' '.repeat(61)}^\n`;
	throw new OdooError('psycopg2.errors.InvalidTextRepresentation', message);
}

function toText(field: Field, value: Json): Json {
	if (value === false) return false;
	const text = typeof value === 'string' ? value : String(value);
	if (text.includes('\u0000')) throw valueError('A string literal cannot contain NUL (0x00) characters.');
	return field.type === 'html' ? toHtml(text) : text;
}

/** html fields wrap bare text into a paragraph. */
function toHtml(text: string): string {
	if (text === '' || text.startsWith('<')) return text;
	return `<p>${text}</p>`;
}

/** A field of a record as an answer shows it. `bare` leaves many2one as an id. */
export function toWire(env: Env, model: string, row: Row, field: Field, bare = false): Json {
	const value = env.value(model, row, field.name);
	switch (field.type) {
		case 'many2one':
			if (typeof value !== 'number' || value === 0) return false;
			return bare || !field.relation ? value : pair(env, field.relation, value);
		case 'one2many':
		case 'many2many':
			return idList(value);
		case 'datetime':
			return typeof value === 'string' ? wireStamp(value) : false;
		case 'binary':
			return binary(env, value);
		default:
			return value;
	}
}

function binary(env: Env, value: Json): Json {
	if (typeof value !== 'string' || value === '') return false;
	if (env.context['bin_size'] !== true) return value;
	return `${Buffer.from(value, 'base64').length}.00 bytes`;
}
