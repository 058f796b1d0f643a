// Owns the list of countries and currencies every database starts with. Ids follow the codes' alphabetical order, as on a real server.
// Must not know: calls.

const CODES =
	'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ ' +
	'DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP ' +
	'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ ' +
	'OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ ' +
	'UA UG GB UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW';

export const COUNTRY_CODES = CODES.split(' ');

const EURO = new Set('AD AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MC ME MT NL PT SI SK SM VA'.split(' '));

/** ISO code of the currency a country's record names. */
export function currencyOf(code: string): 'EUR' | 'USD' | undefined {
	if (EURO.has(code)) return 'EUR';
	return code === 'US' ? 'USD' : undefined;
}

const PHONE: Record<string, number> = { IT: 39, FR: 33, US: 1, DE: 49, GB: 44, ES: 34, UA: 380, PL: 48, CH: 41, AT: 43 };

export function phoneCodeOf(code: string): number {
	return PHONE[code] ?? 0;
}

const shown: Record<string, Intl.DisplayNames> = {};

/** A country's name in a language; `recorded` wins in English. */
export function countryName(code: string, lang: string, recorded = ''): string {
	if (lang === 'en_US' && recorded !== '') return recorded;
	const short = lang.slice(0, 2);
	const names = (shown[short] ??= new Intl.DisplayNames([short], { type: 'region', fallback: 'code' }));
	return names.of(code) ?? recorded;
}

/** External id of a country; two differ from the code. */
export function countryKey(code: string): string {
	return code === 'GB' ? 'uk' : code.toLowerCase();
}

/** Currencies that exist but are not active until somebody activates them. */
export const INACTIVE_CURRENCIES: Array<[string, string, string, number]> = [
	['GBP', '£', 'Pound sterling', 0.01],
	['CHF', 'CHF', 'Swiss franc', 0.01],
	['JPY', '¥', 'Japanese yen', 1],
	['PLN', 'zł', 'Polish złoty', 0.01],
	['UAH', '₴', 'Ukrainian hryvnia', 0.01],
	['SEK', 'kr', 'Swedish krona', 0.01],
	['CAD', '$', 'Canadian dollar', 0.01],
	['CZK', 'Kč', 'Czech koruna', 0.01],
];
