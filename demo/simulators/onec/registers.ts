// Owns the virtual tables of information and accumulation registers, computed from the records.
// Must not know: requests, any configuration's objects.
import Big from 'big.js';
import { amount } from './posting.sums';
import type { VirtualCall } from './store.configuration';
import type { Store } from './store';
import { type Row, text } from './values';

/** What is a dimension and what a resource; `$metadata` tells it only by the row types of the tables. */
export interface Table {
	dimensions: string[];
	resources: string[];
}

/** The accumulation registers of a configuration by their row types in its metadata. */
export function accumulationTables(metadata: string): ReadonlyMap<string, Table> {
	const tables = new Map<string, Table>();
	for (const [, name = '', body = ''] of metadata.matchAll(/<ComplexType Name="(AccumulationRegister_[^"]+)_Turnover">([\s\S]*?)<\/ComplexType>/g)) {
		const fields = [...body.matchAll(/<Property Name="([^"]+)"/g)].map((m) => m[1] ?? '');
		const resources = fields.filter((f) => f.endsWith('Turnover')).map((f) => f.slice(0, -'Turnover'.length));
		const dimensions = fields.slice(0, fields.indexOf('Period'));
		tables.set(name, { dimensions, resources });
	}
	return tables;
}

const TECHNICAL = new Set(['Recorder', 'Recorder_Type', 'Recorder_Key', 'Period', 'LineNumber']);

/** The rows that a function of a register gives; undefined for a function it has not. */
export function virtualRows(store: Store, tables: ReadonlyMap<string, Table>, call: VirtualCall): Row[] | undefined {
	if (call.name === 'SliceLast' || call.name === 'SliceFirst') return slice(store, call);
	const table = tables.get(call.set);
	const endings = ENDINGS[call.name];
	return table && endings ? summed(store, table, endings, call) : undefined;
}

/** Newest (or oldest) record for every combination of dimensions, up to (or from) the moment. */
function slice(store: Store, call: VirtualCall): Row[] {
	const dimensions = (store.definition(call.set)?.key ?? []).filter((name) => !TECHNICAL.has(name));
	const last = call.name === 'SliceLast';
	const chosen = new Map<string, Row>();
	for (const record of store.rows(call.set)) {
		const period = text(record, 'Period');
		if (record['Active'] === false || !call.condition(record)) continue;
		if (call.period !== undefined && (last ? period > call.period : period < call.period)) continue;
		const key = dimensions.map((name) => text(record, name)).join('|');
		const known = chosen.get(key);
		const better = !known || (last ? period >= text(known, 'Period') : period < text(known, 'Period'));
		if (better) chosen.set(key, record);
	}
	return [...chosen.values()];
}

/** What each ending of a column sums: records before the interval, in it, by kind of movement. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
	Balance: ['Balance'],
	Turnovers: ['Turnover', 'Receipt', 'Expense'],
	BalanceAndTurnovers: ['OpeningBalance', 'Turnover', 'Receipt', 'Expense', 'ClosingBalance'],
};

type Place = 'before' | 'within' | 'after';

/** A balance at a moment leaves out the moment's own records; an interval takes both of its ends in. */
function placeOf(call: VirtualCall, period: string): Place {
	if (call.name === 'Balance') return call.period === undefined || period < call.period ? 'within' : 'after';
	if (call.startPeriod !== undefined && period < call.startPeriod) return 'before';
	return call.endPeriod !== undefined && period > call.endPeriod ? 'after' : 'within';
}

function counts(ending: string, place: Place, expense: boolean): boolean {
	if (ending === 'OpeningBalance') return place === 'before';
	if (ending === 'ClosingBalance') return place !== 'after';
	if (place !== 'within') return false;
	return ending === 'Receipt' ? !expense : ending === 'Expense' ? expense : true;
}

function summed(store: Store, table: Table, endings: readonly string[], call: VirtualCall): Row[] {
	const wanted = table.dimensions.filter((name) => call.dimensions === undefined || call.dimensions.includes(name.replace(/_Key$/, '')));
	const types = wanted.map((name) => `${name}_Type`);
	const withReceipts = store.definition(`${call.set}_RecordType`)?.properties.some((p) => p.name === 'RecordType') ?? false;
	const columns = endings.filter((ending) => withReceipts || ending === 'Turnover');
	const groups = new Map<string, { head: Row; sums: Map<string, Big> }>();
	for (const record of store.rows(`${call.set}_RecordType`)) {
		const place = placeOf(call, text(record, 'Period'));
		if (record['Active'] === false || place === 'after' || !call.condition(record)) continue;
		const head = Object.fromEntries([...wanted, ...types].flatMap((name) => (record[name] === undefined ? [] : [[name, record[name]]]))) as Row;
		const key = Object.values(head).join('|');
		const group = groups.get(key) ?? { head, sums: new Map<string, Big>() };
		groups.set(key, group);
		const expense = record['RecordType'] === 'Expense';
		for (const resource of table.resources) {
			for (const ending of columns) {
				if (!counts(ending, place, expense)) continue;
				const value = amount(record[resource]);
				// "Expense" is a positive figure of its own; elsewhere it takes away.
				const signed = expense && ending !== 'Expense' ? value.times(-1) : value;
				group.sums.set(resource + ending, (group.sums.get(resource + ending) ?? new Big(0)).plus(signed));
			}
		}
	}
	return [...groups.values()].flatMap(({ head, sums }) => {
		if ([...sums.values()].every((value) => value.eq(0))) return [];
		const row: Row = { ...head };
		for (const resource of table.resources) for (const ending of columns) row[resource + ending] = (sums.get(resource + ending) ?? new Big(0)).toNumber();
		return [row];
	});
}
