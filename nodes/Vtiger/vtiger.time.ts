// Owns the server's local times: vtiger tells all times in the zone of its server, whoever asks (reference 5).
// Zones by name, so that summer time is right for every date. No clock of its own.
import { iso } from '../core/changes';
import { Failure } from '../core/failure';

const HOUR_MS = 3_600_000;

export class ServerTime {
	private readonly format: Intl.DateTimeFormat;

	/** @param zone IANA name of the server's zone, e.g. `Europe/Rome` */
	constructor(readonly zone: string) {
		try {
			this.format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
		} catch {
			throw new Failure('rejected', `"${zone}" is not a time zone`, { advice: 'Enter the name of the vtiger server\'s zone in the credential, e.g. "UTC" or "Europe/Rome"' });
		}
	}

	/** `2026-11-22 03:41:44` as UTC, ISO 8601. Of an hour that comes twice the first one is meant. */
	toUtc(local: string): string | undefined {
		const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/.exec(local);
		if (!match || local.startsWith('0000')) return undefined;
		const naive = Date.parse(`${match[1]}T${match[2]}Z`);
		if (Number.isNaN(naive)) return undefined;
		// The offset before a change is the larger one when the clock is put back: it gives the first of two hours.
		const candidates = [...new Set([this.offset(naive - 24 * HOUR_MS), this.offset(naive + 24 * HOUR_MS)])].map((offset) => naive - offset);
		const fitting = candidates.filter((ms) => ms + this.offset(ms) === naive);
		// In the hour that is skipped no clock shows this time: any nearby instant will do.
		return iso(Math.min(...(fitting.length > 0 ? fitting : candidates)));
	}

	/** UTC, ISO 8601 or ms since 1970, as the server writes it. */
	toLocal(utc: string | number): string {
		const ms = typeof utc === 'number' ? utc : Date.parse(utc);
		return new Date(ms + this.offset(ms)).toISOString().slice(0, 19).replace('T', ' ');
	}

	/**
	 * The lowest local text that anything at or after the instant can carry: when the clock is put back within
	 * the next hours, later changes carry smaller times.
	 */
	lowestLocal(utc: string): string {
		const ms = Date.parse(utc);
		const setBack = Math.max(0, this.offset(ms) - this.offset(ms + 3 * HOUR_MS));
		return new Date(ms + this.offset(ms) - setBack).toISOString().slice(0, 19).replace('T', ' ');
	}

	/** The highest local text that anything up to the instant can carry: just after the clock was put back. */
	highestLocal(utc: string): string {
		const ms = Date.parse(utc);
		const setBack = Math.max(0, this.offset(ms - 3 * HOUR_MS) - this.offset(ms));
		return new Date(ms + this.offset(ms) + setBack).toISOString().slice(0, 19).replace('T', ' ');
	}

	/** Local minus UTC at the instant, in ms. */
	private offset(ms: number): number {
		const parts = Object.fromEntries(this.format.formatToParts(new Date(ms)).map(({ type, value }) => [type, value]));
		const local = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}Z`);
		return local - Math.floor(ms / 1000) * 1000;
	}
}
