// Owns the system's times: in what form, zone and precision it writes them, and back. Zones by name, so that summer
// time is right for every date. No clock of its own, no network.
import { iso } from '../core/changes';
import { Failure } from '../core/failure';
import type { Profile } from './rest.profile.schema';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const UNIT_MS = { millisecond: 1, second: SECOND_MS, minute: 60_000, day: 24 * HOUR_MS } as const;

/** `2026-11-22`, `2026-11-22 03:41`, `2026-11-22T03:41:44.5+01:00`. */
const WRITTEN = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
/** Milliseconds since 1970 in UTC; the offset says only where it was written (OData 2, section 6). */
const ODATA_V2 = /^\/Date\((-?\d{1,16})(?:[+-]\d{1,4})?\)\/$/;

/** The instants that a value may stand for, in ms: more than one where it is coarse, or the clock was put back. */
export interface Span {
	first: number;
	last: number;
}

export class SystemTime {
	/** What the system tells apart, in ms. */
	readonly unitMs: number;
	private readonly format: Profile['time']['format'];
	private readonly zone: Zone;

	/** @param settings replaces `{settings.name}` in the zone */
	constructor(time: Profile['time'], settings: Readonly<Record<string, string>> = {}) {
		this.format = time.format;
		this.unitMs = UNIT_MS[time.format === 'date' ? 'day' : time.format === 'epochSeconds' && time.precision === 'millisecond' ? 'second' : time.precision];
		this.zone = new Zone(time.zone.replace(/\{settings\.([^}]+)\}/g, (whole, name: string) => settings[name] ?? whole));
	}

	/**
	 * The system's time as UTC, ISO 8601; thousandths only where it has some. Of an hour that comes twice the first one
	 * is meant. undefined for nothing, and for the zero that some systems write instead of nothing.
	 *
	 * @throws RangeError when it is no time
	 */
	toIso(value: unknown): string | undefined {
		const span = this.span(value);
		return span && written(span.first);
	}

	/** @throws RangeError when it is no time */
	span(value: unknown): Span | undefined {
		const text = plain(value);
		if (text === undefined) return undefined;
		const match = WRITTEN.exec(text);
		if (match) return this.writtenSpan(match, text);
		const ms = epoch(text, this.format);
		// A day alone is written as its midnight (OData 2: Edm.DateTime with the display format Date).
		const unit = ODATA_V2.test(text) && ms % UNIT_MS.day === 0 ? UNIT_MS.day : this.unitMs;
		return { first: ms, last: ms + unit - 1 };
	}

	/** UTC, ISO 8601 in the system's form, cut to its precision. */
	fromIso(time: string): string | number {
		const ms = instant(time);
		return this.writesLocal ? this.local(this.zone.toLocal(ms)) : this.absolute(ms);
	}

	/**
	 * The lowest time that anything at or after the instant can carry: when the clock is put back within the next
	 * hours, later changes carry smaller times. For "changed since".
	 */
	lowest(time: string): string | number {
		const ms = instant(time);
		return this.writesLocal ? this.local(this.zone.lowestLocal(ms)) : this.absolute(ms);
	}

	/**
	 * A date as `yyyy-mm-dd`, however the system writes it: of a time with a zone the date that it shows.
	 *
	 * @throws RangeError when it is none
	 */
	toDate(value: unknown): string | undefined {
		const text = plain(value);
		if (text === undefined) return undefined;
		const match = WRITTEN.exec(text);
		if (match) return naive(match, text) === undefined ? undefined : text.slice(0, 10);
		const ms = epoch(text, this.format);
		// Dates travel as midnight in UTC (OData 2), times as people there see them.
		return new Date(ODATA_V2.test(text) ? ms : this.zone.toLocal(ms)).toISOString().slice(0, 10);
	}

	private get writesLocal(): boolean {
		return this.format === 'isoLocal' || this.format === 'sql' || this.format === 'date';
	}

	private writtenSpan(match: RegExpExecArray, text: string): Span | undefined {
		const local = naive(match, text);
		if (local === undefined) return undefined;
		// Of a system that knows days only, a time and zone behind them mean nothing.
		if (this.format === 'date') return this.day(local);
		const unit = match[4] === undefined ? UNIT_MS.day : this.unitMs;
		if (match[8] !== undefined) return { first: local - offsetOf(match[8]), last: local - offsetOf(match[8]) + unit - 1 };
		return { first: this.zone.toUtc(local).first, last: this.zone.toUtc(local + unit - 1).last };
	}

	private day(shown: number): Span {
		const begins = this.cut(shown);
		return { first: this.zone.toUtc(begins).first, last: this.zone.toUtc(begins + UNIT_MS.day - 1).last };
	}

	private cut(local: number): number {
		return Math.floor(local / this.unitMs) * this.unitMs;
	}

	/** @param shown ms as the clocks there show them */
	private local(shown: number): string {
		const text = new Date(this.cut(shown)).toISOString().slice(0, this.unitMs === 1 ? 23 : 19);
		if (this.format === 'date') return text.slice(0, 10);
		return this.format === 'sql' ? text.replace('T', ' ') : text;
	}

	private absolute(time: number): string | number {
		// A day begins when it begins there; shorter units are the same everywhere.
		const ms = this.unitMs === UNIT_MS.day ? this.zone.toUtc(this.cut(this.zone.toLocal(time))).first : this.cut(time);
		if (this.format === 'epochMillis') return ms;
		if (this.format === 'epochSeconds') return Math.floor(ms / SECOND_MS);
		return this.format === 'odataV2' ? `/Date(${ms})/` : written(ms, this.unitMs === 1);
	}
}

/** A zone by its IANA name. */
class Zone {
	private readonly format: Intl.DateTimeFormat;

	constructor(name: string) {
		try {
			this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
		} catch {
			throw new Failure('rejected', `"${name}" is not a time zone`, { advice: 'Enter the name of the system\'s zone in the profile\'s "time.zone", or in the setting that it names, e.g. "UTC" or "Europe/Rome"' });
		}
	}

	/** What clocks there show, as if it were UTC. */
	toLocal(ms: number): number {
		return ms + this.offset(ms);
	}

	/** Twice in the hour that comes twice. In the hour that is skipped no clock shows this time: as if it was not skipped. */
	toUtc(local: number): Span {
		const before = local - this.offset(local - 24 * HOUR_MS);
		const after = local - this.offset(local + 24 * HOUR_MS);
		const fitting = [before, after].filter((ms) => this.toLocal(ms) === local);
		return fitting.length === 0 ? { first: before, last: before } : { first: Math.min(...fitting), last: Math.max(...fitting) };
	}

	lowestLocal(ms: number): number {
		const setBack = Math.max(0, this.offset(ms) - this.offset(ms + 3 * HOUR_MS));
		return this.toLocal(ms) - setBack;
	}

	/** Local minus UTC, in ms. */
	private offset(ms: number): number {
		const { year, month, day, hour, minute, second } = Object.fromEntries(this.format.formatToParts(new Date(ms)).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
		return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(ms / SECOND_MS) * SECOND_MS;
	}
}

function plain(value: unknown): string | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	if (typeof value === 'string' || typeof value === 'number') return String(value).trim() || undefined;
	if (typeof value === 'object' && 'isLosslessNumber' in value) return String(value as unknown as { value: string });
	throw noTime(JSON.stringify(value) ?? typeof value);
}

/** The numbers of a written time as if its zone was UTC; undefined for the zero dates. */
function naive(match: RegExpExecArray, text: string): number | undefined {
	const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0)) as [number, number, number, number, number, number];
	// 0000-00-00 (MySQL) and 0001-01-01 (.NET, Business Central) stand for no date.
	if (year <= 1) return undefined;
	const at = new Date(0);
	at.setUTCFullYear(year, month - 1, day);
	if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59) throw noTime(text);
	return at.setUTCHours(hour, minute, second, Number((match[7] ?? '').padEnd(3, '0').slice(0, 3)));
}

/** `Z`, `+01`, `+0530`, `-03:00` in ms. */
function offsetOf(zone: string): number {
	const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
	return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * 60_000);
}

function epoch(text: string, format: Profile['time']['format']): number {
	const odata = ODATA_V2.exec(text);
	const factor = format === 'epochSeconds' ? SECOND_MS : format === 'epochMillis' ? 1 : undefined;
	const ms = odata ? Number(odata[1]) : factor !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Math.floor(Number((Number(text) * factor).toFixed(3))) : NaN;
	if (Number.isNaN(new Date(ms).getTime())) throw noTime(text, format);
	return ms;
}

function instant(time: string): number {
	const ms = Date.parse(time);
	if (Number.isNaN(ms)) throw noTime(time);
	return ms;
}

function written(ms: number, always = false): string {
	return always || ms % SECOND_MS !== 0 ? new Date(ms).toISOString() : iso(ms);
}

function noTime(text: string, format?: string): RangeError {
	const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
	return new RangeError(`"${shown}" is not a time${format ? ` in the format "${format}" that the profile's "time" names` : ''}`);
}
