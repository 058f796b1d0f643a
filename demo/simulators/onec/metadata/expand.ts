// Owns what one definition becomes on the wire: its entity types, row types, tables and functions.
// Must not know: EDMX text, any configuration.
import { fieldsOf, standardFields } from './definition';
import type { Definition, Field } from './definition';

export interface EntityShape {
	name: string;
	open: boolean;
	key: string[];
	fields: Field[];
}

export interface ComplexShape {
	name: string;
	fields: Field[];
}

export interface FunctionShape {
	name: string;
	boundTo: string;
	/** Complex type or entity type of the rows; nothing for Post and Unpost. */
	returns?: string;
	parameters: Field[];
}

export interface Shape {
	/** In the order of the sets. */
	entities: EntityShape[];
	complexes: ComplexShape[];
	functions: FunctionShape[];
}

const field = (name: string, type: string, required = false): Field => ({ name, type, required });
const rowsOf = (name: string, type: string, required = false): Field => field(name, `Collection(StandardODATA.${type})`, required);

/** Everything that the interface publishes for an object. */
export function expand(definition: Definition): Shape {
	const kind = definition.name.slice(0, definition.name.indexOf('_'));
	if (kind === 'Constant') return constant(definition);
	if (kind === 'DocumentJournal') return journal(definition);
	if (kind === 'InformationRegister') return informationRegister(definition);
	if (kind === 'AccumulationRegister') return accumulationRegister(definition);
	if (kind === 'AccountingRegister') return accountingRegister(definition);
	return referenced(definition, kind);
}

const MODE = [field('PostingModeOperational', 'Edm.Boolean')];

/** Functions with effect, by kind of object. */
const DEEDS: Readonly<Record<string, ReadonlyArray<Omit<FunctionShape, 'boundTo'>>>> = {
	Document: [
		{ name: 'Post', parameters: MODE },
		{ name: 'Unpost', parameters: MODE },
	],
	BusinessProcess: [{ name: 'Start', parameters: [field('RoutePoint', 'Edm.String')] }],
	Task: [{ name: 'ExecuteTask', parameters: [] }],
};

function referenced(definition: Definition, kind: string): Shape {
	const own = fieldsOf(`${standardFields(definition)} ${definition.fields ?? ''}`);
	const parts = Object.entries(definition.parts ?? {}).map(([name, text]) => ({ name: `${definition.name}_${name}`, part: name, own: fieldsOf(text) }));
	const header = [field('Ref_Key', 'Edm.Guid', true), ...own.fields, ...parts.map((p) => rowsOf(p.part, `${p.name}_RowType`)), ...own.types];
	const rows = parts.map((p) => ({ name: p.name, fields: [field('Ref_Key', 'Edm.Guid', true), field('LineNumber', 'Edm.Int64', true), ...p.own.fields, ...p.own.types] }));
	return {
		entities: [
			{ name: definition.name, open: false, key: ['Ref_Key'], fields: header },
			...rows.map((row) => ({ ...row, open: false, key: ['Ref_Key', 'LineNumber'] })),
		],
		complexes: rows.map((row) => ({ name: `${row.name}_RowType`, fields: row.fields })),
		functions: (DEEDS[kind] ?? []).map((deed) => ({ ...deed, boundTo: definition.name })),
	};
}

function constant(definition: Definition): Shape {
	const own = fieldsOf(definition.fields);
	return {
		entities: [{ name: definition.name, open: false, key: ['SurrogateKey'], fields: [field('SurrogateKey', 'Edm.Guid', true), ...own.fields, ...own.types] }],
		complexes: [],
		functions: [],
	};
}

/** One line per document, whatever its kind. */
function journal(definition: Definition): Shape {
	const own = fieldsOf(`Date@ DeletionMark? Number Posted? ${definition.fields ?? ''}`);
	const fields = [field('Ref', 'Edm.String', true), ...own.fields, field('Ref_Type', 'Edm.String', true), ...own.types];
	return { entities: [{ name: definition.name, open: false, key: ['Ref', 'Ref_Type'], fields }], complexes: [], functions: [] };
}

interface RecorderFields {
	first: Field[];
	last: Field[];
	key: string[];
}

function recorder(definition: Definition): RecorderFields {
	if (definition.recorder === 'one') return { first: [field('Recorder_Key', 'Edm.Guid', true)], last: [], key: ['Recorder_Key'] };
	return { first: [field('Recorder', 'Edm.String', true)], last: [field('Recorder_Type', 'Edm.String', true)], key: ['Recorder', 'Recorder_Type'] };
}

/** The set of record sets, the set of records and the row type of a register that documents write. */
function recorded(definition: Definition, rowFields: Field[], recordKey: string[]): Pick<Shape, 'entities' | 'complexes'> {
	const { first, last, key } = recorder(definition);
	const rows = [...first, ...rowFields, ...last];
	const [recorderKey, ...type] = key;
	const recordSet = rowsOf('RecordSet', `${definition.name}_RowType`, true);
	return {
		entities: [
			{ name: definition.name, open: true, key, fields: [...first, recordSet, ...last] },
			{ name: `${definition.name}_RecordType`, open: true, key: [recorderKey ?? '', ...recordKey, ...type], fields: rows },
		],
		complexes: [{ name: `${definition.name}_RowType`, fields: rows }],
	};
}

const required = (fields: Field[]): Field[] => fields.map((f) => ({ ...f, required: true }));

function informationRegister(definition: Definition): Shape {
	const dimensions = fieldsOf(definition.dimensions);
	const rest = fieldsOf(`${definition.resources ?? ''} ${definition.fields ?? ''}`);
	const period = definition.periodic ? [field('Period', 'Edm.DateTime', true)] : [];
	const keyNames = [...period, ...dimensions.fields, ...dimensions.types].map((f) => f.name);
	const values = [...required(dimensions.fields), ...rest.fields, ...required(dimensions.types), ...rest.types];
	const slices = (boundTo: string): FunctionShape[] =>
		definition.periodic
			? ['SliceLast', 'SliceFirst'].map((name) => ({ name, boundTo, returns: boundTo, parameters: [field('Condition', 'Edm.String'), field('Period', 'Edm.DateTime')] }))
			: [];
	if ((definition.recorder ?? 'none') === 'none') {
		return { entities: [{ name: definition.name, open: true, key: keyNames, fields: [...period, ...values] }], complexes: [], functions: slices(definition.name) };
	}
	const rows = [...period, field('LineNumber', 'Edm.Int64'), field('Active', 'Edm.Boolean'), ...values];
	return { ...recorded(definition, rows, keyNames), functions: slices(`${definition.name}_RecordType`) };
}

const PERIODS = ['Period', 'SecondPeriod', 'MinutePeriod', 'HourPeriod', 'DayPeriod', 'WeekPeriod', 'TenDaysPeriod', 'MonthPeriod', 'QuarterPeriod', 'HalfYearPeriod', 'YearPeriod'];
const BALANCE = ['Balance'];
const TURNOVER = ['Turnover', 'Receipt', 'Expense'];
const BOTH = ['OpeningBalance', 'Turnover', 'Receipt', 'Expense', 'ClosingBalance'];

/** A virtual table's row: dimensions, periods, and every resource with each ending. */
function tableRow(name: string, dimensions: ReturnType<typeof fieldsOf>, resources: Field[], endings: string[], periods: boolean): ComplexShape {
	const times = periods ? [...PERIODS.map((p) => field(p, 'Edm.DateTime')), field('Recorder', 'Edm.String'), field('LineNumber', 'Edm.Int64')] : [];
	const values = resources.flatMap((r) => endings.map((ending) => field(r.name + ending, r.type)));
	return { name, fields: [...dimensions.fields, ...times, ...values, ...dimensions.types, ...(periods ? [field('Recorder_Type', 'Edm.String')] : [])] };
}

const SELECTION = [field('Condition', 'Edm.String'), field('Dimensions', 'Edm.String')];
const INTERVAL = [field('EndPeriod', 'Edm.DateTime'), field('StartPeriod', 'Edm.DateTime')];

function accumulationRegister(definition: Definition): Shape {
	const dimensions = fieldsOf(definition.dimensions);
	const resources = fieldsOf(definition.resources).fields;
	const rest = fieldsOf(definition.fields);
	const kind = definition.turnoversOnly ? [] : [field('RecordType', 'Edm.String')];
	const standard = [field('Period', 'Edm.DateTime'), field('LineNumber', 'Edm.Int64', true), field('Active', 'Edm.Boolean'), ...kind];
	const { entities, complexes } = recorded(definition, [...standard, ...dimensions.fields, ...resources, ...rest.fields, ...dimensions.types, ...rest.types], ['LineNumber']);
	const turnovers: FunctionShape = { name: 'Turnovers', boundTo: definition.name, returns: `${definition.name}_Turnover`, parameters: [...SELECTION, ...INTERVAL] };
	if (definition.turnoversOnly) {
		return { entities, complexes: [...complexes, tableRow(`${definition.name}_Turnover`, dimensions, resources, ['Turnover'], true)], functions: [turnovers] };
	}
	return {
		entities,
		complexes: [
			...complexes,
			tableRow(`${definition.name}_Balance`, dimensions, resources, BALANCE, false),
			tableRow(`${definition.name}_Turnover`, dimensions, resources, TURNOVER, true),
			tableRow(`${definition.name}_BalanceAndTurnover`, dimensions, resources, BOTH, true),
		],
		functions: [
			{ name: 'Balance', boundTo: definition.name, returns: `${definition.name}_Balance`, parameters: [...SELECTION, field('Period', 'Edm.DateTime')] },
			turnovers,
			{ name: 'BalanceAndTurnovers', boundTo: definition.name, returns: `${definition.name}_BalanceAndTurnover`, parameters: [...SELECTION, ...INTERVAL] },
		],
	};
}

const EXT = [1, 2, 3];

/** `ВалютаDr_Key` and `ВалютаCr_Key` are one column of a balance: `Валюта_Key`. */
function oneSided(fields: Field[]): Field[] {
	const names = new Map(fields.map((f) => [f.name.replace(/(Dr|Cr)(_Key)?$/, '$2'), f]));
	return [...names].map(([name, f]) => ({ ...f, name }));
}

/** With correspondence: every record has a debit and a credit account (general knowledge of the platform, no capture). */
function accountingRegister(definition: Definition): Shape {
	const dimensions = fieldsOf(definition.dimensions);
	const resources = fieldsOf(definition.resources).fields;
	const rest = fieldsOf(definition.fields);
	const sides = ['Dr', 'Cr'];
	const accounts = sides.map((side) => field(`Account${side}_Key`, 'Edm.Guid'));
	const ext = sides.flatMap((side) => EXT.map((n) => field(`ExtDimension${side}${n}`, 'Edm.String')));
	const extTypes = sides.flatMap((side) => EXT.map((n) => field(`ExtDimension${side}${n}_Type`, 'Edm.String')));
	const standard = [field('Period', 'Edm.DateTime'), field('LineNumber', 'Edm.Int64', true), field('Active', 'Edm.Boolean'), ...accounts];
	const { entities, complexes } = recorded(definition, [...standard, ...dimensions.fields, ...resources, ...rest.fields], ['LineNumber']);
	const withExt = { name: `${definition.name}_RecordsWithExtDimensions`, fields: [field('Recorder', 'Edm.String'), ...standard, ...dimensions.fields, ...resources, ...rest.fields, ...ext, ...extTypes, field('Recorder_Type', 'Edm.String')] };
	const byAccount = {
		fields: [field('Account_Key', 'Edm.Guid'), ...EXT.map((n) => field(`ExtDimension${n}`, 'Edm.String')), ...oneSided(dimensions.fields)],
		types: EXT.map((n) => field(`ExtDimension${n}_Type`, 'Edm.String')),
	};
	const table = (suffix: string, endings: string[], periods: boolean): ComplexShape =>
		tableRow(`${definition.name}_${suffix}`, byAccount, oneSided(resources), endings.flatMap((ending) => [ending, `${ending}Dr`, `${ending}Cr`]), periods);
	const account = [field('AccountCondition', 'Edm.String'), field('ExtraDimensions', 'Edm.String')];
	return {
		entities,
		complexes: [...complexes, table('Balance', ['Balance'], false), table('Turnover', ['Turnover'], true), table('BalanceAndTurnover', ['OpeningBalance', 'Turnover', 'ClosingBalance'], true), withExt],
		functions: [
			{ name: 'Balance', boundTo: definition.name, returns: `${definition.name}_Balance`, parameters: [...account, ...SELECTION, field('Period', 'Edm.DateTime')] },
			{ name: 'Turnovers', boundTo: definition.name, returns: `${definition.name}_Turnover`, parameters: [...account, ...SELECTION, ...INTERVAL] },
			{ name: 'BalanceAndTurnovers', boundTo: definition.name, returns: `${definition.name}_BalanceAndTurnover`, parameters: [...account, ...SELECTION, ...INTERVAL] },
			{ name: 'RecordsWithExtDimensions', boundTo: definition.name, returns: withExt.name, parameters: [field('Condition', 'Edm.String'), ...INTERVAL, field('Top', 'Edm.Int32')] },
		],
	};
}
