// Owns time as the wire shows it: whole seconds, in the server's zone.
// Must not know: records, sessions.

export interface Clock {
	/** Milliseconds since 1970, as `Date.now()`. */
	now: () => number;
	/** The server's zone, minutes east of UTC: its times are local, without any mark of that. */
	offsetMinutes: number;
}

/** Unix seconds, whole. */
export const unixSeconds = (clock: Clock): number => Math.floor(clock.now() / 1000);

/** `2026-11-22 02:21:47` in the server's zone. */
export function localTime(clock: Clock, unix = unixSeconds(clock)): string {
	return new Date((unix + clock.offsetMinutes * 60) * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

/** Unix seconds of a server-local `YYYY-MM-DD HH:MM:SS`; NaN when it is no time. */
export function unixOf(clock: Clock, local: string): number {
	return Date.parse(`${local.replace(' ', 'T')}Z`) / 1000 - clock.offsetMinutes * 60;
}
