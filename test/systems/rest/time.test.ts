// What rest.time.ts promises: every form there and back, zones with summer time, no change missed by a clock put back.
import fc from 'fast-check';
import { SystemTime } from '../../../nodes/RestErp/rest.time';

type Time = ConstructorParameters<typeof SystemTime>[0];
const time = (format: Time['format'], zone = 'UTC', precision: Time['precision'] = 'second') => new SystemTime({ format, zone, precision });

const FORMATS: Array<Time['format']> = ['iso', 'isoLocal', 'sql', 'date', 'epochSeconds', 'epochMillis', 'odataV2'];
const ZONES = ['UTC', 'Europe/Rome', 'America/New_York', 'America/Sao_Paulo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/Havana', 'Pacific/Apia', 'Asia/Kathmandu', 'America/Santiago'];
const PRECISIONS: Array<Time['precision']> = ['millisecond', 'second', 'minute', 'day'];
const UNIT = { millisecond: 1, second: 1_000, minute: 60_000, day: 86_400_000 };

describe('each form', () => {
	it.each([
		['iso', 'UTC', '2026-11-22T03:41:44Z', '2026-11-22T03:41:44Z'],
		['isoLocal', 'Europe/Rome', '2026-11-22T04:41:44', '2026-11-22T03:41:44Z'],
		['sql', 'Asia/Kolkata', '2026-11-22 09:11:44', '2026-11-22T03:41:44Z'],
		['epochSeconds', 'UTC', 1795318904, '2026-11-22T03:41:44Z'],
		['epochMillis', 'UTC', 1795318904000, '2026-11-22T03:41:44Z'],
		['odataV2', 'UTC', '/Date(1795318904000)/', '2026-11-22T03:41:44Z'],
		['date', 'Europe/Rome', '2026-11-22', '2026-11-21T23:00:00Z'],
	] as const)('%s in %s', (format, zone, system, utc) => {
		expect(time(format, zone).toIso(system)).toBe(utc);
		expect(time(format, zone).fromIso(utc)).toBe(system);
	});

	it.each([
		['iso', '2026-11-22T04:41:44.123456+01:00', '2026-11-22T03:41:44.123Z'],
		['iso', '2026-11-22T04:41+0100', '2026-11-22T03:41:00Z'],
		['iso', '2026-11-22 03:41:44', '2026-11-22T03:41:44Z'],
		['iso', '2026-11-22', '2026-11-22T00:00:00Z'],
		['sql', '2026-11-22T03:41:44Z', '2026-11-22T03:41:44Z'],
		['odataV2', '/Date(1795318904000+0060)/', '2026-11-22T03:41:44Z'],
		['iso', '/Date(-1000)/', '1969-12-31T23:59:59Z'],
		['epochSeconds', '1795318904.5', '2026-11-22T03:41:44.500Z'],
		['epochMillis', { isLosslessNumber: true, toString: (): string => '1795318904000' }, '2026-11-22T03:41:44Z'],
	] as const)('%s understands %s', (format, system, utc) => expect(time(format).toIso(system)).toBe(utc));

	it.each([undefined, null, '', '0000-00-00 00:00:00', '0001-01-01T00:00:00Z'])('takes %s for nothing', (value) => {
		expect(time('iso').toIso(value)).toBeUndefined();
		expect(time('iso').toDate(value)).toBeUndefined();
	});

	it.each(['yesterday', '2026-02-30', '2026-11-22T25:00:00Z', 1795318904, '22/11/2026', true, {}, '2026-11-22T03:41:44Zulu'])('refuses %s', (value) => {
		expect(() => time('iso').toIso(value)).toThrow(/is not a time/);
	});

	it('keeps thousandths where the system does', () => {
		expect(time('iso', 'UTC', 'millisecond').fromIso('2026-11-22T03:41:44.120Z')).toBe('2026-11-22T03:41:44.120Z');
		expect(time('sql', 'UTC', 'millisecond').fromIso('2026-11-22T03:41:44Z')).toBe('2026-11-22 03:41:44.000');
		expect(time('iso').fromIso('2026-11-22T03:41:44.999Z')).toBe('2026-11-22T03:41:44Z');
	});

	it('names a zone that is none, and takes it from a setting', () => {
		expect(() => time('sql', 'Mars/Phobos')).toThrow(/"Mars\/Phobos" is not a time zone/);
		const local = new SystemTime({ format: 'sql', zone: '{settings.zone}', precision: 'second' }, { zone: 'Asia/Kolkata' });
		expect(local.toIso('2026-11-22 09:11:44')).toBe('2026-11-22T03:41:44Z');
	});
});

describe('a day alone', () => {
	const hours = (system: SystemTime, value: unknown) => (system.span(value)!.last + 1 - system.span(value)!.first) / 3_600_000;

	it('stands for any time of it', () => {
		expect(hours(time('iso', 'Europe/Rome'), '2026-11-22')).toBe(24);
		expect(hours(time('sql', 'Europe/Rome'), '2026-10-25')).toBe(25);
		expect(hours(time('odataV2'), '/Date(1795305600000)/')).toBe(24);
		expect(hours(time('iso', 'UTC', 'minute'), '2026-11-22T00:00:00Z')).toBe(1 / 60);
	});

	it('is the day there, whatever time and zone a system that knows days only writes behind it', () => {
		for (const value of ['2026-11-22', '2026-11-22T00:00:00Z', '2026-11-22T00:00:00']) {
			const system = time('date', 'America/New_York');
			expect(system.toIso(value)).toBe('2026-11-22T05:00:00Z');
			expect(hours(system, value)).toBe(24);
		}
	});
});

describe('dates', () => {
	it.each([
		['iso', 'Europe/Rome', '2026-11-22', '2026-11-22'],
		['iso', 'Europe/Rome', '2026-11-22T23:30:00Z', '2026-11-22'],
		['odataV2', 'America/New_York', '/Date(1795305600000)/', '2026-11-22'],
		['epochMillis', 'America/New_York', 1795305600000, '2026-11-21'],
		['epochSeconds', 'UTC', 1795305600, '2026-11-22'],
	] as const)('%s in %s: %s', (format, zone, value, date) => expect(time(format, zone).toDate(value)).toBe(date));

	it('refuses what is none', () => expect(() => time('iso').toDate('soon')).toThrow(/"soon" is not a time/));
});

describe('a clock that is put back or forward', () => {
	const rome = time('sql', 'Europe/Rome');

	it('of an hour that comes twice, the first is meant, and the second is possible', () => {
		expect(rome.toIso('2026-10-25 02:30:00')).toBe('2026-10-25T00:30:00Z');
		expect(new Date(rome.span('2026-10-25 02:30:00')!.last).toISOString()).toBe('2026-10-25T01:30:00.999Z');
	});

	it('of an hour that is skipped, the clock that nobody moved is meant', () => expect(rome.toIso('2026-03-29 02:30:00')).toBe('2026-03-29T01:30:00Z'));

	it('a search from just before looks for what just after carries', () => {
		expect(rome.lowest('2026-10-25T00:40:00Z')).toBe('2026-10-25 01:40:00');
		expect(rome.lowest('2026-10-25T01:00:00Z')).toBe('2026-10-25 02:00:00');
		expect(time('iso', 'Europe/Rome').lowest('2026-10-25T00:40:00Z')).toBe('2026-10-25T00:40:00Z');
	});
});

const anyTime = fc.record({ format: fc.constantFrom(...FORMATS), zone: fc.constantFrom(...ZONES), precision: fc.constantFrom(...PRECISIONS) });
const anyInstant = fc.oneof(
	fc.integer({ min: Date.parse('1990-01-01T00:00:00Z'), max: Date.parse('2090-01-01T00:00:00Z') }),
	// Around changes of the clock: last Sunday of October and March in Rome, first of November in New York.
	fc.tuple(fc.constantFrom(Date.parse('2026-10-25T01:00:00Z'), Date.parse('2026-03-29T01:00:00Z'), Date.parse('2026-11-01T06:00:00Z')), fc.integer({ min: -7_200_000, max: 7_200_000 })).map(([at, off]) => at + off),
);

it('there and back is the same time, cut to the precision: never later, and only a clock put back makes it more than a unit earlier', () => {
	fc.assert(
		fc.property(anyTime, anyInstant, (given, ms) => {
			const system = new SystemTime(given);
			const value = system.fromIso(new Date(ms).toISOString());
			const back = system.span(value)!;
			expect(system.fromIso(system.toIso(value)!)).toBe(value);
			expect(back.first).toBeLessThanOrEqual(ms);
			expect(back.last).toBeGreaterThanOrEqual(ms);
			const unit = Math.max(UNIT[given.precision], given.format === 'date' ? UNIT.day : given.format === 'epochSeconds' ? UNIT.second : 1);
			expect(ms - back.first).toBeLessThan(unit + 7_200_000);
			if (given.format === 'epochMillis' && given.precision !== 'day') expect(ms - back.first).toBeLessThan(unit);
		}),
		{ numRuns: 400 },
	);
});

it('whatever is written at or after an instant carries no lower time than the one that is searched from', () => {
	fc.assert(
		fc.property(anyTime, anyInstant, fc.integer({ min: 0, max: 6 * 3_600_000 }), (given, ms, later) => {
			const system = new SystemTime(given);
			const since = system.lowest(new Date(ms).toISOString());
			const stamp = system.fromIso(new Date(ms + later).toISOString());
			// As the server compares: numbers as numbers, texts as texts of the same form.
			expect(order(stamp)).toBeGreaterThanOrEqual(order(since));
		}),
		{ numRuns: 400 },
	);
});

function order(value: string | number): number {
	if (typeof value === 'number') return value;
	const odata = /^\/Date\((-?\d+)\)\/$/.exec(value);
	return odata ? Number(odata[1]) : Date.parse(`${value.replace(' ', 'T').replace('Z', '')}${value.length > 10 ? 'Z' : ''}`);
}
