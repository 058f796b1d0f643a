// Owns answering GET on sets and entities (reference 1, 5).
// Must not know: HTTP, the format of the answer.
import { noInstance, noMemory, noRights, noSegment, noSet } from './errors';
import type { EntitySet } from './edmx.model';
import type { Service } from './http';
import type { Answer } from './odata.answer';
import { compileFilter } from './odata.compile';
import { parseExpression } from './odata.expression';
import { keyText } from './odata.key';
import type { Options } from './odata.options';
import { ordered } from './odata.order';
import { isComposite } from './odata.resolve';
import { type Projection, type Shown, projection, show } from './odata.select';
import type { Store } from './store';
import { type Row, TYPE_PREFIX, ZERO_GUID, guidFrom, text } from './values';

export const present = (service: Service) => (set: string, row: Row): string => service.objects.present(set, row);

/** The set a URL begins with; code 8 when it is not published, code 20 when this user may not. */
export function setOf({ store, switches }: Service, name: string): EntitySet {
	const set = store.definition(name);
	if (!set || !store.isPublished(name)) throw noSet(name);
	if (switches.forbiddenSets.includes(name) || (set.owner !== undefined && switches.forbiddenSets.includes(set.owner))) throw noRights();
	return set;
}

/** Rows of a set (or of a virtual table) as the options want them. */
export function collection(service: Service, set: EntitySet, rows: Row[], options: Options): Answer {
	const { store } = service;
	const scope = { store, set, variables: {} };
	const matches = options.filter === undefined ? () => true : compileFilter(scope, parseExpression(options.filter));
	const how = projection(store, set, options.select, options.expand);
	const found = visible(service, set, rows.filter(matches), options.allowedOnly);
	const skip = options.skip ?? 0;
	const page = ordered(scope, found, options.orderby, present(service)).slice(skip, options.top === undefined ? undefined : skip + options.top);
	guardMemory(service, set.role === 'recorder' ? found.length : page.length);
	return { kind: 'collection', set, shown: shownRows(service, set, page, how), count: options.inlineCount ? found.length : undefined };
}

export function count(service: Service, set: EntitySet, rows: Row[], options: Options): Answer {
	const matches = options.filter === undefined ? () => true : compileFilter({ store: service.store, set, variables: {} }, parseExpression(options.filter));
	return { kind: 'count', count: visible(service, set, rows.filter(matches), options.allowedOnly).length };
}

const shownRows = (service: Service, set: EntitySet, rows: Row[], how: Projection): Shown[] => rows.map((row) => show(service.store, set, outward(service, set, row), how, present(service)));

/** The whole selection is built in memory, whatever `$top` says, where a row is a set of records. */
function guardMemory({ switches }: Service, rows: number): void {
	if (switches.memoryRows > 0 && rows > switches.memoryRows) throw noMemory();
}

/** Rows a restriction hides: left out with `allowedOnly`, otherwise the whole answer is refused. */
function visible({ store, switches }: Service, set: EntitySet, rows: Row[], allowedOnly: boolean): Row[] {
	const hidden = switches.hiddenRows[set.name];
	if (!hidden) return rows;
	const allowed = rows.filter((row) => !hidden.includes(store.keyOf(set.name, row)));
	if (allowed.length < rows.length && !allowedOnly) throw noRights();
	return allowed;
}

/** One stored row by the text in the brackets. */
export function rowAt(service: Service, set: EntitySet, inside: string): Row {
	const key = keyText(set, inside);
	const { store } = service;
	const row = set.role === 'part' || set.role === 'record' ? store.rows(set.name).find((one) => store.keyOf(set.name, one) === key) : store.get(set.name, key);
	if (!row) throw noInstance();
	if (service.switches.hiddenRows[set.name]?.includes(key)) throw noRights();
	return row;
}

/** One entity; `$expand` has no effect on it. */
export function entity(service: Service, set: EntitySet, row: Row, options: Pick<Options, 'select'>): Answer {
	const how = projection(service.store, set, options.select, undefined);
	return { kind: 'entity', shown: show(service.store, set, outward(service, set, row), how, present(service)), status: 200 };
}

/** `Set(key)/Контрагент`: the record that a reference leads to. */
export function follow(service: Service, set: EntitySet, row: Row, name: string): { set: EntitySet; row: Row } {
	const target = set.navigation.find((n) => n.name === name)?.target ?? (isComposite(set, name) ? text(row, `${name}_Type`).replace(TYPE_PREFIX, '') : undefined);
	if (target === undefined || (target !== '' && !service.store.isPublished(target) && !isComposite(set, name))) throw noSegment(name);
	const ref = isComposite(set, name) ? text(row, name) : text(row, `${name}_Key`);
	const found = service.store.isPublished(target) && ref !== ZERO_GUID ? service.store.get(target, ref) : undefined;
	if (!found) throw noInstance();
	return { set: setOf(service, target), row: found };
}

/** What an unpublished type looks like from outside: a name made of its guid. */
export function outward(service: Service, set: EntitySet, row: Row): Row {
	const changed: Row = { ...row };
	for (const [name, value] of Object.entries(row)) {
		if (Array.isArray(value)) changed[name] = value.map((one) => outward(service, set, one));
		else if (name.endsWith('_Type') && typeof value === 'string') changed[name] = outwardType(service.store, value);
	}
	return changed;
}

/** Prefixes of types that are entity sets; enumerations have none. */
const SETS = /^(?:Catalog|Document|DocumentJournal|ExchangePlan|ChartOf\w+|BusinessProcess|Task)_/;

function outwardType(store: Store, type: string): string {
	const name = type.replace(TYPE_PREFIX, '');
	return type.startsWith(TYPE_PREFIX) && SETS.test(name) && !store.isPublished(name) ? `UnavailableEntities.UnavailableEntity_${guidFrom(name)}` : type;
}
