// Owns what reading documents of all kinds shares: a reader's shape, lines, products and source keys, few calls for
// many documents. Writes nothing.
import type { DocumentOf, Kind, Ref, Tax } from '../core/documents';
import { parseKey } from '../core/keys';
import type { Services } from './odoo.customers';
import type { OdooTax } from './odoo.metadata';
import { RefMaker, sourceKeyOf, type OdooKind } from './odoo.refs';
import { type Domain, idList, reference, type Row, text } from './odoo.values';

/** How documents of one kind are read. */
export interface Reader<K extends Kind> {
	readonly model: string;
	/** Which records of the model are such documents. */
	readonly domain: Domain;
	/** Canonical names that may be searched for -> condition. */
	readonly where: Readonly<Record<string, (value: string) => Domain>>;
	fields(): Promise<string[]>;
	/** In the order of the rows. */
	documents(rows: readonly Row[]): Promise<Array<DocumentOf<K>>>;
}

export async function refMaker({ session }: Services): Promise<RefMaker> {
	return new RefMaker(session.credential.installation, session.credential.url, await session.version());
}

/** Product code of each product id; archived ones too. */
export async function productCodes({ session }: Services, rows: readonly Row[]): Promise<Map<number, string | undefined>> {
	const ids = [...new Set(rows.flatMap((row) => reference(row.product_id)?.id ?? []))];
	return new Map((await session.read('product.product', ids, ['default_code'])).map((row) => [row.id, text(row.default_code)]));
}

/** Percent taxes of a line. */
export function lineTaxes(ids: unknown, taxes: ReadonlyMap<number, OdooTax>): Tax[] {
	return idList(ids).flatMap((id) => {
		const tax = taxes.get(id);
		return tax?.rate === undefined ? [] : [{ name: tax.name, rate: tax.rate, code: String(id) }];
	});
}

/** `vtiger:*:4x38` for each record that carries a key of ours. */
export async function sourceKeys({ keys }: Services, model: string, ids: readonly number[]): Promise<Map<number, string>> {
	const unique = [...new Set(ids)];
	const found = unique.length > 0 ? await keys.ofRecords(model, unique) : new Map<number, string[]>();
	return new Map([...found].flatMap(([id, own]): Array<[number, string]> => {
		const key = sourceKeyOf(own, model);
		return key ? [[id, key]] : [];
	}));
}

/** The record of the other system that a key of ours stands for, as a ref. */
export function sourceRefs(key: string | undefined, kind: OdooKind): Ref[] {
	const parts = key ? parseKey(key) : undefined;
	return parts && key ? [{ system: parts.installation, kind, id: parts.id, key, number: undefined, url: undefined, outcome: undefined, status: undefined }] : [];
}

/** The text of a note: HTML from Odoo 15 on. */
export function plainNote(value: unknown): string | undefined {
	const given = text(value);
	if (!given || !/<[a-z][^>]*>/i.test(given)) return given;
	const words = given.replace(/<br\s*\/?>|<\/p>/gi, '\n').replace(/<[^>]*>/g, '').replace(/&nbsp;/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').trim();
	return words || undefined;
}

/** A row's date without time. */
export function day(value: unknown): string | undefined {
	return text(value)?.slice(0, 10);
}
