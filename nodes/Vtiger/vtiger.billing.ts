// Owns the plan of an invoice's lines and money: its products in the CRM, their taxes, its sign, and a total that is the
// ERP's to the cent. Reads only.
import type { Invoice, Line } from '../core/documents';
import { computeTotals, lineNet } from '../core/money';
import type { UpsertOptions } from '../core/port';
import { turned } from './vtiger.credit';
import type { Row } from './vtiger.gateway';
import { carriedTaxes, isIndividual, linesOf } from './vtiger.lines';
import type { TaxInfo } from './vtiger.metadata';
import type { Plan } from './vtiger.plan';
import { adjusted, makePlan, type PlannedProduct } from './vtiger.planner';
import { noProduct, type Catalogue, type Resolver } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { decimalOf, textOf } from './vtiger.values';

const MODULE = 'Invoice';

export class Billing {
	constructor(
		private readonly site: Site,
		private readonly resolver: Resolver,
	) {}

	/** @param basis the order, quote or invoice whose products and taxes come first */
	async plan(invoice: Invoice, basis: Row | undefined, options: UpsertOptions): Promise<Plan> {
		const { metadata } = this.site;
		const signed = this.signed(invoice);
		const used = new Set((basis ? linesOf(basis) : []).flatMap((line) => textOf(line.productid) ?? []));
		const catalogue = await this.resolver.catalogue(signed.lines.filter(takesProduct), [...used]);
		const products = this.products(signed, catalogue, used, basis);
		const individual = basis ? isIndividual(basis) : false;
		const needsTaxes = individual || new Set(signed.lines.map((line) => line.taxes.map((tax) => tax.rate).sort().join())).size > 1;
		const plan = makePlan({
			document: { ...signed, taxMode: individual ? 'line' : 'document' },
			products: needsTaxes ? await this.withTaxes(products, basis) : products,
			taxColumns: await metadata.taxColumns(MODULE),
			shippingTaxColumns: await metadata.shippingTaxColumns(MODULE),
			taxes: [...this.usedTaxes(basis), ...(await metadata.taxes())],
			mapping: options.taxes,
		});
		return adjusted(plan, this.total(signed), signed);
	}

	/** As vtiger stores it: a credit note has negative quantities there. */
	signed(invoice: Invoice): Invoice {
		return invoice.type === 'creditNote' && !this.total(invoice).startsWith('-') ? turned(invoice) : invoice;
	}

	/** The ERP's total, worked out where it names none. */
	total(invoice: Invoice): string {
		return invoice.totals?.total ?? computeTotals(invoice.lines, invoice.charges, 'document').total;
	}

	/** The products of the lines. A line without one counts as a charge: shipping, discounts, deducted down payments. */
	private products(invoice: Invoice, catalogue: Catalogue, used: ReadonlySet<string>, basis: Row | undefined): Map<string, PlannedProduct> {
		const products = new Map<string, PlannedProduct>();
		const minus = this.total(invoice).startsWith('-');
		for (const line of invoice.lines) {
			if (!takesProduct(line)) continue;
			const product = catalogue.find(line, used);
			const deducts = lineNet(line).lt(0) !== minus && invoice.lines.some((other) => other.role === 'product');
			if (product) products.set(line.key, product);
			else if (line.role === 'product') throw noProduct(line);
			else if (!deducts) products.set(line.key, this.standIn(basis, line));
		}
		return products;
	}

	/** vtiger knows no line without a product: a down payment takes a service of the order, which moves no stock. */
	private standIn(basis: Row | undefined, line: Line): PlannedProduct {
		const service = basis && linesOf(basis).find((row) => row.entity_type === 'Services' && textOf(row.productid));
		if (service) return { id: String(service.productid), name: textOf(service.product_name) };
		throw noProduct({ ...line, name: line.name ?? 'Down payment' });
	}

	private async withTaxes(products: ReadonlyMap<string, PlannedProduct>, basis: Row | undefined): Promise<Map<string, PlannedProduct>> {
		const carried: Map<string, PlannedProduct['carries']> = basis ? carriedTaxes(basis) : new Map();
		for (const product of products.values()) if (!carried.has(product.id)) carried.set(product.id, [...((await this.resolver.withTaxes(product)).carries ?? [])]);
		return new Map([...products].map(([key, product]) => [key, { ...product, carries: carried.get(product.id) }]));
	}

	/** The taxes that the order's lines use, so that the invoice names the same ones. */
	private usedTaxes(basis: Row | undefined): TaxInfo[] {
		const [first] = basis ? linesOf(basis) : [];
		return Object.entries(first ?? {})
			.filter(([field, value]) => /^tax\d+$/.test(field) && decimalOf(value) !== '0')
			.map(([code, value]) => ({ code, name: '', rate: decimalOf(value) ?? '0' }));
	}
}

/** Shipping, discounts and adjustments are charges of the whole document in the CRM. */
function takesProduct(line: Line): boolean {
	return line.role === 'product' || line.role === 'downPayment';
}
