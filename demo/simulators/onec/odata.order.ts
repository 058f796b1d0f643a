// Owns in which order rows come, and that without `$orderby` no order is promised (reference 5).
// Must not know: formats, filters.
import { badOption } from './errors';
import type { EntitySet } from './edmx.model';
import { compile } from './odata.compile';
import { parseExpression } from './odata.expression';
import type { Scope } from './odata.resolve';
import type { Store } from './store';
import { type Row, type Value, text } from './values';

interface Rule {
	of: (row: Row) => Value;
	sign: 1 | -1;
}

/** Sorted rows; without `orderby` as they lie, or rotated by the switch. `present` gives the text by which references are ordered. */
export function ordered(scope: Scope, rows: Row[], orderby: string | undefined, present: (set: string, row: Row) => string): Row[] {
	const lying = scope.store.switches.rotateUnordered ? rotated(scope.store, rows) : rows;
	// A register of recorders takes any `$orderby`, unknown fields too, and does not look at it.
	if (orderby === undefined || scope.set.role === 'recorder' || isRecorded(scope.set)) return lying;
	const rules = orderby.split(',').map((item) => rule(scope, item.trim(), present));
	return [...lying].sort((a, b) => {
		for (const { of, sign } of rules) {
			const difference = compare(of(a), of(b));
			if (difference !== 0) return difference * sign;
		}
		return 0;
	});
}

const isRecorded = (set: EntitySet): boolean => set.role === 'record';

/** Every answer begins one row earlier than the one before: pages always repeat rows, and so never reach the last ones. */
function rotated(store: Store, rows: Row[]): Row[] {
	const start = rows.length === 0 ? 0 : rows.length - 1 - (store.next('~rotation') % rows.length);
	return [...rows.slice(start), ...rows.slice(0, start)];
}

function rule(scope: Scope, item: string, present: (set: string, row: Row) => string): Rule {
	const match = /^(.+?)(?:\s+(asc|desc))?$/.exec(item);
	if (!match) throw badOption('$orderby');
	const name = match[1] ?? '';
	const sign = match[2] === 'desc' ? -1 : 1;
	const { set, store } = scope;
	// References are ordered by what people see, not by their guid.
	if (name === 'Ref_Key' && set.role === 'object') return { of: (row) => present(set.name, row), sign };
	const target = set.navigation.find((n) => `${n.name}_Key` === name)?.target;
	if (target !== undefined) return { of: (row) => presented(store, target, text(row, name), present), sign };
	const compiled = compile(scope, parseExpression(name, '$orderby'));
	return { of: (row) => compiled.values({ row, variables: {} })[0] ?? null, sign };
}

function presented(store: Store, target: string, ref: string, present: (set: string, row: Row) => string): string {
	const row = store.get(target, ref);
	return row ? present(target, row) : '';
}

function compare(a: Value, b: Value): number {
	if (a === b) return 0;
	if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'ru');
	return Number(a) - Number(b);
}
