// Owns reading a search domain (Polish notation) into a tree, with each version's complaints about a malformed one.
// Must not know: records; the tree is evaluated in domain.match.ts.
import { assertionError, OdooError, typeError, valueError } from './failure';
import type { Json } from './json';
import { pyRepr } from './python';
import type { Version } from './versions';

export interface Leaf {
	path: string;
	operator: string;
	value: Json;
}

export type Tree = { all: Tree[] } | { any: Tree[] } | { not: Tree } | { leaf: Leaf } | { constant: boolean };

const OPERATORS = new Set([
	'=',
	'!=',
	'<>',
	'>',
	'>=',
	'<',
	'<=',
	'like',
	'not like',
	'ilike',
	'not ilike',
	'=like',
	'=ilike',
	'in',
	'not in',
	'child_of',
	'parent_of',
	'=?',
]);
const SINCE_17 = new Set(['any', 'not any']);

/** Parses a domain; `and` is implied between terms at the top. */
export function parseDomain(version: Version, domain: Json): Tree {
	if (domain === null || domain === false) return { constant: true };
	if (!Array.isArray(domain)) {
		if (version >= 19) throw typeError(`Domain() invalid argument type for domain: ${pyRepr(domain)}`);
		throw assertionError("Domains to normalize must have a 'domain' form: a list or tuple of domain components");
	}
	const terms: Tree[] = [];
	let at = 0;
	const next = (): Tree => {
		if (at >= domain.length) throw malformed(version, domain);
		const item = domain[at++] ?? null;
		if (item === '!') return { not: next() };
		if (item === '&') return { all: [next(), next()] };
		if (item === '|') return { any: [next(), next()] };
		return leafOf(version, item);
	};
	while (at < domain.length) terms.push(next());
	return { all: terms };
}

function leafOf(version: Version, item: Json): Tree {
	if (!Array.isArray(item) || item.length !== 3) throw badShape(version, item);
	const [path, operator, value = null] = item;
	if (path === 1 || path === 0) return { constant: path === value };
	if (typeof path !== 'string' || typeof operator !== 'string') throw badShape(version, item);
	const known = OPERATORS.has(operator.toLowerCase()) || (version >= 17 && SINCE_17.has(operator));
	if (!known) {
		if (version === 14 && Array.isArray(value) && value.some((v) => Array.isArray(v))) throw typeError("unhashable type: 'list'");
		const quoted = pyRepr(item, true);
		throw valueError(version >= 19 ? `Invalid operator in condition ${quoted}` : `Invalid leaf ${quoted}`);
	}
	return { leaf: { path, operator: operator === '<>' ? '!=' : operator.toLowerCase(), value } };
}

function malformed(version: Version, domain: Json): OdooError {
	if (version === 14) return assertionError(`This domain is syntactically not correct: ${pyRepr(domain)}`);
	if (version < 19) return valueError(`Domain ${pyRepr(domain)} is syntactically not correct.`);
	return valueError(`Domain() malformed domain ${pyRepr(domain)}`);
}

function badShape(version: Version, item: Json): OdooError {
	if (version === 14) return valueError(`Invalid leaf ${pyRepr(item, true)}`);
	if (version >= 19) return valueError(`Domain() invalid item in domain: ${pyRepr(item)}`);
	const found = Array.isArray(item) ? item.length : 1;
	return valueError(`not enough values to unpack (expected 3, got ${found})`);
}

/** The fields at the top of the paths a tree looks at; a domain that names `active` sees archived records. */
export function namedFields(tree: Tree): string[] {
	if ('all' in tree) return tree.all.flatMap(namedFields);
	if ('any' in tree) return tree.any.flatMap(namedFields);
	if ('not' in tree) return namedFields(tree.not);
	return 'leaf' in tree ? [tree.leaf.path.split('.')[0] ?? ''] : [];
}

export function unknownDomainField(version: Version, model: string, leaf: Leaf): OdooError {
	const field = leaf.path.split('.')[0] ?? '';
	const quoted = pyRepr([leaf.path, leaf.operator, leaf.value], true);
	return valueError(`Invalid field ${model}.${field} in ${version >= 19 ? 'condition' : 'leaf'} ${quoted}`);
}
