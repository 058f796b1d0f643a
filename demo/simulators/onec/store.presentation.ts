// Owns the text by which 1C shows a record to people, and by which it orders references (reference 3, 5).
// Must not know: where records are kept, requests.
import { type Row, text } from './values';

/** `Заказ клиента 0000-000001 от 01.10.2026 12:00:00` for documents, the description or code for the rest. */
export function presentation(synonyms: Readonly<Record<string, string>>, set: string, row: Row): string {
	if ('Date' in row && 'Number' in row) return `${synonyms[set] ?? set.slice(set.indexOf('_') + 1)} ${text(row, 'Number')} от ${dateText(text(row, 'Date'))}`;
	return text(row, 'Description') || text(row, 'Code') || text(row, 'Ref_Key');
}

/** `01.10.2026 12:00:00`; an empty date is empty. */
export function dateText(date: string): string {
	const match = /^(\d{4})-(\d\d)-(\d\d)T(.*)$/.exec(date);
	return match && match[1] !== '0001' ? `${match[3]}.${match[2]}.${match[1]} ${match[4]}` : '';
}
