// Owns the rules that every configuration shares when documents are written and posted: settings of the base, the period ban,
// numbers with prefixes, what must be filled in.
// Must not know: any object of a configuration, requests.
import { refusal } from './errors';
import type { Writing } from './store.configuration';
import { dateText, presentation } from './store.presentation';
import type { Store } from './store';
import { EMPTY_DATE, type Row, ZERO_GUID, part, text } from './values';

/** Settings of the base that people change in its administration. */
export interface Settings {
	/** Documents up to and including this day (`YYYY-MM-DD`) cannot be changed or posted; '' = none. */
	closedUntil: string;
	/** Whether an order needs an agreement to be posted. */
	agreementRequired: 'yes' | 'no';
	/** Whether shipments may not take more than there is. */
	stockControl: 'yes' | 'no';
}

const TABLE = '~settings';
const DEFAULTS: Settings = { closedUntil: '', agreementRequired: 'no', stockControl: 'no' };

export function setting<K extends keyof Settings>(store: Store, name: K): Settings[K] {
	const kept = store.get(TABLE, name);
	return kept ? (text(kept, 'value') as Settings[K]) : DEFAULTS[name];
}

export function changeSettings(store: Store, settings: Partial<Settings>): void {
	for (const [key, value] of Object.entries(settings)) store.put(TABLE, { key, value });
}

/** A reference that leads nowhere is as empty as none. */
export const isEmpty = (value: Row[string] | undefined): boolean =>
	value === undefined || value === null || value === '' || value === 0 || value === ZERO_GUID || value === EMPTY_DATE;

/** Refuses to touch a document of a closed period, by its old date as well as by its new one. */
export function refuseClosed({ store, set, row, before }: Writing, synonyms: Readonly<Record<string, string>>): void {
	const closed = setting(store, 'closedUntil');
	if (closed === '') return;
	const hit = [before, row].find((one) => one && text(one, 'Date').slice(0, 10) <= closed);
	if (!hit) return;
	throw refusal(`Изменения документа "${presentation(synonyms, set, hit)}" запрещены датой запрета ${dateText(`${closed}T00:00:00`).slice(0, 10)} (общая дата запрета изменения).`);
}

/** A number that another document of the same year carries is refused, as the platform does. */
export function refuseTakenNumber({ store, set, row, before }: Writing): void {
	const number = text(row, 'Number');
	if (number === '' || number === text(before, 'Number')) return;
	const year = text(row, 'Date').slice(0, 4);
	const twin = store.rows(set).find((other) => other['Number'] === number && other['Ref_Key'] !== row['Ref_Key'] && text(other, 'Date').startsWith(year));
	if (twin) throw refusal(`Значение поля "Номер" не уникально (${number})`);
}

/** `ТДЦБ-000001`: prefix of the organization, of the base, six digits; counted per prefix and year. */
export function documentNumber(store: Store, set: string, row: Row, base: string): string {
	const organization = store.get('Catalog_Организации', text(row, 'Организация_Key'));
	const prefix = `${text(organization, 'Префикс').trim() || '00'}${base}`;
	const year = text(row, 'Date').slice(0, 4);
	const taken = new Set(store.rows(set).flatMap((other) => (text(other, 'Date').startsWith(year) ? [other['Number']] : [])));
	for (;;) {
		const number = `${prefix}-${String(store.next(`number ${set} ${prefix} ${year}`)).padStart(6, '0')}`;
		// A person or an exchange may have used it already.
		if (!taken.has(number)) return number;
	}
}

/** `ЦБ-00000001` */
export const catalogCode = (store: Store, set: string, base: string, digits: number): string =>
	`${base}-${String(store.next(`code ${set}`)).padStart(digits, '0')}`;

export interface Needed {
	/** Field -> what the form calls it. */
	header: Readonly<Record<string, string>>;
	part?: string;
	/** Columns of the table part -> what the form calls them. */
	columns?: Readonly<Record<string, string>>;
	/** Whether the table part may be empty. */
	mayBeEmpty?: boolean;
}

/** Texts for what is not filled in, in the words of the platform. */
export function missing(row: Row, needed: Needed): string[] {
	const fields = Object.entries(needed.header).flatMap(([name, title]) => (isEmpty(row[name]) ? [`Поле "${title}" не заполнено`] : []));
	if (needed.part === undefined) return fields;
	const rows = part(row, needed.part);
	if (rows.length === 0 && !needed.mayBeEmpty) return [...fields, `Не введено ни одной строки в список "${needed.part}"`];
	const columns = rows.flatMap((line, i) =>
		Object.entries(needed.columns ?? {}).flatMap(([name, title]) => (isEmpty(line[name]) ? [`Не заполнена колонка "${title}" в строке ${i + 1} списка "${needed.part ?? ''}"`] : [])),
	);
	return [...fields, ...columns];
}
