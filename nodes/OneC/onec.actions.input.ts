// Owns the reading of an action's parameters: required ones, optional ones, lists, JSON, dates. Must not know any action.
import { Failure } from '../core/failure';
import { isRecord } from '../core/mapping';
import type { ActionInput, Blob } from '../core/port';
import { datetime } from './onec.literals';
import { wallClock } from './onec.values';

/** The parameters of one item. Optional ones are looked for in the node's "options" collection, too. */
export class Inputs {
	constructor(private readonly input: ActionInput) {}

	/** @throws Failure `rejected` when it is empty */
	text(name: string): string {
		const value = this.optional(name);
		if (value !== undefined) return value;
		throw new Failure('rejected', `The parameter "${label(name)}" is empty`, { advice: 'Fill it in, or check the expression that should' });
	}

	/** The text of a parameter, a resource locator's included; blanks count as nothing. */
	optional(name: string): string | undefined {
		const value = this.value(name);
		if (value === undefined || value === null || typeof value === 'object') return undefined;
		return String(value).trim() || undefined;
	}

	flag(name: string): boolean {
		const value = this.value(name);
		return value === true || value === 'true';
	}

	/** A whole number of 0 or more. */
	number(name: string): number | undefined {
		const text = this.optional(name);
		if (text === undefined) return undefined;
		if (/^\d{1,15}$/.test(text)) return Number(text);
		throw new Failure('rejected', `"${text}" is not a number for "${label(name)}"`, { advice: 'Give a whole number' });
	}

	/** How many rows at most; nothing: all. */
	limit(): number | undefined {
		return this.flag('returnAll') ? undefined : this.number('limit');
	}

	/** A list, or a text with commas. */
	list(name: string): string[] {
		const value = this.value(name);
		const parts = Array.isArray(value) ? value.map(String) : (this.optional(name) ?? '').split(',');
		return parts.map((part) => part.trim()).filter(Boolean);
	}

	/**
	 * A value that may be given as JSON text.
	 *
	 * @param lenient a text that is not JSON is itself, and so is one that JSON would read as a number: `007` stays
	 * @returns undefined when it is empty
	 */
	json(name: string, { lenient = false } = {}): unknown {
		const value = this.value(name);
		if (typeof value !== 'string') return value ?? undefined;
		if (!value.trim()) return undefined;
		if (lenient && !/^\s*[[{]/.test(value)) return value;
		try {
			return JSON.parse(value) as unknown;
		} catch {
			if (lenient) return value;
			throw new Failure('rejected', `The parameter "${label(name)}" is not JSON`, { advice: 'e.g. {"Description": "Example"}; in an expression the value itself does as well' });
		}
	}

	object(name: string): Record<string, unknown> {
		const value = this.json(name);
		if (isRecord(value)) return value;
		throw new Failure('rejected', `The parameter "${label(name)}" is not a JSON object`, { advice: 'e.g. {"Description": "Example"}' });
	}

	/** One object or a list of objects. */
	objects(name: string): Array<Record<string, unknown>> {
		const value = this.json(name);
		const list = Array.isArray(value) ? value : [value];
		if (list.every(isRecord)) return list;
		throw new Failure('rejected', `The parameter "${label(name)}" is not a JSON list of objects`, { advice: 'e.g. [{"Количество": 2}]' });
	}

	/** A date as 1C's URLs hold it, in the infobase's wall clock time. */
	moment(name: string, timeZone: string): string | undefined {
		const given = this.optional(name);
		if (given === undefined) return undefined;
		const clock = wallClock(given, timeZone);
		if (clock !== undefined) return datetime(clock);
		throw new Failure('rejected', `"${given}" is not a date for "${label(name)}"`, { advice: 'e.g. 2026-10-01 or 2026-10-01T12:00:00' });
	}

	async file(name: string): Promise<Blob> {
		return await this.input.binary(name);
	}

	private value(name: string): unknown {
		const own = bare(this.input.parameter(name));
		if (own !== undefined && own !== null && own !== '') return own;
		const options = this.input.parameter('options');
		return isRecord(options) ? bare(options[name]) : undefined;
	}
}

/** The value of a resource locator, else the value itself. */
function bare(value: unknown): unknown {
	return isRecord(value) && 'value' in value && ('mode' in value || '__rl' in value) ? value.value : value;
}

/** `recordId` -> `Record ID`, as the node shows it. */
function label(name: string): string {
	return name.replace(/([A-Z])/g, ' $1').replace(/^./, (letter) => letter.toUpperCase()).replace(/\bId\b/, 'ID');
}
