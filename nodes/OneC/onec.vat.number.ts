// Owns how a CRM's one text for the VAT number becomes ИНН and КПП, and back. Pure.

export interface TaxNumber {
	inn?: string;
	kpp?: string;
	/** Any other country's. */
	foreign?: string;
}

const WORDS = /\b(RU|INN|KPP)\b|ИНН|КПП|[:№#]/giu;

/** `7700000016`, `7700000016/770001001`, `ИНН 7700000016 КПП 770001001`; anything else is another country's number. */
export function taxNumber(vat: string | undefined): TaxNumber {
	const given = vat?.trim();
	if (!given) return {};
	const plain = given.replace(/^RU(?=\d)/i, '').replace(WORDS, ' ').trim();
	const match = /^[\s/\\|,;-]*(\d{10}|\d{12})(?:[\s/\\|,;-]+(\d{4}[\dA-Z]{2}\d{3}))?[\s/\\|,;-]*$/i.exec(plain);
	return match ? { inn: match[1], kpp: match[2]?.toUpperCase() } : { foreign: given };
}

/** `7700000016/770001001`: as one text, the way a CRM keeps it. */
export function taxText({ inn, kpp, foreign }: TaxNumber): string | undefined {
	return inn ? [inn, kpp].filter(Boolean).join('/') : foreign;
}

/** Foreign numbers are compared without punctuation and case. */
export function sameForeign(a: string, b: string): boolean {
	const plain = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
	return plain(a) === plain(b);
}
