// Owns how a date that a user gives becomes 1C's wall clock time: 1C converts no zones (reference 3). No network.

const PLAIN = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const ZONED = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * `2026-10-01T12:00:00` in the infobase's zone. A time without a zone is the infobase's already; a date alone is its midnight.
 *
 * @param timeZone IANA name
 * @returns nothing when the text is no date
 */
export function wallClock(text: string, timeZone: string): string | undefined {
	const trimmed = text.trim();
	const plain = PLAIN.exec(trimmed);
	if (plain) return isDay(plain[1]!) ? `${plain[1]}T${plain[2] ?? '00:00'}:${plain[3] ?? '00'}` : undefined;
	if (!ZONED.test(trimmed)) return undefined;
	const time = Date.parse(trimmed.replace(' ', 'T').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
	return Number.isNaN(time) ? undefined : inZone(time, timeZone);
}

/** The wall clock of a zone at a moment, in ms since 1970. */
export function inZone(time: number, timeZone: string): string {
	const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' });
	const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
	return `${(part.year ?? '').padStart(4, '0')}-${part.month}-${part.day}T${part.hour}:${part.minute}:${part.second}`;
}

function isDay(day: string): boolean {
	const time = Date.parse(`${day}T00:00:00Z`);
	return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
