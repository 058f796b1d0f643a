// Owns time as the server stores it: UTC with microseconds inside, whole seconds on the wire.
// Must not know: models, calls.

/** Milliseconds plus a microsecond remainder as PostgreSQL stores a timestamp. */
export function microStamp(ms: number, micros = 0): string {
	const iso = new Date(ms).toISOString();
	return `${iso.slice(0, 10)} ${iso.slice(11, 23)}${String(micros % 1000).padStart(3, '0')}`;
}

/** The stored stamp as an answer shows it. */
export function wireStamp(stamp: string): string {
	return stamp.slice(0, 19);
}

export function dateOf(ms: number): string {
	return new Date(ms).toISOString().slice(0, 10);
}

const DATETIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})$/;

/** Whether the text is a real moment in the one format the server takes. */
export function isDatetime(text: string): boolean {
	const m = DATETIME.exec(text);
	if (!m) return false;
	const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
	return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.replace(' ', 'T');
}

export function isDate(text: string): boolean {
	return /^\d{4}-\d{2}-\d{2}$/.test(text) && isDatetime(`${text} 00:00:00`);
}

/** Reads a local time of a zone and gives UTC, as load() does with datetimes. */
export function localToUtc(text: string, zone: string): string {
	const asUtc = Date.parse(`${text.replace(' ', 'T')}Z`);
	let guess = asUtc;
	// Twice: the first guess may fall on the other side of a daylight saving change.
	for (let i = 0; i < 2; i++) guess = asUtc - offsetMs(guess, zone);
	return microStamp(guess).slice(0, 19);
}

function offsetMs(ms: number, zone: string): number {
	const parts = new Intl.DateTimeFormat('en-GB', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	}).formatToParts(new Date(ms));
	const of = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
	return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(ms / 1000) * 1000;
}
