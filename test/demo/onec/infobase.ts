// Owns a tiny configuration made of given shapes, to see the protocol without any real configuration.
// Must not know: the product's client code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Infobase } from '../../../demo/simulators/onec/start';
import type { Facet } from '../../../demo/simulators/onec/edmx.model';
import { defaultSwitches } from '../../../demo/simulators/onec/switches';
import { type Row, TYPE_PREFIX, UNDEFINED, ZERO_GUID } from '../../../demo/simulators/onec/values';

/** `Имя вид`, or a table part's name with its rows. */
export type ShapeLine = string | [string, ShapeLine[][]];

export interface Shape {
	name: string;
	set: string;
	/** Answered for one entity, not as a collection. */
	single: boolean;
	row: ShapeLine[];
	/** References that the answer links to. */
	links: string[];
}

export const SHAPES = JSON.parse(readFileSync(join(__dirname, 'shapes.json'), 'utf8')) as Shape[];
export const TARGET = 'Catalog_Цель';
const GUID = 'a0000000-0001-11f0-8001-00155d000001';

const TYPES: Readonly<Record<string, string>> = { guid: 'Edm.Guid', zero: 'Edm.Guid', date: 'Edm.DateTime', boolean: 'Edm.Boolean', number: 'Edm.Double', int64: 'Edm.Int64' };

const words = (line: string): [string, string] => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
const property = (name: string, type: string): string => `<Property Name="${name}" Type="${type}" Nullable="true"/>`;

/** Columns of a table part: those of all its rows. */
const columns = (rows: ShapeLine[][]): string[] => [...new Map(rows.flat().map((line) => [words(String(line))[0], String(line)])).values()];

function entity(name: string, key: string[], lines: ShapeLine[], links: string[]): string {
	const properties = lines.map((line) => (typeof line === 'string' ? property(words(line)[0], TYPES[words(line)[1]] ?? 'Edm.String') : property(line[0], `Collection(StandardODATA.${name}_${line[0]}_RowType)`)));
	const navigation = links.map((link) => `<NavigationProperty Name="${link}" Relationship="StandardODATA.${name}_${link}" FromRole="Begin" ToRole="End"/>`);
	return `<EntityType Name="${name}"><Key>${key.map((k) => `<PropertyRef Name="${k}"/>`).join('')}</Key>${properties.join('')}${navigation.join('')}</EntityType>`;
}

/** EDMX of one set with its table parts; every link leads to one target. */
function edmx({ set, row, links }: Shape): string {
	const parts = row.filter((line): line is [string, ShapeLine[][]] => typeof line !== 'string');
	const header = entity(set, ['Ref_Key'], row, links);
	const rows = parts.map(([name, all]) => entity(`${set}_${name}`, ['Ref_Key', 'LineNumber'], [...(columns(all).some((c) => c.startsWith('Ref_Key')) ? [] : ['Ref_Key guid']), ...columns(all)], []));
	const target = entity(TARGET, ['Ref_Key'], ['Ref_Key guid', 'Description text'], []);
	const associations = links.map((link) => `<Association Name="${set}_${link}"><End Role="Begin" Type="StandardODATA.${set}"/><End Role="End" Type="StandardODATA.${TARGET}"/></Association>`);
	const sets = [set, ...parts.map(([name]) => `${set}_${name}`), TARGET].map((name) => `<EntitySet Name="${name}" EntityType="StandardODATA.${name}"/>`);
	return [header, ...rows, target, ...associations, ...sets].join('\n');
}

/** Starts an infobase with the shape's set and one record of that shape in it. */
export async function infobaseOf(shape: Shape): Promise<Infobase> {
	const facets: Record<string, Facet> = {};
	for (const line of [...shape.row, ...shape.row.flatMap((l) => (typeof l === 'string' ? [] : l[1].flat()))]) {
		const length = typeof line === 'string' ? /^(\S+) fixed(\d+)$/.exec(line) : null;
		if (length) facets[`*.${String(length[1])}`] = { length: Number(length[2]), fixed: true };
	}
	const configuration = {
		path: 'base',
		metadata: edmx(shape),
		facets,
		handlers: {},
		synonyms: {},
		virtual: () => [],
		plans: { select: () => [], acknowledge: () => undefined },
		install: () => undefined,
	};
	const base = new Infobase(configuration, { port: 0, now: () => Date.parse('2026-10-01T12:00:00Z'), switches: defaultSwitches() });
	base.store.put(shape.set, record(shape.row));
	await base.server.start();
	return base;
}

function record(lines: ShapeLine[]): Row {
	return Object.fromEntries(lines.map((line) => (typeof line === 'string' ? [words(line)[0], sample(words(line)[1])] : [line[0], line[1].map(record)])));
}

function sample(kind: string): Row[string] {
	const values: Readonly<Record<string, Row[string]>> = { guid: GUID, composite: GUID, zero: ZERO_GUID, date: '2026-10-01T00:00:00', boolean: true, number: 1.5, int64: '7', type: `${TYPE_PREFIX}${TARGET}`, undefined: UNDEFINED };
	return values[kind] ?? (kind.startsWith('fixed') ? 'x' : 'текст');
}

/** The shape of a row as it came, in the same notation. */
export function shapeOf(row: Record<string, unknown>): ShapeLine[] {
	return Object.entries(row)
		.filter(([name]) => !name.includes('@') && !name.startsWith('odata.'))
		.map(([name, value]): ShapeLine => (Array.isArray(value) ? [name, value.map((one) => shapeOf(one as Record<string, unknown>))] : `${name} ${kindOf(name, value, row)}`));
}

function kindOf(name: string, value: unknown, row: Record<string, unknown>): string {
	if (typeof value !== 'string') return typeof value;
	if (name === 'DataVersion') return 'version';
	if (name.endsWith('_Type') && name.slice(0, -'_Type'.length) in row) return value === UNDEFINED ? 'undefined' : 'type';
	if (value === GUID) return `${name}_Type` in row ? 'composite' : 'guid';
	if (value === ZERO_GUID) return 'zero';
	if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value)) return 'date';
	if (value === '7') return 'int64';
	return value.endsWith(' ') ? `fixed${value.length}` : 'text';
}
