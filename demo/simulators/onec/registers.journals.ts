// Owns a document journal: one line per document of several kinds, kept up with every write.
// Must not know: requests, any configuration's documents.
import type { Store } from './store';
import { type Row, TYPE_PREFIX, ZERO_GUID, text } from './values';

export interface Journal {
	set: string;
	/** Documents in it, and the field of their currency. */
	documents: Readonly<Record<string, string>>;
}

export function keepJournal(store: Store, { set, documents }: Journal): void {
	store.onWrite((change) => {
		const currency = documents[change.set];
		if (currency === undefined) return;
		const line: Row = { Ref: change.key, Ref_Type: `${TYPE_PREFIX}${change.set}` };
		if (change.row) store.put(set, { ...line, ...columns(change.row, currency) });
		else store.remove(set, store.keyOf(set, line));
	});
}

function columns(row: Row, currency: string): Row {
	const copied = ['Date', 'DeletionMark', 'Number', 'Posted', 'Организация_Key', 'СуммаДокумента', 'Комментарий'];
	return {
		...Object.fromEntries(copied.map((name) => [name, row[name] ?? ''])),
		Контрагент_Key: text(row, 'Контрагент_Key') || text(row, 'Контрагент') || ZERO_GUID,
		Валюта_Key: row[currency] ?? ZERO_GUID,
	};
}
