// Owns which record of the other system an order was made from, where the order's id does not tell: the base gives ids
// of its own, or people copied the document with its comment. Writes nothing.
import { markedKey, ownKey, refKey } from './onec.keys';
import { datetime, guid, text as literal } from './onec.literals';
import { at, byId, gather } from './onec.reading';
import type { Services } from './onec.services';
import { reference, text } from './onec.values';
import type { Row } from './onec.wire';

interface Fields {
	set: string;
	comment?: string;
	customerNumber?: string;
	/** Of documents: whose they are. */
	customer?: string;
}

interface Doubtful {
	id: string;
	key: string;
	date: string;
	row: Row;
}

/**
 * The keys at the ends of comments that can be believed, by the record's id. A record with the id that stands for its
 * key is the one; one without is a copy as long as the other is there. Where it is not, the base did not take our id
 * (reference 14): then the oldest that carries the key is the one, and the slot for the customer's number must be filled.
 */
export async function sourceKeysOf(services: Services, rows: Iterable<Row>, fields: Fields): Promise<Map<string, string>> {
	const keys = new Map<string, string>();
	const doubtful: Doubtful[] = [];
	for (const row of rows) {
		const id = reference(row.Ref_Key);
		if (!id) continue;
		const comment = text(at(row, fields.comment));
		const known = ownKey(row.Ref_Key, comment);
		if (known) keys.set(id, known);
		const key = known ? undefined : markedKey(comment);
		if (key && (fields.customerNumber === undefined || text(row[fields.customerNumber]))) doubtful.push({ id, key, date: String(row.Date), row });
	}
	if (doubtful.length === 0) return keys;
	const originals = await byId(services, fields.set, doubtful.map(({ key }) => refKey(key)), ['Ref_Key']);
	const taken = new Set(keys.values());
	const open = doubtful.filter(({ key }) => !originals.has(refKey(key)) && !taken.has(key));
	const ours = new Set(open.map(({ id }) => id));
	for (const { id, key } of [...open, ...(await olderTwins(services, open, fields))].sort((a, b) => a.date.localeCompare(b.date))) {
		if (taken.has(key)) continue;
		if (ours.has(id)) keys.set(id, key);
		taken.add(key);
	}
	return keys;
}

/** Documents of the same customers that carry the same keys and are not among these: the original may stand on another page. */
async function olderTwins(services: Services, open: readonly Doubtful[], { set, comment, customer, customerNumber }: Fields): Promise<Array<Omit<Doubtful, 'row'>>> {
	if (!customer || !comment) return [];
	const conditions = open.flatMap(({ row, date }) => {
		const owner = reference(row[customer]);
		// Comments cannot be compared (reference 5): the customer's number stands for them, else the customer's documents up to then.
		return owner ? [`${customer} eq ${guid(owner)} and ${customerNumber ? `${customerNumber} eq ${literal(text(row[customerNumber]) ?? '')}` : `Date le ${datetime(date)}`}`] : [];
	});
	const known = new Set(open.map(({ id }) => id));
	const rows = await gather(services, set, conditions, { select: ['Ref_Key', 'Date', 'DeletionMark', customer, comment] });
	return rows.flatMap((row) => {
		const id = reference(row.Ref_Key);
		const key = markedKey(text(row[comment]));
		return id && key && !known.has(id) && row.DeletionMark !== true ? [{ id, key, date: String(row.Date) }] : [];
	});
}
