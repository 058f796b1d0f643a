// Owns the names that the expressions of a profile see: a slip of the pen, or a constant without its quotes, would else
// be a silent nothing. No n8n, no network.
import { nearest } from '../core/patch';

/** Of all places together; docs/rest.md, "What an expression sees", says which are seen where. */
const NAMES = [
	...['settings', 'system', 'answer', 'headers', 'record', 'with', 'id', 'value', 'values', 'module', 'since', 'state', 'page', 'last'],
	...['key', 'document', 'lines', 'options', 'number', 'body', 'changes', 'link', 'username', 'password', 'token', 'clientId', 'clientSecret'],
] as const;

/** JSONata's own words. */
const WORDS = ['true', 'false', 'null', 'and', 'or', 'in', 'function'];

/**
 * What is wrong with an expression that is nothing but a name, or a path from one, which no expression sees: `EUR`,
 * `recrod.name`. It would give nothing, always.
 */
export function unseenName(expression: string): { name: string; advice: string } | undefined {
	const name = /^\s*([A-Za-z_]\w*)(\s*\.\s*\w+)*\s*$/.exec(expression)?.[1];
	if (name === undefined || WORDS.includes(name) || (NAMES as readonly string[]).includes(name)) return undefined;
	const near = nearest(name, NAMES);
	const quoted = expression.trim() === name ? `A constant text stands in quotes of its own: "'${name}'". ` : '';
	return { name, advice: `${quoted}${near ? `Did you mean "${near}"? ` : ''}Names are: ${NAMES.join(', ')}` };
}
