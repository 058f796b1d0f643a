// Owns the grammar of OData expressions: from tokens to a tree (reference 5).
// Must not know: sets, properties, values of rows.
import { badOption } from './errors';
import { type Token, tokens } from './odata.lexer';

export type Expression =
	| { kind: 'literal'; type: 'string' | 'guid' | 'datetime' | 'number' | 'boolean' | 'null'; value: string | number | boolean | null }
	| { kind: 'path'; path: string[] }
	| { kind: 'not'; of: Expression }
	| { kind: 'binary'; operator: string; left: Expression; right: Expression }
	| { kind: 'call'; name: string; arguments: Expression[]; rest: string[] }
	| { kind: 'lambda'; quantifier: 'any' | 'all'; path: string[]; variable: string; body: Expression | undefined };

/** Lowest first. */
const LEVELS: ReadonlyArray<readonly string[]> = [['or'], ['and'], ['eq', 'ne', 'gt', 'ge', 'lt', 'le'], ['add', 'sub'], ['mul', 'div', 'mod']];

/** Parses a whole expression; `option` is named in the error (code 14). */
export function parseExpression(text: string, option = '$filter'): Expression {
	return new Parser(tokens(text, option), option).whole();
}

class Parser {
	private at = 0;

	constructor(
		private readonly all: Token[],
		private readonly option: string,
	) {}

	whole(): Expression {
		const expression = this.level(0);
		if (this.at < this.all.length) throw badOption(this.option);
		return expression;
	}

	private level(n: number): Expression {
		const operators = LEVELS[n];
		if (!operators) return this.unary();
		let left = this.level(n + 1);
		for (let word = this.word(); word !== undefined && operators.includes(word); word = this.word()) {
			this.at++;
			left = { kind: 'binary', operator: word, left, right: this.level(n + 1) };
		}
		return left;
	}

	private unary(): Expression {
		if (this.word() === 'not') {
			this.at++;
			return { kind: 'not', of: this.unary() };
		}
		return this.primary();
	}

	private primary(): Expression {
		const token = this.next();
		if (token.kind === 'sign') {
			if (token.text !== '(') throw badOption(this.option);
			const inner = this.level(0);
			this.expect(')');
			return inner;
		}
		if (token.kind === 'number') return { kind: 'literal', type: 'number', value: token.value };
		if (token.kind !== 'word') return { kind: 'literal', type: token.kind, value: token.text };
		if (token.text === 'true' || token.text === 'false') return { kind: 'literal', type: 'boolean', value: token.text === 'true' };
		if (token.text === 'null') return { kind: 'literal', type: 'null', value: null };
		return this.sign('(') ? this.call(token.text) : this.path([token.text]);
	}

	/** `Контрагент/ИНН`, `Товары/any(d: ...)`. */
	private path(path: string[]): Expression {
		while (this.sign('/')) {
			this.at++;
			const { kind, text } = this.next();
			if (kind !== 'word') throw badOption(this.option);
			if ((text === 'any' || text === 'all') && this.sign('(')) return this.lambda(text, path);
			path.push(text);
		}
		return { kind: 'path', path };
	}

	private lambda(quantifier: 'any' | 'all', path: string[]): Expression {
		this.expect('(');
		if (this.sign(')')) {
			this.at++;
			return { kind: 'lambda', quantifier, path, variable: '', body: undefined };
		}
		const variable = this.next().text;
		this.expect(':');
		const body = this.level(0);
		this.expect(')');
		return { kind: 'lambda', quantifier, path, variable, body };
	}

	private call(name: string): Expression {
		this.expect('(');
		const found: Expression[] = [];
		while (!this.sign(')')) {
			found.push(this.level(0));
			if (this.sign(',')) this.at++;
			else if (!this.sign(')')) throw badOption(this.option);
		}
		this.expect(')');
		const rest: string[] = [];
		while (this.sign('/')) {
			this.at++;
			rest.push(this.next().text);
		}
		return { kind: 'call', name, arguments: found, rest };
	}

	private word(): string | undefined {
		const token = this.all[this.at];
		return token?.kind === 'word' ? token.text : undefined;
	}

	private sign(text: string): boolean {
		const token = this.all[this.at];
		return token?.kind === 'sign' && token.text === text;
	}

	private next(): Token {
		const token = this.all[this.at++];
		if (!token) throw badOption(this.option);
		return token;
	}

	private expect(text: string): void {
		const token = this.next();
		if (token.kind !== 'sign' || token.text !== text) throw badOption(this.option);
	}
}
