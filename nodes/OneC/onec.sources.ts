// Owns which record of the other system an order was made from, where the order's id does not tell: the base gives ids
// of its own, or people copied the document with its comment. Writes nothing.
import { markedKey, ownKey, refKey } from './onec.keys';
import { at, byId, sourceKeyOf } from './onec.reading';
import type { Services } from './onec.services';
import { reference, text } from './onec.values';
import type { Row } from './onec.wire';

interface Fields {
	set: string;
	comment?: string;
	customerNumber?: string;
}

/**
 * The keys at the ends of comments that can be believed, by the record's id. A record with the id that stands for its
 * key is the one; one without is a copy as long as the other is there. Where it is not, the base did not take our id
 * (reference 14): then the oldest that carries the key is the one, and the slot for the customer's number must be filled.
 */
export async function sourceKeysOf(services: Services, rows: Iterable<Row>, fields: Fields): Promise<Map<string, string>> {
	const keys = new Map<string, string>();
	const doubtful: Array<{ id: string; key: string; date: string }> = [];
	for (const row of rows) {
		const id = reference(row.Ref_Key);
		if (!id) continue;
		const comment = text(at(row, fields.comment));
		const known = ownKey(row.Ref_Key, comment) ?? sourceKeyOf(services, row, fields);
		if (known) keys.set(id, known);
		const key = known ? undefined : markedKey(comment);
		if (key && (fields.customerNumber === undefined || text(row[fields.customerNumber]))) doubtful.push({ id, key, date: String(row.Date) });
	}
	if (doubtful.length === 0) return keys;
	const originals = await byId(services, fields.set, doubtful.map(({ key }) => refKey(key)), ['Ref_Key']);
	const taken = new Set(keys.values());
	for (const { id, key } of doubtful.sort((a, b) => a.date.localeCompare(b.date))) {
		if (originals.has(refKey(key)) || taken.has(key)) continue;
		keys.set(id, key);
		taken.add(key);
	}
	return keys;
}
