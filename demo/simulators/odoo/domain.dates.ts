// Owns comparing dates and datetimes in a domain: microseconds up to 18, whole seconds in 19, and what each version takes for a moment.
// Must not know: other field types.
import { valueError } from './failure';
import type { Json, Row } from './json';
import { pyRepr } from './python';
import type { Field } from './schema';
import type { Env } from './world';

/** A test of one date or datetime field. */
export function matchMoment(env: Env, field: Field, operator: string, value: Json, of: (row: Row) => Json): (row: Row) => boolean {
	if (value === false || value === null || value === '') {
		const unset = (row: Row) => typeof of(row) !== 'string';
		if (operator === '=') return unset;
		if (operator === '!=') return (row) => !unset(row);
		return () => false;
	}
	const wanted = field.type === 'date' ? String(value).slice(0, 10) : moment(env, operator, String(value));
	return (row) => {
		const stored = of(row);
		if (typeof stored !== 'string') return operator === '!=';
		const left =
			field.type === 'date' ? stored.slice(0, 10) : env.world.profile.secondPrecision ? stored.slice(0, 19) : stored.padEnd(26, stored.length === 19 ? '.000000' : '0');
		switch (operator) {
			case '=':
				return left === wanted;
			case '!=':
				return left !== wanted;
			case '>':
				return left > wanted;
			case '>=':
				return left >= wanted;
			case '<':
				return left < wanted;
			default:
				return left <= wanted;
		}
	};
}

function moment(env: Env, operator: string, text: string): string {
	if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return endOrStart(env, operator, text);
	const m = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,6})?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
	if (env.world.profile.secondPrecision) {
		if (m?.[4]) throw valueError(`expecting only datetimes with no timezone: ${pyRepr(text)}`);
		if (!m) throw valueError(`Invalid term ${pyRepr(text)} in expression date: ${pyRepr(text)}`);
		return `${m[1]} ${m[2]}`;
	}
	// PostgreSQL reads the text: a zone on a timestamp without time zone is silently dropped, and it knows some words.
	if (m) return `${m[1]} ${m[2]}${(m[3] ?? '.').padEnd(7, '0')}`;
	const words: Record<string, number> = { yesterday: -1, today: 0, tomorrow: 1 };
	const days = words[text];
	if (days === undefined) throw valueError(`invalid input syntax for type timestamp: "${text}"`);
	return `${new Date(env.world.now() + days * 86_400_000).toISOString().slice(0, 10)} 00:00:00.000000`;
}

/** A bare date stands for the whole day: its end for `>` and `<=`, its start otherwise. */
function endOrStart(env: Env, operator: string, day: string): string {
	const end = operator === '>' || operator === '<=';
	if (env.world.profile.secondPrecision) return `${day} ${end ? '23:59:59' : '00:00:00'}`;
	return `${day} ${end ? '23:59:59.999999' : '00:00:00.000000'}`;
}
