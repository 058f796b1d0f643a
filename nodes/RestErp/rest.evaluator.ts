// Owns working out the expressions of one profile: compiled once, run with limits, told with file, place, expression
// and position when they do not work. Must not know the network.
import { compileExpression, ExpressionFault, type Expression, type ExpressionFunction } from '../core/expressions';
import { Failure } from '../core/failure';
import { isRecord } from '../core/values';
import type { Mapping } from './rest.profile.parts';
import { splitTemplate } from './rest.profile.places';
import type { Bindings, Evaluator, Scope } from './rest.services';

export class ProfileEvaluator implements Evaluator {
	private readonly compiled = new Map<string, Expression>();

	/**
	 * @param file how messages call the profile: `shipped profile "erpnext"`
	 * @param functions beside JSONata's own
	 */
	constructor(
		private readonly file: string,
		private readonly functions: Readonly<Record<string, ExpressionFunction>> = {},
	) {}

	async value(place: string, expression: string, scope: Scope, bindings?: Bindings): Promise<unknown> {
		try {
			return await this.compile(expression).evaluate(scope, bindings);
		} catch (error) {
			// What a bound function finds out about the record, e.g. a product that is not there, is no fault of the profile.
			if (error instanceof ExpressionFault && error.cause instanceof Failure) throw error.cause;
			if (error instanceof ExpressionFault) throw this.fault(place, expression, `cannot be worked out: ${error.message}`);
			throw error;
		}
	}

	async text(place: string, expression: string, scope: Scope, bindings?: Bindings): Promise<string | undefined> {
		const value = await this.value(place, expression, scope, bindings);
		if (value === undefined || value === null || value === '') return undefined;
		if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
		if (typeof value === 'object' && 'isLosslessNumber' in value) return String(value as unknown as { value: string });
		throw this.fault(place, expression, `gives ${Array.isArray(value) ? `${value.length} values` : 'an object'} where one text or number is needed`);
	}

	async list(place: string, expression: string, scope: Scope, bindings?: Bindings): Promise<unknown[]> {
		const value = await this.value(place, expression, scope, bindings);
		return value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value];
	}

	async mapping(place: string, mapping: Mapping, scope: Scope, bindings?: Bindings): Promise<unknown> {
		if (typeof mapping === 'string') return await this.value(place, mapping, scope, bindings);
		if (!isRecord(mapping)) return mapping;
		const fields: Record<string, unknown> = {};
		for (const [name, inner] of Object.entries(mapping)) {
			const value = await this.mapping(`${place}.${name}`, inner, scope, bindings);
			if (value !== undefined) fields[name] = value;
		}
		// An object of which nothing has a value is nothing: `billing: {}` would say that there is an address.
		return Object.keys(fields).length === 0 && Object.keys(mapping).length > 0 ? undefined : fields;
	}

	async path(place: string, template: string, scope: Scope): Promise<string | undefined> {
		const parts: string[] = [];
		for (const part of splitTemplate(template)) {
			if ('text' in part) {
				parts.push(part.text);
				continue;
			}
			const value = await this.text(place, part.expression, scope);
			if (value === undefined) return undefined;
			parts.push(part.expression === 'module' ? this.segments(place, value) : encoded(value));
		}
		const path = parts.join('');
		if (isInside(path)) return path;
		throw this.fault(place, template, `gives the path "${path}", which would leave the place that the profile means`);
	}

	/** A module may be a path of its own: `sales/orders`. */
	private segments(place: string, value: string): string {
		const segments = value.replace(/^\/+|\/+$/g, '').split('/');
		if (segments.includes('')) throw this.fault(place, 'module', `is "${value}", which is no path`);
		return segments.map(encoded).join('/');
	}

	private compile(text: string): Expression {
		const known = this.compiled.get(text) ?? compileExpression(text, this.functions);
		this.compiled.set(text, known);
		return known;
	}

	private fault(place: string, expression: string, what: string): Failure {
		return new Failure('rejected', `${this.file}, ${place}: ${JSON.stringify(expression)} ${what}`, { advice: 'Correct the profile there; "Test Profile" shows what each of its parts gives' });
	}
}

/**
 * Every character that could mean something in an address is escaped; OData's keys stand in parentheses and quotes. A colon
 * means nothing behind the first slash (RFC 3986, 3.3), and some servers look for it as it is (NetSuite: `eid:CID002`).
 */
function encoded(value: string): string {
	return encodeURIComponent(value.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD')).replaceAll('%3A', ':').replace(/[!*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Whether the path stays where it is: servers and proxies take `..` and its escaped forms for "one up", also between escaped slashes. */
function isInside(path: string): boolean {
	if (!path.startsWith('/') || path.startsWith('//') || /[\\#\s]/.test(path)) return false;
	const [folders] = path.split('?') as [string];
	return folders.split('/').every((segment) => !/^(\.|%2e){1,2}$/i.test(segment)) && folders.split(/\/|%2f|%5c/i).every((part) => !/^(\.|%2e){2}$/i.test(part));
}
