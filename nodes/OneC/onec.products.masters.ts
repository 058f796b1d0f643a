// Owns what a new product of 1C needs beside its own data: kind (Вид номенклатуры), unit, VAT rate, goods or service.
// Reads catalogs, writes nothing.
import type { Product } from '../core/documents';
import { asFailure } from '../core/failure';
import { type Cell, fixedCell, plainText, refCell } from './onec.cells';
import { reference } from './onec.keys';
import { anyOf, text } from './onec.literals';
import { OrderMasters } from './onec.orders.masters';
import { fold } from './onec.partners.find';
import type { Profile } from './onec.profile';
import type { Services } from './onec.services';
import { chooseRate } from './onec.vat.rates';
import type { Row } from './onec.wire';

/** Words of a CRM for the piece. */
const PIECES = ['', 'шт', 'шт.', 'штука', 'pcs', 'pc', 'piece', 'pieces', 'unit', 'units', 'box', 'ea', 'each'];
/** Name and code of the piece in the classifier of units (ОКЕИ). */
const PIECE = 'шт';
const PIECE_CODE = '796';
/** ОКЕИ of some words; the others are looked for by name. */
const UNIT_CODES: Readonly<Record<string, string>> = { hour: '356', hours: '356', h: '356', ч: '356', час: '356', m: '006', м: '006', meter: '006', kg: '166', кг: '166', l: '112', л: '112', day: '359', days: '359', month: '362' };

export class ProductMasters {
	private readonly masters: OrderMasters;

	constructor(private readonly services: Services) {
		this.masters = new OrderMasters(services);
	}

	/** Only for a new record: 1C's people decide about these later. */
	async cells(document: Product, profile: Profile, record: string, notes: string[]): Promise<Cell[]> {
		const kind = await this.kind(document, profile, notes);
		return [
			...this.type(document, profile),
			...(kind && profile.product.kind ? [refCell(profile.product.kind, reference(kind.Ref_Key), plainText(kind[profile.product.kindName ?? 'Description']))] : []),
			...(await this.unit(document, kind, profile, notes)),
			...(await this.vat(document, kind, profile, record, notes)),
			...Object.entries(profile.product.whenNew).map(([field, value]) => fixedCell(field, value)),
		];
	}

	private type({ type }: Product, { product }: Profile): Cell[] {
		const value = type === 'service' ? product.typeService : product.typeGoods;
		return product.type && value !== undefined ? [fixedCell(product.type, value)] : [];
	}

	/** The first kind of goods, or of services: it can be changed in 1C at any time. */
	private async kind({ type }: Product, { product }: Profile, notes: string[]): Promise<Row | undefined> {
		if (!product.kind || !product.kindSet || !(await this.services.metadata.has(product.kindSet))) return undefined;
		const wanted = type === 'service' ? product.typeService : product.typeGoods;
		const rows = (await this.masters.list(product.kindSet)).filter((row) => !product.kindType || !(product.kindType in row) || row[product.kindType] === wanted);
		const ordered = [...rows].sort((a, b) => (plainText(a[product.kindName ?? 'Description']) < plainText(b[product.kindName ?? 'Description']) ? -1 : 1));
		if (ordered.length > 1) notes.push(`Of ${ordered.length} kinds "${plainText(ordered[0]![product.kindName ?? 'Description'])}" was taken; set another with a field override (${product.kind})`);
		return ordered[0];
	}

	/** Asked for by name and code: УТ keeps the packages of every item in the same catalog. */
	private async unit({ unit: given }: Product, kind: Row | undefined, { product, unit }: Profile, notes: string[]): Promise<Cell[]> {
		if (!product.unit || !(await this.services.metadata.has(unit.set))) return [];
		const word = fold(given ?? '');
		const code = UNIT_CODES[word] ?? PIECE_CODE;
		const conditions = [
			// Full names may be texts of unlimited length, which cannot be compared (reference 5).
			...(given ? [unit.name, unit.symbol].flatMap((field) => (field ? [...new Set([given, word, word.toUpperCase()])].map((spelling) => `${field} eq ${text(spelling)}`) : [])) : []),
			...(unit.code ? [...new Set([code, PIECE_CODE])].map((one) => `${unit.code!} eq ${text(one)}`) : []),
			`${unit.name} eq ${text(PIECE)}`,
		];
		const rows = (await this.services.session.rows(unit.set, { filter: anyOf(conditions) })).filter((row) => row.DeletionMark !== true && (!unit.owner || !reference(row[unit.owner])));
		const coded = (wanted: string): Row | undefined => rows.find((row) => unit.code && plainText(row[unit.code]).trim() === wanted);
		const named = rows.find((row) => word && [unit.name, unit.fullName, unit.symbol].some((field) => field && fold(plainText(row[field])) === word));
		const found = named ?? (UNIT_CODES[word] ? coded(code) : undefined);
		if (!found && !PIECES.includes(word)) notes.push(`1C has no unit "${given}": the usual one was taken`);
		const usual = reference(kind?.['ЕдиницаИзмерения_Key']) ?? reference((coded(PIECE_CODE) ?? rows.find((row) => fold(plainText(row[unit.name])) === PIECE))?.Ref_Key);
		const id = reference(found?.Ref_Key) ?? usual;
		if (!id) return [];
		if (product.unit.endsWith('_Key')) return [refCell(product.unit, id)];
		return [fixedCell(product.unit, id), fixedCell(`${product.unit}_Type`, `StandardODATA.${unit.set}`)];
	}

	private async vat({ taxes }: Product, kind: Row | undefined, profile: Profile, record: string, notes: string[]): Promise<Cell[]> {
		const { product } = profile;
		if (!product.vat?.endsWith('_Key')) return [];
		if (taxes.length === 0) return reference(kind?.[product.vat]) ? [refCell(product.vat, reference(kind?.[product.vat]))] : [];
		try {
			const rate = chooseRate(taxes, [], await this.masters.rates(profile, product.vat), record, 'The product');
			return [refCell(product.vat, rate.value, rate.name)];
		} catch (error) {
			// The order's lines say what is charged; the product's own rate is a default for 1C's people.
			notes.push(`The VAT rate was not written: ${asFailure(error).what}`);
			return [];
		}
	}
}

