// Owns vtiger's query language: text in, a parsed query out, or the errors vtiger's own parser gives.
// Must not know: modules, fields, records.
import { internal, Refusal } from './failure';

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'in';

export interface Condition {
	column: string;
	operator: Operator;
	/** One value, or the list of `in`. */
	values: string[];
	/** How this condition hangs on those before it. */
	join: 'and' | 'or';
}

export interface Query {
	/** `'*'`, `'count'` or the columns. */
	columns: '*' | 'count' | string[];
	module: string;
	conditions: Condition[];
	order: string[];
	descending: boolean;
	offset: number;
	count: number;
}

interface Token {
	kind: string;
	text: string;
}

/** What a letter behind a backslash means to MariaDB. */
const SQL_ESCAPES: Record<string, string> = { 0: '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\u001a' };

/** The server's row limit: default and maximum. */
export const MAX_ROWS = 100;

const KEYWORDS: Record<string, string> = {
	select: 'SELECT',
	from: 'FRM',
	where: 'WHERE',
	and: 'LOGICAL_AND',
	or: 'LOGICAL_OR',
	order: 'ORDERBY',
	by: 'BY',
	limit: 'LIMIT',
	like: 'LIKE',
	in: 'IN',
	asc: 'ASC',
	desc: 'DESC',
	count: 'COUNT',
};
const SYMBOLS: Record<string, string> = {
	'=': 'EQ',
	'<': 'LT',
	'>': 'GT',
	'<=': 'LTE',
	'>=': 'GTE',
	'!=': 'NE',
	'(': 'PARENOPEN',
	')': 'PARENCLOSE',
	',': 'COMMA',
	';': 'SEMICOLON',
	'*': 'ASTERISK',
};
const OPERATORS: Record<string, Operator> = { EQ: '=', NE: '!=', LT: '<', LTE: '<=', GT: '>', GTE: '>=', LIKE: 'like', IN: 'in' };
const OPERATOR_NAMES = 'EQ,LT,GT,LTE,GTE,NE,IN,LIKE';
const LEXEME = /\s+|'(?:[^']|'')*'|<=|>=|!=|[=<>(),;*]|-?\d+(?![\w.])|[^\s'"=<>!(),;*]+|./gsu;

/** Parses one query, which must end with exactly one `;`. */
export function parseQuery(text: string): Query {
	return new Parser(tokensOf(text)).query();
}

function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	for (const [lexeme] of text.matchAll(LEXEME)) {
		if (/^\s+$/.test(lexeme)) continue;
		if (lexeme === '"' || lexeme === "''") throw internal();
		tokens.push({ kind: kindOf(lexeme), text: lexeme });
	}
	return tokens;
}

function kindOf(lexeme: string): string {
	return SYMBOLS[lexeme] ?? KEYWORDS[lexeme.toLowerCase()] ?? (/^['\d-]/.test(lexeme) ? 'VALUE' : 'COLUMNNAME');
}

class Parser {
	private at = 0;
	/** A text ended in a lone backslash. */
	private openLiteral = false;

	constructor(private readonly tokens: Token[]) {}

	query(): Query {
		this.expect('SELECT', 'SELECT', 'Unknown');
		const columns = this.columns();
		this.expect('FRM', 'SELECT');
		const module = this.module();
		const conditions = this.conditions();
		const { order, descending } = this.order();
		const { offset, count } = this.limit();
		this.expect('SEMICOLON', 'SEMICOLON', this.tokens[this.at - 2]?.kind === 'LIMIT' ? 'VALUE' : undefined);
		if (this.peek()) throw this.unexpected('');
		if (this.openLiteral) throw internal();
		return { columns, module, conditions, order, descending, offset, count };
	}

	private columns(): Query['columns'] {
		if (this.take('ASTERISK')) return '*';
		if (this.take('COUNT')) {
			for (const kind of ['PARENOPEN', 'ASTERISK', 'PARENCLOSE']) this.expect(kind, kind);
			return 'count';
		}
		const names = [this.column('SELECT')];
		while (this.take('COMMA')) names.push(this.column('SELECT'));
		return names;
	}

	/** The server reads everything up to the next space as the module: `Accounts,` is one. */
	private module(): string {
		let name = this.next('TABLENAME').text;
		while (this.peek()?.kind === 'COMMA') {
			name += this.next('').text;
			this.at = this.tokens.length;
			throw new Refusal('ACCESS_DENIED', `Permission to perform the operation is denied for name : ${name}`);
		}
		return name;
	}

	private conditions(): Condition[] {
		const found: Condition[] = [];
		if (!this.take('WHERE')) return found;
		let join: Condition['join'] = 'and';
		for (;;) {
			found.push({ ...this.condition(), join });
			if (this.take('LOGICAL_AND')) join = 'and';
			else if (this.take('LOGICAL_OR')) join = 'or';
			else return found;
		}
	}

	private condition(): Omit<Condition, 'join'> {
		const column = this.column('COLUMNNAME');
		const token = this.peek();
		const operator = token ? OPERATORS[token.kind] : undefined;
		if (!operator) throw this.unexpected(OPERATOR_NAMES, 'VALUE');
		this.at++;
		if (operator !== 'in') return { column, operator, values: [this.value()] };
		this.expect('PARENOPEN', 'PARENOPEN');
		const values = [this.value()];
		while (this.take('COMMA')) values.push(this.value());
		this.expect('PARENCLOSE', 'PARENCLOSE');
		return { column, operator, values };
	}

	private order(): { order: string[]; descending: boolean } {
		const order: string[] = [];
		if (this.take('ORDERBY')) {
			this.expect('BY', 'BY');
			do order.push(this.column('COLUMNNAME'));
			while (this.take('COMMA'));
		}
		const descending = this.take('DESC');
		if (!descending) this.take('ASC');
		return { order, descending };
	}

	/** `limit count` or `limit offset,count`. */
	private limit(): { offset: number; count: number } {
		if (!this.take('LIMIT')) return { offset: 0, count: MAX_ROWS };
		const first = Number(this.value());
		if (!this.take('COMMA')) return { offset: 0, count: Math.min(first, MAX_ROWS) };
		return { offset: first, count: Math.min(Number(this.value()), MAX_ROWS) };
	}

	private column(expected: string): string {
		const token = this.peek();
		// Recorded: a number in a column's place is no syntax error, but ends in the general one.
		if (expected === 'COLUMNNAME' && /^\d/.test(token?.text ?? '')) throw internal();
		if (token?.kind !== 'COLUMNNAME' && token?.kind !== 'BY') throw this.unexpected(expected);
		if (token.text.includes('.')) throw internal();
		this.at++;
		return token.text;
	}

	private value(): string {
		const token = this.peek();
		if (!token || !['VALUE', 'COLUMNNAME'].includes(token.kind)) throw this.unexpected('VALUE');
		if (/^-?\d+\.\d/.test(token.text)) throw internal();
		this.at++;
		if (!token.text.startsWith("'")) return token.text;
		const text = token.text.slice(1, -1).replace(/''/g, "'");
		// For SQL the quote behind a lone backslash does not end the text; vtiger's own parser goes first.
		if (/(^|[^\\])(\\\\)*\\$/.test(text)) this.openLiteral = true;
		return unescaped(text);
	}

	private peek(): Token | undefined {
		return this.tokens[this.at];
	}

	private take(kind: string): boolean {
		if (this.peek()?.kind !== kind) return false;
		this.at++;
		return true;
	}

	private next(expected: string): Token {
		const token = this.peek();
		if (!token) throw this.unexpected(expected);
		this.at++;
		return token;
	}

	private expect(kind: string, expected: string, seenAs?: string): void {
		if (!this.take(kind)) throw this.unexpected(expected, seenAs);
	}

	/** vtiger names the token, what it took it for and what it wanted; at the end it names the last token. */
	private unexpected(expected: string, seenAs?: string): Refusal {
		const token = this.peek();
		const last = this.tokens[this.tokens.length - 1]?.text ?? '';
		const plain = token && ['COLUMNNAME', 'VALUE'].includes(token.kind);
		const seen = token ? `${plain && seenAs ? seenAs : token.kind}(${token.text})` : 'End of Input(0)';
		return new Refusal(
			'QUERY_SYNTAX_ERROR',
			`Syntax Error on line 1: token '${token?.text ?? last}' Unexpected ${seen}, expected one of: ${expected}`,
		);
	}
}

/** The text goes into SQL as it is, so the database reads backslashes as escapes: `\\` is one, `\n` a newline (measured). */
function unescaped(text: string): string {
	return text.replace(/\\([\s\S])/g, (_whole, next: string) => {
		if (next === '%' || next === '_') return `\\${next}`;
		return SQL_ESCAPES[next] ?? next;
	});
}
