// Owns items of 1C as products, with price and stock where the base publishes them. Writes nothing.
import { type Product, productSchema } from '../core/documents';
import { big } from '../core/money';
import type { ListQuery } from '../core/port';
import { text as literal } from './onec.literals';
import type { Profile } from './onec.profile';
import { at, byIdIfThere, type Found, HEADER, keyOf, type Reader, sourceOf } from './onec.reading';
import { type Findable, findOne, listHeaders } from './onec.reading.find';
import { currencyCode } from './onec.reading.headers';
import { taxesOf } from './onec.reading.lines';
import type { Services } from './onec.services';
import { isGoods, type Price, pricesOf, stockOf } from './onec.stock';
import { reference, text } from './onec.values';
import type { Row } from './onec.wire';

interface Related {
	profile: Profile;
	units: Map<string, Row>;
	rates: Map<string, Row>;
	prices: Map<string, Price>;
	currencies: Map<string, Row>;
	stock: Map<string, string>;
}

export class ProductReader implements Reader<'product'> {
	constructor(private readonly services: Services) {}

	async sets(): Promise<string[]> {
		return [(await this.services.profile()).product.set];
	}

	/** @param ref a Ref_Key, or `number:` and the code by which the CRM knows the product */
	async get(ref: string): Promise<Product> {
		const [product] = await this.documents([await findOne(this.services, await this.findable(), ref)]);
		return product!;
	}

	/** @throws Failure `rejected` for `modifiedSince`: a catalog has no date at all */
	async *list(query: ListQuery): AsyncGenerator<Product[]> {
		for await (const page of listHeaders(this.services, await this.findable(), query)) yield await this.documents(page);
	}

	async documents(found: readonly Found[]): Promise<Product[]> {
		if (found.length === 0) return [];
		const related = await this.related(found.map(({ row }) => row));
		return found.map(({ set, row }) => this.toProduct(set, row, related));
	}

	private async findable(): Promise<Findable> {
		const { product } = await this.services.profile();
		const is = (field: string) => (value: string) => `${field} eq ${literal(value)}`;
		return { kind: 'product', sets: [product.set], number: product.code, only: (row) => row.IsFolder !== true, where: { code: is(product.code), number: is(product.code), name: is(product.name) } };
	}

	private async related(rows: readonly Row[]): Promise<Related> {
		const { services } = this;
		const profile = await services.profile();
		const { product, unit, vat, currency } = profile;
		const ids = rows.flatMap((row) => reference(row.Ref_Key) ?? []);
		const prices = await pricesOf(services, ids);
		return {
			profile,
			prices,
			units: await byIdIfThere(services, unit.set, rows.map((row) => at(row, product.unit)), HEADER),
			rates: await byIdIfThere(services, vat.set, rows.map((row) => at(row, product.vat))),
			currencies: await byIdIfThere(services, currency.set, [...prices.values()].map((price) => price.currency)),
			stock: await stockOf(services, rows.filter((row) => isGoods(row, product)).flatMap((row) => reference(row.Ref_Key) ?? [])),
		};
	}

	private toProduct(set: string, row: Row, { profile, units, rates, prices, currencies, stock }: Related): Product {
		const { product, unit } = profile;
		const id = reference(row.Ref_Key)!;
		const taxes = taxesOf(at(row, product.vat), profile, rates);
		const price = prices.get(id);
		return productSchema.parse({
			kind: 'product',
			key: keyOf(this.services, set, id),
			source: sourceOf(this.services, set, row, text(row[product.code])),
			type: isGoods(row, product) ? 'product' : 'service',
			code: text(row[product.code]),
			name: text(row[product.name]) ?? '',
			description: text(at(row, product.description)),
			unit: text(at(units.get(reference(at(row, product.unit)) ?? '') ?? {}, unit.name)),
			price: price && withoutVat(price, taxes[0]?.rate),
			currency: currencyCode(currencies.get(price?.currency ?? ''), profile.currency),
			stock: stock.get(id),
			active: row.DeletionMark !== true,
			taxes,
		});
	}
}

/** Prices of documents are without VAT; a kind of price may hold it. */
function withoutVat({ price, vatIncluded }: Price, rate: string | undefined): string {
	return vatIncluded && rate ? big(price).times(100).div(big(rate).plus(100)).round(6).toFixed() : price;
}
