// Owns reading of registers: slices, balances, turnovers, records (reference 1 and 5). Must not know what they count.
import { Failure } from '../core/failure';
import type { ActionRow } from '../core/port';
import type { Inputs } from './onec.actions.input';
import { allOf, text } from './onec.literals';
import { checkFilter } from './onec.records.filter';
import { isRegister, recordsOf, registerOf, shortLabel } from './onec.records.sets';
import type { Services } from './onec.services';
import type { Query } from './onec.session';

/** What a virtual table is called by, and which dates it takes. */
interface VirtualTable {
	fn: string;
	period: 'moment' | 'span';
	/** A slice belongs to the set of single records where documents write the register (reference 2). */
	ofRecords: boolean;
}

const TABLES = {
	sliceLast: { fn: 'SliceLast', period: 'moment', ofRecords: true },
	sliceFirst: { fn: 'SliceFirst', period: 'moment', ofRecords: true },
	balance: { fn: 'Balance', period: 'moment', ofRecords: false },
	turnovers: { fn: 'Turnovers', period: 'span', ofRecords: false },
	balanceAndTurnovers: { fn: 'BalanceAndTurnovers', period: 'span', ofRecords: false },
} satisfies Record<string, VirtualTable>;
export type VirtualTableName = keyof typeof TABLES;

const PAGE = 1_000;

/** Rows of a virtual table. `limit` takes some rows, not the first ones: 1C keeps no order there. */
export async function virtualTable(services: Services, name: VirtualTableName, input: Inputs): Promise<ActionRow[]> {
	const table: VirtualTable = TABLES[name];
	const register = registerName(input);
	const records = await recordsSet(services, register);
	const query = await resultQuery(services, records, input);
	const limit = input.limit();
	const rows = await services.session.call(table.ofRecords ? records : register, table.fn, await args(services, table, records, input), { ...query, ...(limit === undefined ? {} : { top: limit }) });
	return rows.slice(0, limit).map((json) => ({ json }));
}

/**
 * Literals by parameter. `Condition` is one quoted text with the quotes inside doubled: the strict form, which every
 * server takes (reference 5).
 */
async function args(services: Services, table: VirtualTable, records: string, input: Inputs): Promise<Record<string, string>> {
	const { timeZone } = services.credential;
	const quoted = (given: string | undefined): string => (given ? text(given) : '');
	const accounting = registerOf(records).startsWith('AccountingRegister_');
	return {
		...(table.period === 'moment' ? { Period: input.moment('period', timeZone) ?? '' } : { StartPeriod: input.moment('periodFrom', timeZone) ?? '', EndPeriod: input.moment('periodTo', timeZone) ?? '' }),
		Condition: quoted(await checkFilter(input.optional('condition'), records, services.metadata)),
		...(table.ofRecords ? {} : { Dimensions: quoted(input.list('dimensions').map(dimension).join(',')) }),
		...(accounting ? { AccountCondition: quoted(input.optional('accountCondition')), BalancedAccountCondition: quoted(input.optional('balancedAccountCondition')), ExtraDimensions: quoted(input.list('extraDimensions').join(',')) } : {}),
	};
}

/** Dimensions are named without the ending that their columns have. */
function dimension(name: string): string {
	return name.replace(/_Key$/, '');
}

async function resultQuery(services: Services, records: string, input: Inputs): Promise<Query> {
	const select = input.list('select');
	return { filter: await checkFilter(input.optional('filter'), records, services.metadata), ...(select.length > 0 ? { select } : {}) };
}

/** Single records by period and filter, page by page. */
export async function registerRead(services: Services, input: Inputs): Promise<ActionRow[]> {
	const set = await recordsSet(services, registerName(input));
	const { filter, select } = await resultQuery(services, set, input);
	const { timeZone } = services.credential;
	const from = input.moment('periodFrom', timeZone);
	const to = input.moment('periodTo', timeZone);
	const condition = allOf(from && `Period ge ${from}`, to && `Period le ${to}`, filter);
	const limit = input.limit();
	const rows: ActionRow[] = [];
	for await (const page of services.session.pages(set, { filter: condition, select, ...(limit === undefined ? {} : { top: limit }) }, PAGE)) {
		rows.push(...page.map((json) => ({ json })));
		if (limit !== undefined && rows.length >= limit) return rows.slice(0, limit);
	}
	return rows;
}

/** The register's main set. */
export function registerName(input: Inputs): string {
	const register = registerOf(input.text('register'));
	if (isRegister(register)) return register;
	throw new Failure('rejected', `${shortLabel(register)} is no register`, { advice: 'Choose a set such as InformationRegister_ЦеныНоменклатуры or AccumulationRegister_ТоварыНаСкладах' });
}

/** The set that gives one row per record: a set of its own where documents write the register (reference 1). */
export async function recordsSet({ metadata }: Services, register: string): Promise<string> {
	return (await metadata.has(recordsOf(register))) ? recordsOf(register) : register;
}
