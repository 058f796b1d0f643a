// Owns what an empty record looks like and how a given one is completed to it.
// Must not know: where records are kept, requests.
import { type EntitySet, type Model, type Property, rowsOf } from './edmx.model';
import { type Row, UNDEFINED, type Value, emptyOf } from './values';

/** The empty value of a property (reference 3); `names` are all properties beside it, which tell a composite's type from a storage's. */
export function emptyValue(property: Property, names: ReadonlySet<string>): Value | Row[] {
	if (property.type === 'collection') return [];
	return property.type === 'Edm.String' ? emptyText(property, names) : emptyOf(property.type);
}

function emptyText({ name, fixed, length }: Property, names: ReadonlySet<string>): Value {
	if (fixed && length) return ' '.repeat(length);
	if (!name.endsWith('_Type')) return '';
	const base = name.slice(0, -'_Type'.length);
	if (names.has(`${base}_Base64Data`)) return null;
	return names.has(base) ? UNDEFINED : '';
}

export function blankRow(definition: EntitySet): Row {
	const names = new Set(definition.properties.map(({ name }) => name));
	return Object.fromEntries(definition.properties.map((property) => [property.name, emptyValue(property, names)]));
}

/** The row with every property of its set in the metadata's order; unknown properties are dropped, rows of its parts numbered. */
export function completed(model: Model, definition: EntitySet, fields: Row): Row {
	const row = blankRow(definition);
	for (const property of definition.properties) {
		const value = fields[property.name];
		if (value === undefined) continue;
		row[property.name] = Array.isArray(value) ? completedRows(model, definition, property.name, value) : stored(property, value);
	}
	return row;
}

function completedRows(model: Model, owner: EntitySet, part: string, rows: Row[]): Row[] {
	const definition = rowsOf(model, owner, part);
	if (!definition) return rows;
	return rows.map((fields, i) => {
		const row = completed(model, definition, { LineNumber: String(i + 1), ...fields });
		// A row's owner is known from where it stands.
		if (definition.role === 'part') delete row['Ref_Key'];
		return row;
	});
}

/** Over-long text is cut, text of fixed length padded. */
function stored({ type, length, fixed }: Property, value: Value): Value {
	if (type !== 'Edm.String' || length === undefined || typeof value !== 'string') return value;
	const cut = value.slice(0, length);
	return fixed ? cut.padEnd(length) : cut;
}
