// Owns the lists that the editor offers: sets, registers, organizations, agreements and the like. Writes nothing.
import { isGuid } from './onec.literals';
import { HEADER } from './onec.reading';
import { bySet, isRecords, isRegister, labelOf, objectOf, prefixOf } from './onec.records.sets';
import { planNodes } from './onec.plans';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import type { Row } from './onec.wire';

export interface Choice {
	name: string;
	value: string;
	description?: string;
}

/** More than anybody scrolls through. */
const LONGEST_LIST = 1_000;

type List = (services: Services, of: string) => Promise<Choice[]>;

/** Published sets of these kinds, without those of their table parts. */
const sets =
	(...prefixes: string[]): List =>
	async ({ metadata }) => {
		const published = await metadata.sets();
		return setChoices([...published].filter((set) => prefixes.includes(prefixOf(set)) && !isRecords(set) && !looksLikePart(set, published)));
	};

const LISTS: Record<string, List> = {
	catalogs: sets('Catalog'),
	documents: sets('Document'),
	// What looks like a table part may be an object after all: it is offered here.
	otherSets: async ({ metadata }) => {
		const published = await metadata.sets();
		return setChoices([...published].filter((set) => !['Catalog', 'Document'].includes(prefixOf(set)) || looksLikePart(set, published)));
	},
	constants: sets('Constant'),
	exchangePlans: sets('ExchangePlan'),
	registers: sets('InformationRegister', 'AccumulationRegister', 'AccountingRegister', 'CalculationRegister'),
	informationRegisters: sets('InformationRegister'),
	accumulationRegisters: sets('AccumulationRegister'),
	accountingRegisters: sets('AccountingRegister'),
	// Any prefix: `of` names it.
	sets: async (services, of) => await sets(of)(services, of),
	planNodes: async ({ session }, plan) => (plan ? await planNodes(session, plan) : []).filter(({ own }) => !own).map(({ ref, code, description }) => ({ name: [description, code && `[${code}]`].filter(Boolean).join(' ') || ref, value: ref })),
	functions: async ({ metadata }, set) => await functionsOf(metadata, set),
	fields: async ({ metadata }, set) => (set ? [...(await metadata.properties(set)).values()] : []).filter(({ rows, name }) => !rows && !name.endsWith('_Type')).map(({ name, type }) => ({ name, value: name, description: type })),
	tableParts: async ({ metadata }, set) => (set ? [...(await metadata.tableParts(set))] : []).map(([name, columns]) => ({ name, value: name, description: [...columns.keys()].filter((column) => column !== 'Ref_Key' && column !== 'LineNumber').slice(0, 6).join(', ') })),
	fileFields: async ({ metadata }, set) => (set ? [...(await metadata.properties(set)).keys()] : []).flatMap((name) => (name.endsWith('_Base64Data') ? [{ name: name.slice(0, -'_Base64Data'.length), value: name.slice(0, -'_Base64Data'.length) }] : [])),
	organizations: async (services) => await records(services, (profile) => profile.organization),
	warehouses: async (services) => await records(services, (profile) => profile.warehouse),
	agreements: async (services) => await records(services, (profile) => profile.agreement),
	priceKinds: async (services) => await records(services, (profile) => profile.priceKind),
	currencies: async (services) => await records(services, ({ currency }) => ({ set: currency.set, name: currency.alpha, code: currency.numeric })),
	taxes: async (services) => await taxes(services),
	productCodes: async (services) => await productCodes(services),
};

/**
 * An unknown list is empty: an older workflow may ask for one that is gone.
 *
 * @param of the set or plan that the list belongs to
 */
export async function choices(services: Services, list: string, of?: string): Promise<Choice[]> {
	return (await LISTS[list]?.(services, of ?? '')) ?? [];
}

function setChoices(names: readonly string[]): Choice[] {
	return [...names].sort(bySet).map((name) => ({ name: objectOf(name), value: name, description: labelOf(name) }));
}

/**
 * Whether the set may be a table part of another: its name goes on after that one's. A guess for lists only: names of
 * objects hold `_`, too, and any name can be entered (reference 1).
 */
function looksLikePart(set: string, published: ReadonlySet<string>): boolean {
	if (isRegister(set)) return false;
	for (let at = set.indexOf('_', set.indexOf('_') + 1); at > 0; at = set.indexOf('_', at + 1)) if (published.has(set.slice(0, at))) return true;
	return false;
}

/** A register's slices belong to its set of single records where recorders write it (reference 2). */
async function functionsOf(metadata: Services['metadata'], set: string): Promise<Choice[]> {
	if (!set) return [];
	const own = await metadata.functions(set);
	const ofRecords = isRegister(set) && !isRecords(set) ? await metadata.functions(`${set}_RecordType`) : [];
	return [...new Map([...own, ...ofRecords].map((fn) => [fn.name, fn])).values()].map(({ name, parameters }) => ({ name, value: name, description: parameters.join(', ') }));
}

interface Named {
	set: string;
	name: string;
	code?: string;
}

async function records(services: Services, role: (profile: Profile) => Named | undefined): Promise<Choice[]> {
	const named = role(await services.profile());
	if (!named || !(await services.metadata.has(named.set))) return [];
	const rows = await all(services, named.set);
	return sorted(rows.flatMap((row) => choiceOf(row, named.name, named.code)));
}

/** Of a deletion-marked record nobody wants to make new documents. Filtered here too: one base ignored it (reference 5). */
async function all({ session }: Services, set: string): Promise<Row[]> {
	const rows = await session.rows(set, { select: HEADER, filter: 'DeletionMark eq false', top: LONGEST_LIST });
	return rows.filter((row) => row.DeletionMark !== true && row.IsFolder !== true);
}

function choiceOf(row: Row, nameField: string, codeField?: string): Choice[] {
	if (!isGuid(row.Ref_Key)) return [];
	const name = textOf(row[nameField]) || row.Ref_Key;
	const code = codeField ? textOf(row[codeField]) : '';
	return [{ name: code && code !== name ? `${name} [${code}]` : name, value: row.Ref_Key }];
}

/** Rates of the catalog by id, or members of the enumeration: the metadata does not list those (reference 2). */
async function taxes(services: Services): Promise<Choice[]> {
	const { vat } = await services.profile();
	if (vat.set && (await services.metadata.has(vat.set))) {
		const rows = await all(services, vat.set);
		return sorted(rows.flatMap((row) => choiceOf(row, vat.name ?? 'Description')));
	}
	return Object.entries(vat.members).map(([percent, member]) => ({ name: percent === 'none' ? member : `${percent} % (${member})`, value: member }));
}

async function productCodes(services: Services): Promise<Choice[]> {
	const { product } = await services.profile();
	const rows = await all(services, product.set);
	return sorted(rows.flatMap((row) => {
		const code = textOf(row[product.code]);
		return code ? [{ name: `${textOf(row[product.name])} [${code}]`, value: code }] : [];
	}));
}

function textOf(value: unknown): string {
	return typeof value === 'string' ? value.trim() : '';
}

function sorted(found: Choice[]): Choice[] {
	return found.sort((a, b) => a.name.localeCompare(b.name, 'ru'));
}
