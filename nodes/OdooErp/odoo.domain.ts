// Owns the strict reading of a domain that a user typed as JSON. Pure.
import { z } from 'zod';
import { Failure } from '../core/failure';
import type { Domain } from './odoo.values';

const OPERATORS = ['=', '!=', '>', '>=', '<', '<=', 'like', 'ilike', 'not like', 'not ilike', '=like', '=ilike', 'in', 'not in', 'child_of', 'parent_of', 'any', 'not any'] as const;
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const condition = z.tuple([z.string().regex(/^[a-z_][\w.]*$/i, 'a field name is expected'), z.enum(OPERATORS), z.union([scalar, z.array(z.unknown())])]);

const EXAMPLE = 'e.g. [["is_company", "=", true], "|", ["city", "=", "Rome"], ["city", "=", "Milan"]]';

/**
 * A domain in Odoo's prefix notation, checked before it is sent: a malformed one gives a different exception in every
 * version.
 *
 * @throws Failure `rejected` that says which part is wrong
 */
export function readDomain(given: string | undefined): Domain {
	if (!given?.trim()) return [];
	const parts = parseList(given);
	// Each operator opens one place more, each condition fills one; several conditions without one mean "and".
	let owed = 0;
	parts.forEach((part, i) => {
		if (part === '&' || part === '|') owed += owed === 0 ? 2 : 1;
		else if (part === '!') owed += owed === 0 ? 1 : 0;
		else {
			checkCondition(part, i);
			if (owed > 0) owed--;
		}
	});
	if (owed > 0) throw wrong(`${owed} condition${owed === 1 ? ' is' : 's are'} missing behind "&", "|" or "!"`);
	return parts;
}

function parseList(given: string): unknown[] {
	try {
		const value: unknown = JSON.parse(given);
		if (Array.isArray(value)) return value;
	} catch (error) {
		throw wrong(`it is not JSON (${error instanceof Error ? error.message : String(error)})`);
	}
	throw wrong('it is not a list');
}

function checkCondition(part: unknown, index: number): void {
	const parsed = condition.safeParse(part);
	if (parsed.success) return;
	const [issue] = parsed.error.issues;
	const where = ['field', 'operator', 'value'][Number(issue?.path[0])];
	throw wrong(`part ${index + 1}, ${JSON.stringify(part)}, is no condition${where ? ` (its ${where}: ${issue?.message ?? ''})` : ''}`);
}

function wrong(what: string): Failure {
	return new Failure('rejected', `The domain cannot be read: ${what}`, { advice: `A domain is a list of conditions, ${EXAMPLE}` });
}
