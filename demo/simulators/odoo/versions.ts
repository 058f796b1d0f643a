// Owns the differences between the simulated server versions that a client can see, as data.
// Must not know: the wire, the models' behaviour (they ask the profile).

export type Version = 14 | 17 | 18 | 19;

export interface Profile {
	version: Version;
	serverVersion: string;
	/** JSON-RPC `error.code`: 200 up to 18, 0 in 19. Clients must not key on it. */
	errorCode: number;
	database: string;
	/** Name of the taxes and the unit of measure on a sale order line. */
	lineTaxes: 'tax_id' | 'tax_ids';
	lineUom: 'product_uom' | 'product_uom_id';
	/** Domains compare write_date with microseconds (up to 18) or whole seconds (19). */
	secondPrecision: boolean;
	/** Prices are stored with the decimal precision (up to 18) or as sent (19). */
	roundsPrices: boolean;
	/** A write of the quantity alone recomputes the price: 'always' in 17, only untouched prices in 18 and 19. */
	reprices: 'never' | 'always' | 'untouched';
	jsonTwo: boolean;
	languages: string[];
	/** An unknown language in the context is refused (18+) instead of silently English. */
	strictLanguage: boolean;
	/** Messages follow the user's own language when the context names none (19). */
	pickingMoves: 'move_lines' | 'move_ids';
	draftNumber: boolean;
	invoicePrefix: (year: string, month: string, refund: boolean, sequence: number) => string;
	copyReturnsList: boolean;
	externalIdsReadable: boolean;
	loadChecksModel: boolean;
	defaultRounding: 'round_per_line' | 'round_globally';
}

const pad = (n: number, width: number) => String(n).padStart(width, '0');
const yearly = (code: string) => (year: string, _month: string, refund: boolean, n: number) => `${refund ? 'R' : ''}${code}/${year}/${pad(n, 5)}`;
const monthly = (code: string) => (year: string, month: string, refund: boolean, n: number) => `${refund ? 'R' : ''}${code}/${year}/${month}/${pad(n, 4)}`;

const BASE = { lineTaxes: 'tax_id', lineUom: 'product_uom', secondPrecision: false, roundsPrices: true, jsonTwo: false, errorCode: 200 } as const;

const PROFILES: Record<Version, Profile> = {
	14: {
		...BASE,
		version: 14,
		serverVersion: '14.0',
		database: 'crmerp',
		reprices: 'never',
		languages: ['en_US', 'it_IT'],
		strictLanguage: false,
		pickingMoves: 'move_lines',
		draftNumber: true,
		invoicePrefix: monthly('FATT'),
		copyReturnsList: false,
		externalIdsReadable: true,
		loadChecksModel: false,
		defaultRounding: 'round_per_line',
	},
	17: {
		...BASE,
		version: 17,
		serverVersion: '17.0-20240709',
		database: 'crmerp17',
		reprices: 'always',
		languages: ['en_US'],
		strictLanguage: false,
		pickingMoves: 'move_ids',
		draftNumber: true,
		invoicePrefix: yearly('INV'),
		copyReturnsList: false,
		externalIdsReadable: false,
		loadChecksModel: true,
		defaultRounding: 'round_per_line',
	},
	18: {
		...BASE,
		version: 18,
		serverVersion: '18.0-20250702',
		database: 'crmerp18',
		reprices: 'untouched',
		languages: ['en_US'],
		strictLanguage: true,
		pickingMoves: 'move_ids',
		draftNumber: false,
		invoicePrefix: yearly('INV'),
		copyReturnsList: true,
		externalIdsReadable: false,
		loadChecksModel: true,
		defaultRounding: 'round_per_line',
	},
	19: {
		version: 19,
		serverVersion: '19.0',
		errorCode: 0,
		database: 'crmerp19',
		lineTaxes: 'tax_ids',
		lineUom: 'product_uom_id',
		secondPrecision: true,
		roundsPrices: false,
		reprices: 'untouched',
		jsonTwo: true,
		languages: ['en_US', 'it_IT'],
		strictLanguage: true,
		pickingMoves: 'move_ids',
		draftNumber: false,
		invoicePrefix: yearly('FATT'),
		copyReturnsList: true,
		externalIdsReadable: false,
		loadChecksModel: true,
		defaultRounding: 'round_globally',
	},
};

export function profileOf(version: Version): Profile {
	return PROFILES[version];
}
