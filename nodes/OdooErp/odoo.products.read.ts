// Owns products of Odoo as documents, with cost and stock where the user may see them. Writes nothing.
import { type Product, productSchema } from '../core/documents';
import { fromFields } from '../core/mapping';
import type { Services } from './odoo.customers';
import { productRows } from './odoo.mapping';
import { MODELS } from './odoo.refs';
import { lineTaxes, type Reader, refMaker, sourceKeys, sourceRefs } from './odoo.reading';
import { type Domain, idList, optionalDecimal, reference, type Row, text, toIso } from './odoo.values';

const MODEL = MODELS.product;
const OTHERS = ['type', 'detailed_type', 'uom_id', 'currency_id', 'taxes_id', 'qty_available', 'write_date'];

export class ProductReader implements Reader<'product'> {
	readonly model = MODEL;
	readonly domain: Domain = [];
	readonly where = {
		code: (value: string) => [['default_code', '=', value]],
		number: (value: string) => [['default_code', '=', value]],
		name: (value: string) => [['name', '=', value]],
		barcode: (value: string) => [['barcode', '=', value]],
	};

	constructor(private readonly services: Services) {}

	async fields(): Promise<string[]> {
		return await this.services.metadata.present(MODEL, [...productRows.map((row) => row.field), ...OTHERS]);
	}

	async documents(rows: readonly Row[]): Promise<Product[]> {
		if (rows.length === 0) return [];
		const taxes = await this.services.metadata.taxesById(rows.flatMap((row) => idList(row.taxes_id)));
		const keys = await sourceKeys(this.services, MODEL, rows.map((row) => row.id));
		const company = await this.services.metadata.company();
		const refs = await refMaker(this.services);
		return rows.map((row) =>
			productSchema.parse({
				...fromFields(row, productRows),
				name: text(row.name) ?? '',
				kind: 'product',
				key: refs.key(MODEL, row.id),
				source: refs.source(MODEL, row.id, toIso(row.write_date), text(row.default_code)),
				refs: sourceRefs(keys.get(row.id), 'product'),
				type: (row.detailed_type ?? row.type) === 'service' ? 'service' : 'product',
				currency: reference(row.currency_id)?.label || company.currency || undefined,
				unit: reference(row.uom_id)?.label,
				stock: (row.detailed_type ?? row.type) === 'service' ? undefined : optionalDecimal(row.qty_available),
				taxes: lineTaxes(row.taxes_id, taxes),
			}),
		);
	}
}
