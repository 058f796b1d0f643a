// Owns keys in URLs: reading them into the store's key text and writing them as 1C prints them (reference 1).
// Must not know: records, options.
import { badValue, noKeyPart, wrongValue } from './errors';
import type { EntitySet, Property } from './edmx.model';
import { keyArguments } from './odata.path';
import { type Row, isDate, isGuid, text } from './values';

/** The text in the brackets as `Store.keyOf` writes it. */
export function keyText(set: EntitySet, inside: string): string {
	const given = keyArguments(inside);
	return set.key
		.map((name) => {
			const part = given.get(name) ?? (set.key.length === 1 ? given.get('') : undefined);
			if (part === undefined || part.text === '') throw noKeyPart(name);
			return checked(set.properties.find((p) => p.name === name), part.text, part.type);
		})
		.join('|');
}

function checked(property: Property | undefined, value: string, type: string): string {
	if (property?.type === 'Edm.Guid') {
		if (!isGuid(value)) throw badValue(value, 'Edm.Guid');
		if (type !== 'guid') throw wrongValue(property.name);
		return value.toLowerCase();
	}
	if (property?.type === 'Edm.DateTime' && !isDate(value)) throw badValue(value, 'Edm.DateTime');
	// A recorder is a guid in a text attribute.
	return isGuid(value) ? value.toLowerCase() : value;
}

/** `Catalog_X(guid'...')`, `Register_Y(Recorder='...', Recorder_Type='...')`. */
export function address(set: EntitySet, row: Row): string {
	const parts = set.key.map((name) => [name, printed(set.properties.find((p) => p.name === name), text(row, name))] as const);
	const [only] = parts;
	return `${set.name}(${parts.length === 1 && only ? only[1] : parts.map(([name, value]) => `${name}=${value}`).join(', ')})`;
}

function printed(property: Property | undefined, value: string): string {
	switch (property?.type) {
		case 'Edm.Guid':
			return `guid'${value}'`;
		case 'Edm.DateTime':
			return `datetime'${value}'`;
		case 'Edm.String':
			return `'${value.replaceAll("'", "''")}'`;
		default:
			return value;
	}
}
