// Owns an accounting register with correspondence: how postings are kept with their analytics, and its virtual tables.
// Must not know: requests, the chart of accounts of any configuration.
import Big from 'big.js';
import { badOption } from './errors';
import { amount } from './posting.sums';
import type { VirtualCall } from './store.configuration';
import type { Recorder, Store } from './store';
import { type Row, UNDEFINED, ZERO_GUID, text } from './values';

/** One side's analytics: reference (or enum member) and its type, up to three. */
export type Analytics = ReadonlyArray<readonly [value: string, type: string]>;

export interface Posting {
	debit: string;
	credit: string;
	debitBy?: Analytics;
	creditBy?: Analytics;
	/** Resources and dimensions by their names in the register. */
	fields: Row;
}

const ANALYTICS = '~analytics';
const EXT = [1, 2, 3];
const SIDES = ['Dr', 'Cr'] as const;

/** Replaces a document's postings. The analytics stand apart, since the register's records do not carry them. */
export function setPostings(store: Store, register: string, recorder: Recorder, postings: Posting[]): void {
	store.setRecords(register, recorder, postings.map(({ debit, credit, fields }) => ({ AccountDr_Key: debit, AccountCr_Key: credit, ...fields })));
	postings.forEach(({ debitBy, creditBy }, i) =>
		store.put(ANALYTICS, { key: `${register} ${recorder.ref} ${i + 1}`, ...columns('ExtDimensionDr', debitBy), ...columns('ExtDimensionCr', creditBy) }),
	);
}

function columns(name: string, by: Analytics = []): Row {
	return Object.fromEntries(EXT.flatMap((n) => [[`${name}${n}`, by[n - 1]?.[0] ?? ''], [`${name}${n}_Type`, by[n - 1]?.[1] ?? UNDEFINED]]));
}

/** The records with their analytics: the table RecordsWithExtDimensions. */
export function recordsWithAnalytics(store: Store, register: string): Row[] {
	return store.rows(`${register}_RecordType`).map((record) => {
		const { key: _key, ...by } = store.get(ANALYTICS, `${register} ${text(record, 'Recorder')} ${text(record, 'LineNumber')}`) ?? { key: '' };
		return { ...record, ...columns('ExtDimensionDr'), ...columns('ExtDimensionCr'), ...by };
	});
}

/** A record seen from one of its accounts. */
interface Entry {
	head: Row;
	debit: boolean;
	period: string;
	values: Map<string, Big>;
}

function entriesOf(record: Row): Entry[] {
	return SIDES.map((side) => {
		const head: Row = { Account_Key: record[`Account${side}_Key`] ?? ZERO_GUID };
		const values = new Map<string, Big>();
		for (const n of EXT) {
			head[`ExtDimension${n}`] = record[`ExtDimension${side}${n}`] ?? '';
			head[`ExtDimension${n}_Type`] = record[`ExtDimension${side}${n}_Type`] ?? UNDEFINED;
		}
		for (const [name, value] of Object.entries(record)) {
			if (/^(Account|ExtDimension|Recorder|Period$|LineNumber|Active)/.test(name) || Array.isArray(value)) continue;
			const plain = name.replace(/(Dr|Cr)(_Key)?$/, '$2');
			if (plain !== name && !name.replace(/_Key$/, '').endsWith(side)) continue;
			if (typeof value === 'number') values.set(plain, amount(value));
			else head[plain] = value;
		}
		return { head, debit: side === 'Dr', period: text(record, 'Period'), values };
	});
}

interface Sides {
	debit: Big;
	credit: Big;
}

type Moment = 'before' | 'within' | 'after';

function momentOf({ name, period, startPeriod, endPeriod }: VirtualCall, at: string): Moment {
	if (name === 'Balance') return period === undefined || at < period ? 'within' : 'after';
	if (startPeriod !== undefined && at < startPeriod) return 'before';
	return endPeriod !== undefined && at > endPeriod ? 'after' : 'within';
}

const COLUMNS: Readonly<Record<string, ReadonlyArray<readonly [ending: string, moments: readonly Moment[]]>>> = {
	Balance: [['Balance', ['within']]],
	Turnovers: [['Turnover', ['within']]],
	BalanceAndTurnovers: [['OpeningBalance', ['before']], ['Turnover', ['within']], ['ClosingBalance', ['before', 'within']]],
};

/** Balances and turnovers by account and analytics; undefined for a function the register has not. */
export function ledgerRows(store: Store, call: VirtualCall, account: (account: Row) => boolean): Row[] | undefined {
	const records = recordsWithAnalytics(store, call.set).filter((r) => r['Active'] !== false);
	if (call.name === 'RecordsWithExtDimensions') return listed(records, call);
	const wanted = COLUMNS[call.name];
	if (!wanted) return undefined;
	const groups = new Map<string, { head: Row; sums: Map<string, Sides> }>();
	for (const entry of records.flatMap(entriesOf)) {
		const moment = momentOf(call, entry.period);
		if (moment === 'after' || !account(entry.head) || !call.condition(entry.head)) continue;
		const head = kept(entry.head, call.dimensions);
		const key = Object.values(head).join('|');
		const group = groups.get(key) ?? { head, sums: new Map<string, Sides>() };
		groups.set(key, group);
		for (const [ending, moments] of wanted) {
			// Every column is there, an untouched one with 0.
			for (const [name, value] of entry.values) add(group.sums, name + ending, entry.debit, moments.includes(moment) ? value : new Big(0));
		}
	}
	const nothing = ({ debit, credit }: Sides): boolean => (call.name === 'Balance' ? debit.eq(credit) : debit.eq(0) && credit.eq(0));
	return [...groups.values()].flatMap(({ head, sums }) => ([...sums.values()].every(nothing) ? [] : [{ ...head, ...figures(sums) }]));
}

function listed(records: Row[], { condition, startPeriod, endPeriod, arguments: given }: VirtualCall): Row[] {
	const chosen = records.filter((r) => condition(r) && (startPeriod === undefined || text(r, 'Period') >= startPeriod) && (endPeriod === undefined || text(r, 'Period') <= endPeriod));
	return given['Top'] === undefined ? chosen : chosen.slice(0, Number(given['Top']));
}

/** The account and the dimensions asked for; all when none are named. */
function kept(head: Row, dimensions: string[] | undefined): Row {
	if (dimensions === undefined) return head;
	return Object.fromEntries(Object.entries(head).filter(([name]) => name === 'Account_Key' || dimensions.includes(name.replace(/(_Key|_Type)$/, ''))));
}

function add(sums: Map<string, Sides>, name: string, debit: boolean, value: Big): void {
	const known = sums.get(name) ?? { debit: new Big(0), credit: new Big(0) };
	sums.set(name, debit ? { ...known, debit: known.debit.plus(value) } : { ...known, credit: known.credit.plus(value) });
}

/** Turnovers show both sides; a balance stands on the side where it is. */
function figures(sums: ReadonlyMap<string, Sides>): Row {
	const row: Row = {};
	for (const [name, { debit, credit }] of sums) {
		const difference = debit.minus(credit);
		const isBalance = name.endsWith('Balance');
		row[name] = difference.toNumber();
		row[`${name}Dr`] = isBalance ? (difference.gt(0) ? difference.toNumber() : 0) : debit.toNumber();
		row[`${name}Cr`] = isBalance ? (difference.lt(0) ? difference.times(-1).toNumber() : 0) : credit.toNumber();
	}
	return row;
}

/** `AccountCondition` speaks of the account: by its key, or by its code (`Account/Code`, `Code`). */
export function accountCondition(store: Store, { arguments: given }: VirtualCall): (head: Row) => boolean {
	const condition = given['AccountCondition'];
	if (condition === undefined || condition.trim() === '') return () => true;
	const accounts = store.rows('ChartOfAccounts_Хозрасчетный');
	const keys = [...condition.matchAll(/(?:Account_Key|Ref_Key|Account)\s+eq\s+(?:cast\()?guid'([^']+)'/g)].map((m) => (m[1] ?? '').toLowerCase());
	const codes = [...condition.matchAll(/Code\s+eq\s+'([^']*)'/g)].map((m) => m[1]);
	const prefixes = [...condition.matchAll(/(?:startswith|like)\(\s*(?:Account\/)?Code\s*,\s*'([^'%]*)%?'\s*\)/g)].map((m) => m[1] ?? '');
	if (keys.length + codes.length + prefixes.length === 0) throw badOption('AccountCondition');
	const named = accounts.filter((a) => codes.includes(text(a, 'Code')) || prefixes.some((p) => text(a, 'Code').startsWith(p))).map((a) => text(a, 'Ref_Key'));
	const wanted = new Set([...keys, ...named]);
	return (head) => wanted.has(text(head, 'Account_Key'));
}
