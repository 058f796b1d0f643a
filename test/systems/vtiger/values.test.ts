// Owns the proof of reference section 5: texts, numbers, dates, labels and the server's local times.
import fc from 'fast-check';
import { booleanOf, dateOf, decimalOf, losesCharacters, sameNumber, sameText, textOf, unescapeHtml } from '../../../nodes/Vtiger/vtiger.values';
import { ServerTime } from '../../../nodes/Vtiger/vtiger.time';
import { turned } from '../../../nodes/Vtiger/vtiger.credit';
import { invoice, SALES, VAT } from './setting';

describe('values', () => {
	it('takes null and "" for nothing: which of them comes depends on field, operation and version', () => {
		expect([textOf(null), textOf(''), textOf(undefined), textOf('0')]).toEqual([undefined, undefined, undefined, '0']);
	});

	it.each([
		['100.00000000', '100'],
		['4.500', '4.5'],
		[432.29999999999995, '432.3'],
		[1e-7, '0.0000001'],
		['-0.00', '0'],
		['', undefined],
		['1,234', undefined],
		[null, undefined],
	])('%p is the decimal %p', (raw, text) => expect(decimalOf(raw)).toBe(text));

	it.each([
		['2026-11-22', '2026-11-22'],
		['2026-11-22 10:00:00', '2026-11-22'],
		['0000-00-00', undefined],
		['', undefined],
		[null, undefined],
	])('%p is the date %p', (raw, date) => expect(dateOf(raw)).toBe(date));

	it('knows "1" and "on" as true: the text "true" would be stored as false', () => {
		expect(['1', 'on', true, '0', 'off', '', null, 'true'].map(booleanOf)).toEqual([true, true, true, false, false, false, false, false]);
	});

	it('reads HTML-escaped labels', () => {
		expect(unescapeHtml('O&#039;Brien &amp; Sons')).toBe("O'Brien & Sons");
		expect(unescapeHtml('&#8364; &quot;x&quot; &unknown;')).toBe('€ "x" &unknown;');
	});
});

describe('comparison of texts', () => {
	it('takes the question marks of a utf8mb3 database for the emoji that was sent', () => {
		expect(sameText('Shop ??', 'Shop 🎉')).toBe(true);
		expect(sameText('Shop ????', 'Shop 🎉')).toBe(true);
		expect(sameText('Shop ??', 'Shop')).toBe(false);
		expect(sameText('Other ??', 'Shop 🎉')).toBe(false);
	});

	it('takes line ends, outer blanks and the escaping of "<script" for equal', () => {
		expect(sameText('a\r\nb ', 'a\nb')).toBe(true);
		expect(sameText('&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>')).toBe(true);
		expect(sameText(undefined, '')).toBe(true);
	});

	it('never takes different texts without such characters for equal', () => {
		fc.assert(fc.property(fc.stringMatching(/^[a-z ]{1,20}$/), fc.stringMatching(/^[a-z ]{1,20}$/), (a, b) => sameText(a, b) === (a.trim() === b.trim())));
	});

	it('knows which characters are lost', () => {
		expect([losesCharacters('Юкрейн ТОВ €'), losesCharacters('🎉')]).toEqual([false, true]);
	});

	it('compares numbers as numbers', () => {
		expect([sameNumber('4.500', '4.5'), sameNumber('', '0'), sameNumber(null, undefined), sameNumber('1', '2')]).toEqual([true, true, true, false]);
	});
});

describe('server time', () => {
	it.each([
		['UTC', '2026-07-01 12:00:00', '2026-07-01T12:00:00Z'],
		['Europe/Rome', '2026-07-01 12:00:00', '2026-07-01T10:00:00Z'],
		['Europe/Rome', '2026-01-01 12:00:00', '2026-01-01T11:00:00Z'],
		['America/New_York', '2026-07-01 12:00:00', '2026-07-01T16:00:00Z'],
		['Asia/Kolkata', '2026-07-01T12:00:00', '2026-07-01T06:30:00Z'],
	])('%s %s is %s', (zone, local, utc) => {
		expect(new ServerTime(zone).toUtc(local)).toBe(utc);
		expect(new ServerTime(zone).toLocal(utc)).toBe(local.replace('T', ' '));
	});

	it('means the first of two equal hours, and some instant in the hour that is skipped', () => {
		const rome = new ServerTime('Europe/Rome');
		expect(rome.toUtc('2026-10-25 02:30:00')).toBe('2026-10-25T00:30:00Z');
		expect(rome.toUtc('2026-03-29 02:30:00')).toMatch(/^2026-03-29T0[01]:30:00Z$/);
		expect(rome.toUtc('0000-00-00 00:00:00')).toBeUndefined();
		expect(rome.toUtc('')).toBeUndefined();
	});

	it('asks from low enough when the clock is put back, so that no change is skipped', () => {
		const rome = new ServerTime('Europe/Rome');
		const zone = fc.constantFrom('UTC', 'Europe/Rome', 'America/New_York', 'Australia/Lord_Howe');
		// Any change at or after `from` carries a local text not below the bound, and one up to `until` not above it.
		fc.assert(
			fc.property(zone, fc.integer({ min: 0, max: 366 * 24 * 60 }), fc.integer({ min: 0, max: 72 * 60 }), (name, minutes, later) => {
				const time = name === 'Europe/Rome' ? rome : new ServerTime(name);
				const from = Date.parse('2026-01-01T00:00:00Z') + minutes * 60_000;
				const change = from + later * 60_000;
				return time.toLocal(change) >= time.lowestLocal(new Date(from).toISOString()) && time.toLocal(from) <= time.highestLocal(new Date(change).toISOString());
			}),
			{ numRuns: 300 },
		);
	});

	it('turns every instant to local and back, up to the hour that comes twice', () => {
		const rome = new ServerTime('Europe/Rome');
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 366 * 24 * 3600 }), (seconds) => {
				const ms = Date.parse('2026-01-01T00:00:00Z') + seconds * 1000;
				const back = Date.parse(rome.toUtc(rome.toLocal(ms))!);
				return back === ms || ms - back === 3_600_000;
			}),
			{ numRuns: 300 },
		);
	});
});

describe('credit notes', () => {
	it('turn twice to what they were', () => {
		const document = invoice([['W-1', '3', '100', [VAT, SALES], { discountAmount: '5', net: '295' }]], { received: '10', residual: '20', charges: [{ role: 'shipping', amount: '5' }] });
		expect(turned(turned(turned(document)))).toEqual(turned(document));
		expect(turned(document).lines[0]).toMatchObject({ quantity: '-3', price: '100', discountAmount: '-5', net: '-295' });
	});
});
