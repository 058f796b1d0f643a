// Owns what the kinds of 1C's objects are called: prefixes of entity sets and their Russian names. Data and reading of names only.

export interface SetKind {
	/** What the set's name begins with, without `_`. */
	prefix: string;
	/** As 1C's own screens call one object of it. */
	label: string;
}

/** In the order in which lists show them. Enumerations are no entity sets (reference 1). */
export const SET_KINDS: readonly SetKind[] = [
	{ prefix: 'Catalog', label: 'Справочник' },
	{ prefix: 'Document', label: 'Документ' },
	{ prefix: 'DocumentJournal', label: 'Журнал документов' },
	{ prefix: 'InformationRegister', label: 'Регистр сведений' },
	{ prefix: 'AccumulationRegister', label: 'Регистр накопления' },
	{ prefix: 'AccountingRegister', label: 'Регистр бухгалтерии' },
	{ prefix: 'CalculationRegister', label: 'Регистр расчета' },
	{ prefix: 'ChartOfAccounts', label: 'План счетов' },
	{ prefix: 'ChartOfCharacteristicTypes', label: 'План видов характеристик' },
	{ prefix: 'ChartOfCalculationTypes', label: 'План видов расчета' },
	{ prefix: 'Constant', label: 'Константа' },
	{ prefix: 'ExchangePlan', label: 'План обмена' },
	{ prefix: 'BusinessProcess', label: 'Бизнес-процесс' },
	{ prefix: 'Task', label: 'Задача' },
];

/** The part of a set's name that tells the kind. Only the first `_` divides: names of objects hold it, too. */
export function prefixOf(set: string): string {
	const at = set.indexOf('_');
	return at < 0 ? '' : set.slice(0, at);
}

/** The rest of the set's name: `Контрагенты`; with the table part's or the records' suffix, where there is one. */
export function objectOf(set: string): string {
	return set.slice(set.indexOf('_') + 1);
}

/** `Справочник: Контрагенты`; the records of a register as `Регистр накопления: ТоварыНаСкладах (записи)`. */
export function labelOf(set: string): string {
	const kind = SET_KINDS.find(({ prefix }) => prefix === prefixOf(set));
	if (!kind) return set;
	return isRecords(set) ? `${kind.label}: ${objectOf(registerOf(set))} (записи)` : `${kind.label}: ${objectOf(set)}`;
}

/** One sentence's name for an object of the set: `Документ ЗаказКлиента`. */
export function shortLabel(set: string): string {
	return labelOf(set).replace(': ', ' ');
}

const REGISTER = /^(Information|Accumulation|Accounting|Calculation)Register_/;
const RECORDS = '_RecordType';

export function isRegister(set: string): boolean {
	return REGISTER.test(set);
}

/** Whether the set gives one row per record, not one entity per recorder (reference 1). */
export function isRecords(set: string): boolean {
	return isRegister(set) && set.endsWith(RECORDS);
}

/** The register's main set. */
export function registerOf(set: string): string {
	return isRecords(set) ? set.slice(0, -RECORDS.length) : set;
}

/** The register's set of single records. */
export function recordsOf(set: string): string {
	return isRecords(set) ? set : `${set}${RECORDS}`;
}

/** By kind as in `SET_KINDS`, then by name. */
export function bySet(a: string, b: string): number {
	return rank(a) - rank(b) || a.localeCompare(b, 'ru');
}

function rank(set: string): number {
	const at = SET_KINDS.findIndex(({ prefix }) => prefix === prefixOf(set));
	return at < 0 ? SET_KINDS.length : at;
}
