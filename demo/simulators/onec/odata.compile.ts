// Owns what operators and functions of the query language do, and what the service refuses to compare (reference 5).
// Must not know: where expressions come from, formats.
import { badOption, noRights, notComparable, notFilterable, notImplemented } from './errors';
import { FUNCTIONS, MISSING } from './odata.functions';
import type { Expression } from './odata.expression';
import { type Compiled, type Frame, type Kind, type Scope, compilePath, compileRows, compositeText } from './odata.resolve';
import { type Row, TYPE_PREFIX, type Value } from './values';

/** A row passes or not. Compiling throws what the service would answer, whether or not there are rows. */
export function compileFilter(scope: Scope, expression: Expression): (row: Row) => boolean {
	const condition = compile(scope, expression);
	if (condition.kind !== 'boolean') throw badOption('$filter');
	return (row) => condition.values({ row, variables: {} }).includes(true);
}

export function compile(scope: Scope, expression: Expression): Compiled {
	switch (expression.kind) {
		case 'literal':
			return { kind: expression.type, values: () => [expression.value] };
		case 'path':
			mayFilter(scope, expression.path);
			return compilePath(scope, expression.path);
		case 'not': {
			const inner = compile(scope, expression.of);
			return flag((frame) => !inner.values(frame).includes(true));
		}
		case 'binary':
			return binary(scope, expression.operator, expression.left, expression.right);
		case 'call':
			return call(scope, expression);
		case 'lambda':
			return lambda(scope, expression);
	}
}

const flag = (test: (frame: Frame) => boolean): Compiled => ({ kind: 'boolean', values: (frame) => [test(frame)] });

/** A role can forbid a field in the filter only. */
function mayFilter({ store, set }: Scope, path: readonly string[]): void {
	if (store.switches.forbiddenSets.includes(set.name)) throw noRights();
	if (path[0] !== undefined && store.switches.unfilterable.includes(`${set.name}.${path[0]}`)) throw notFilterable();
}

function binary(scope: Scope, operator: string, leftTree: Expression, rightTree: Expression): Compiled {
	const left = compile(scope, leftTree);
	const right = compile(scope, rightTree);
	if (operator === 'and') return flag((f) => left.values(f).includes(true) && right.values(f).includes(true));
	if (operator === 'or') return flag((f) => left.values(f).includes(true) || right.values(f).includes(true));
	if (operator in ARITHMETIC) return arithmetic(operator, left, right);
	if (ignoresMark(scope, leftTree) || ignoresMark(scope, rightTree)) return flag(() => true);
	return comparison(operator, left, right, scope.store.switches.textCase === 'ignored');
}

/** УНФ report: the mark of a document set filters nothing. */
const ignoresMark = ({ store, set }: Scope, tree: Expression): boolean =>
	store.switches.deletionMarkFilter === 'ignored' && set.kind === 'Document' && tree.kind === 'path' && tree.path.join('/') === 'DeletionMark';

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
	add: (a, b) => a + b,
	sub: (a, b) => a - b,
	mul: (a, b) => a * b,
	div: (a, b) => a / b,
	mod: (a, b) => a % b,
};

function arithmetic(operator: string, left: Compiled, right: Compiled): Compiled {
	if (operator === 'mod') throw notImplemented('mod');
	if (left.kind !== 'number' || right.kind !== 'number') throw notComparable();
	const work = ARITHMETIC[operator];
	return { kind: 'number', values: (f) => left.values(f).flatMap((a) => right.values(f).map((b) => work?.(Number(a), Number(b)) ?? 0)) };
}

const REFERENCES: ReadonlySet<Kind> = new Set(['guid', 'composite', 'recorder']);

function comparison(operator: string, left: Compiled, right: Compiled, anyCase: boolean): Compiled {
	const kinds = [left.kind, right.kind];
	if (kinds.includes('unlimited')) throw notComparable();
	if (kinds.includes('null')) return flag((f) => (operator === 'ne') !== left.values(f).some((value) => value === null));
	// References know only equal and not equal.
	if (kinds.some((kind) => REFERENCES.has(kind)) && operator !== 'eq' && operator !== 'ne') throw notComparable();
	if (kinds.includes('recorder') && kinds.includes('guid')) throw notComparable();
	// A composite compared with a plain guid or text: no error, no rows.
	if (kinds.some(composite) && !kinds.every(composite)) return mixed(operator, left, right);
	if (left.kind !== right.kind && !kinds.every(composite)) throw notComparable();
	const test = COMPARE[operator] ?? (() => false);
	return flag((f) => left.values(f).some((a) => right.values(f).some((b) => test(order(a, b, anyCase)))));
}

const composite = (kind: Kind): boolean => kind === 'composite' || kind === 'recorder';

/** `X_Key eq cast(guid'...', 'Catalog_X')` is about the guid; everything else finds nothing. */
function mixed(operator: string, left: Compiled, right: Compiled): Compiled {
	const [typed, plain] = composite(left.kind) ? [left, right] : [right, left];
	if (plain.kind !== 'guid' || typed !== right) return flag(() => operator === 'ne');
	return flag((f) => typed.values(f).some((a) => plain.values(f).some((b) => String(a).endsWith(` ${String(b)}`) === (operator === 'eq'))));
}

const COMPARE: Readonly<Record<string, (sign: number) => boolean>> = {
	eq: (sign) => sign === 0,
	ne: (sign) => sign !== 0,
	gt: (sign) => sign > 0,
	ge: (sign) => sign >= 0,
	lt: (sign) => sign < 0,
	le: (sign) => sign <= 0,
};

/** Trailing spaces mean nothing, as in the databases under 1C: `НомерКонтракта` is stored padded. */
function order(a: Value, b: Value, anyCase: boolean): number {
	if (typeof a === 'string' && typeof b === 'string') {
		const [left, right] = anyCase ? [a.trimEnd().toLowerCase(), b.trimEnd().toLowerCase()] : [a.trimEnd(), b.trimEnd()];
		return left < right ? -1 : left > right ? 1 : 0;
	}
	return Number(a) - Number(b);
}

function call(scope: Scope, { name, arguments: given, rest }: Extract<Expression, { kind: 'call' }>): Compiled {
	if (name === 'cast') return cast(scope, given, rest);
	if (name === 'isof') return isof(scope, given);
	const made = FUNCTIONS[name];
	if (!made) throw MISSING.has(name) ? notImplemented(name) : badOption('$filter');
	if (given.length < made.least) throw badOption('$filter');
	const parts = given.map((argument) => compile(scope, argument));
	return { kind: made.kind, values: (f) => combinations(parts.map((part) => part.values(f))).map((values) => made.of(values)) };
}

/** Every way to take one value of each list: with a table part in it, a call has many results. */
const combinations = (lists: Value[][]): Value[][] => lists.reduce<Value[][]>((all, list) => all.flatMap((head) => list.map((value) => [...head, value])), [[]]);

/** `cast(guid'...','Document_X')` is the reference to compare a composite with; `cast(Поле,'Document_X')` gives nothing for another type. */
function cast(scope: Scope, [of, type]: Expression[], rest: string[]): Compiled {
	if (!of || type?.kind !== 'literal' || rest.length > 0) throw notImplemented('cast');
	const inner = compile(scope, of);
	const name = typeName(type.value);
	if (inner.kind === 'guid') return { kind: 'composite', values: (f) => inner.values(f).map((ref) => compositeText(name, ref)) };
	if (composite(inner.kind)) return { kind: 'composite', values: (f) => inner.values(f).filter((value) => String(value).startsWith(`${name} `)) };
	if (String(type.value) === 'Edm.String') return { kind: 'string', values: (f) => inner.values(f).map(String) };
	return inner;
}

function isof(scope: Scope, [of, type]: Expression[]): Compiled {
	if (!of || type?.kind !== 'literal') throw badOption('$filter');
	const inner = compile(scope, of);
	const name = typeName(type.value);
	return flag((f) => inner.values(f).some((value) => String(value).startsWith(`${name} `)));
}

const typeName = (value: Value): string => (String(value).startsWith(TYPE_PREFIX) ? String(value) : TYPE_PREFIX + String(value));

function lambda(scope: Scope, { quantifier, path, variable, body }: Extract<Expression, { kind: 'lambda' }>): Compiled {
	const { set, rows } = compileRows(scope, path);
	if (!body) return flag((f) => rows(f).length > 0);
	const inner = compile({ ...scope, variables: { ...scope.variables, [variable]: set } }, body);
	const holds = (f: Frame) => (row: Row) => inner.values({ row: f.row, variables: { ...f.variables, [variable]: row } }).includes(true);
	return flag((f) => (quantifier === 'any' ? rows(f).some(holds(f)) : rows(f).every(holds(f))));
}

