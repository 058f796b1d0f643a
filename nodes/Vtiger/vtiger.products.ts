// Owns products and services as they come from another system: found by key or code, made, brought up to date where
// this vtiger does not lose their taxes by it.
import type { Document, Product } from '../core/documents';
import { describeDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { evaluateOverrides, toFields } from '../core/mapping';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { productCode } from './vtiger.documents';
import { allNew, changedFields, characterNotes, eachDocument, fieldDifferences, isOneOf, outcome } from './vtiger.fields';
import { idOf, type Row } from './vtiger.gateway';
import { OUR_MARK, PRODUCT_ROWS, SERVICE_ROWS } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import { byId } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { textOf } from './vtiger.values';

type ProductModule = 'Products' | 'Services';

export class Products {
	constructor(private readonly site: Site) {}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		const products = documents.filter((document): document is Product => isOneOf(document, ['product']));
		const found = new Map<ProductModule, Row[]>();
		for (const module of ['Products', 'Services'] as const) {
			const some = products.filter((product) => moduleOf(product) === module);
			if (some.length > 0) found.set(module, await this.lookUp(module, some));
		}
		return await eachDocument(documents, async (document) => {
			if (!isOneOf(document, ['product'])) throw new Failure('rejected', `A ${document.kind} is not a product`, { advice: 'Feed this step with products' });
			return await this.one(document, found.get(moduleOf(document)) ?? [], options);
		});
	}

	/** By key, by own id, by code; services, which have no code field, by their number or name. */
	private async lookUp(module: ProductModule, products: readonly Product[]): Promise<Row[]> {
		const link = await this.site.metadata.linkFields(module);
		return await this.site.gateway.amongAny('*', module, products, (product) => [
			...(link.key ? [{ column: link.key, values: [product.key] }] : []),
			{ column: 'id', values: [this.site.ownId(product.key, module) ?? ''] },
			...(module === 'Products' ? [{ column: 'productcode', values: [product.code ?? ''] }, { column: 'product_no', values: [product.code ?? ''] }] : [{ column: 'service_no', values: [product.code ?? ''] }, { column: 'servicename', values: [product.name] }]),
		]);
	}

	private match(product: Product, module: ProductModule, rows: readonly Row[], link: LinkFields): Row | undefined {
		const own = this.site.ownId(product.key, module);
		const lower = (text: string | undefined) => text?.toLowerCase();
		const rules: Array<(row: Row) => boolean> = [
			(row) => idOf(row) === own,
			(row) => link.key !== undefined && textOf(row[link.key]) === product.key,
			(row) => product.code !== undefined && lower(productCode(module, row)) === lower(product.code),
			(row) => module === 'Services' && lower(textOf(row.servicename)) === lower(product.name),
		];
		for (const rule of rules) {
			const fitting = rows.filter(rule).sort(byId);
			if (fitting.length > 1) throw new Failure('ambiguous', `The CRM has ${fitting.length} products with the code "${product.code ?? product.name}": ${fitting.map(idOf).join(', ')}`, { advice: 'Give each a part number of its own' });
			if (fitting[0]) return fitting[0];
		}
		return undefined;
	}

	private async one(product: Product, rows: Row[], options: UpsertOptions): Promise<Outcome> {
		const module = moduleOf(product);
		const link = await this.site.metadata.linkFields(module);
		const { fields, notes } = await this.fields(product, module, link, options);
		const found = this.match(product, module, rows, link);
		if (found) return await this.bring(module, found, fields, options, notes);
		if (options.dryRun) return outcome('created', { ...this.site.ref('product', module, { id: '' }), key: product.key }, allNew(fields), [...notes, 'Nothing was written']);
		const { userId } = await this.site.gateway.session.login();
		// A product is inactive unless told otherwise (reference 5). Taxes can be given now and never again.
		const element = { assigned_user_id: userId, discontinued: '1', ...fields, ...(await this.taxes(product, module)), source: OUR_MARK };
		const record = await this.site.gateway.create(module, element, async () => this.match(product, module, await this.lookUp(module, [product]), link));
		rows.push(record);
		return outcome('created', this.site.ref('product', module, record), allNew(element), notes);
	}

	private async bring(module: ProductModule, found: Row, fields: Row, options: UpsertOptions, notes: string[]): Promise<Outcome> {
		const ref = this.site.ref('product', module, found);
		const changed = fieldDifferences(found, fields);
		if (Object.keys(changed).length === 0) return outcome('unchanged', ref, {}, notes);
		if (!(await this.mayRevise(module))) {
			const names = Object.keys(changed).join(', ');
			return outcome('skipped', ref, changed, [...notes, `It differs in ${names}, and was left as it is: any change through the web service makes this vtiger forget the taxes of the ${module === 'Services' ? 'service' : 'product'}. Change it in the CRM by hand`]);
		}
		if (options.dryRun) return outcome('updated', ref, changed, [...notes, 'Nothing was written']);
		await this.site.gateway.revise(idOf(found), changedFields(fields, changed));
		return outcome('updated', ref, changed, notes);
	}

	/** A revision deletes the tax rows of products before 8.4 (reference 5), and of services on 8.4.0 too (measured). */
	private async mayRevise(module: ProductModule): Promise<boolean> {
		const [major = 0, minor = 0] = (await this.site.gateway.session.login()).version.split('.').map(Number);
		return module === 'Products' && (major > 8 || (major === 8 && minor >= 4));
	}

	private async fields(product: Product, module: ProductModule, link: LinkFields, options: UpsertOptions): Promise<{ fields: Row; notes: string[] }> {
		const record = describeDocument(product);
		const base = (await this.site.metadata.currencies()).find((currency) => currency.base)?.code;
		const fields = toFields(product, module === 'Products' ? PRODUCT_ROWS : SERVICE_ROWS, record);
		const notes: string[] = [];
		if (product.currency && base && product.currency !== base) {
			delete fields.unit_price;
			delete fields.purchase_cost;
			notes.push(`Its prices are in ${product.currency} and the CRM keeps prices in ${base}: they were left out`);
		}
		if (link.key && this.site.own(product.key) === undefined) fields[link.key] = product.key;
		Object.assign(fields, await evaluateOverrides(options.overrides ?? [], product, product.source, record));
		return { fields, notes: [...notes, ...characterNotes(fields)] };
	}

	/** The CRM's taxes of the same rate: by name where several have it. */
	private async taxes(product: Product, module: ProductModule): Promise<Row> {
		if (product.taxes.length === 0) return {};
		const columns = new Set((await this.site.metadata.taxColumns(module)).map(({ code }) => code));
		const known = (await this.site.metadata.taxes()).filter(({ code }) => columns.has(code));
		return Object.fromEntries(
			product.taxes.flatMap((tax) => {
				const same = known.filter(({ rate }) => rate === tax.rate);
				const chosen = same.find(({ name }) => name === tax.name) ?? same[0];
				return chosen ? [[chosen.code, tax.rate]] : [];
			}),
		);
	}
}

function moduleOf(product: Product): ProductModule {
	return product.type === 'service' ? 'Services' : 'Products';
}
