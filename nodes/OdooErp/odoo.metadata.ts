// Owns what a connector must know of one installation before it writes: fields, decimals, company, currencies, taxes,
// countries. Each is asked when first needed and kept for a while. Must not know documents.
import { z } from 'zod';
import type { Clock } from '../core/http';
import type { Precision } from '../core/money';
import { READ } from '../core/retry';
import { expected, type OdooSession } from './odoo.session';
import { decimal, reference, text, type Row } from './odoo.values';

/** Settings seldom change; a changed one is noticed after this. */
const KEPT_MS = 10 * 60_000;

export const fieldSchema = z.object({
	type: z.string(),
	string: z.string().optional(),
	required: z.boolean().optional(),
	readonly: z.boolean().optional(),
	store: z.boolean().optional(),
	relation: z.string().optional(),
	/** Pairs of value and label; add-ons put other things here. */
	selection: z.array(z.tuple([z.unknown(), z.unknown()]).rest(z.unknown())).optional().catch(undefined),
	/** All digits and decimals. */
	digits: z.array(z.number()).optional().catch(undefined),
});
export type OdooField = z.output<typeof fieldSchema>;
const fieldsSchema = z.record(fieldSchema);

export interface OdooTax {
	id: number;
	name: string;
	/** Percent as decimal text; nothing for taxes of another sort. */
	rate?: string;
	included: boolean;
	sale: boolean;
	companyId?: number;
}

export interface Company {
	id: number;
	currency: string;
	/** `round_per_line` or `round_globally`. */
	rounding: string;
}

export interface Pricelist {
	id: number;
	name: string;
	currency: string;
	companyId?: number;
}

export class OdooMetadata {
	private readonly kept = new Map<string, { until: number; value: Promise<unknown> }>();

	constructor(
		private readonly session: OdooSession,
		private readonly clock: Clock,
	) {}

	/** The result of `load`, asked once per ten minutes; a failure is not kept. */
	async cached<T>(name: string, load: () => Promise<T>): Promise<T> {
		const entry = this.kept.get(name);
		if (entry && entry.until > this.clock.now()) return (await entry.value) as T;
		const value = load();
		this.kept.set(name, { until: this.clock.now() + KEPT_MS, value });
		try {
			return await value;
		} catch (error) {
			this.kept.delete(name);
			throw error;
		}
	}

	/** Asks anew at the next use: somebody may have mended in Odoo what a document was refused for. */
	forget(): void {
		this.kept.clear();
	}

	/** All fields that the user may see, by name. */
	async fields(model: string): Promise<Record<string, OdooField>> {
		const attributes = ['type', 'string', 'required', 'readonly', 'store', 'relation', 'selection', 'digits'];
		return await this.cached(`fields ${model}`, async () =>
			await this.session.call({ model, method: 'fields_get', args: { allfields: [], attributes } }, READ, expected(fieldsSchema, `${model}/fields_get`)),
		);
	}

	/** The first of `names` that the model has: fields are renamed between versions. */
	async fieldNamed<N extends string>(model: string, ...names: N[]): Promise<N | undefined> {
		const fields = await this.fields(model);
		return names.find((name) => name in fields);
	}

	/** Of `names`, those that the model has. */
	async present(model: string, names: readonly string[]): Promise<string[]> {
		const fields = await this.fields(model);
		return names.filter((name) => name in fields);
	}

	/** Decimals that an order line keeps. Odoo 19 keeps prices as they are sent and rounds them on screen only. */
	async linePrecision(): Promise<Precision> {
		const fields = await this.fields('sale.order.line');
		const digits = (field: string): number | undefined => fields[field]?.digits?.[1];
		const quantity = digits('product_uom_qty');
		if (quantity !== undefined) return { quantity, price: digits('price_unit') ?? UNLIMITED, discount: digits('discount') ?? 2 };
		const named = await this.cached('precision', async () => await this.session.searchRead('decimal.precision', [], ['name', 'digits']));
		const of = (...names: string[]): number => Number(named.find((row) => names.includes(String(row.name)))?.digits ?? 2);
		return { quantity: of('Product Unit of Measure', 'Product Unit'), price: of('Product Price'), discount: of('Discount') };
	}

	/** The company that records are made in. */
	async company(): Promise<Company> {
		return await this.cached('company', async () => {
			const id = this.session.credential.company ?? (await this.ownCompany());
			const [row] = await this.session.read('res.company', [id], ['currency_id', 'tax_calculation_rounding_method']);
			return { id, currency: reference(row?.currency_id)?.label ?? '', rounding: text(row?.tax_calculation_rounding_method) ?? 'round_per_line' };
		});
	}

	private async ownCompany(): Promise<number> {
		const { uid } = await this.session.login();
		const [user] = await this.session.read('res.users', [uid], ['company_id']);
		return reference(user?.company_id)?.id ?? 1;
	}

	/** Decimals of the active currencies, by code. */
	async currencies(): Promise<Map<string, number>> {
		const rows = await this.cached('currencies', async () => await this.session.searchRead('res.currency', [], ['name', 'decimal_places']));
		return new Map(rows.map((row) => [String(row.name), Number(row.decimal_places ?? 2)]));
	}

	async pricelists(): Promise<Pricelist[]> {
		const rows = await this.cached('pricelists', async () => await this.session.searchRead('product.pricelist', [], ['name', 'currency_id', 'company_id']));
		return rows.map((row) => ({ id: row.id, name: String(row.name), currency: reference(row.currency_id)?.label ?? '', companyId: reference(row.company_id)?.id }));
	}

	/** The active taxes that the user sees. */
	async taxes(): Promise<OdooTax[]> {
		const rows = await this.cached('taxes', async () => await this.session.searchRead('account.tax', [], TAX_FIELDS));
		return rows.map(toTax);
	}

	/** Taxes by id, archived ones too: old invoices carry them. */
	async taxesById(ids: Iterable<number>): Promise<Map<number, OdooTax>> {
		const known = new Map((await this.taxes()).map((tax) => [tax.id, tax]));
		const others = [...new Set(ids)].filter((id) => !known.has(id));
		for (const row of await this.session.read('account.tax', others, TAX_FIELDS)) known.set(row.id, toTax(row));
		return known;
	}

	/** Countries with code and the name in the credential's language. */
	async countries(): Promise<Array<{ id: number; code: string; name: string }>> {
		const rows = await this.cached('countries', async () => await this.session.searchRead('res.country', [], ['code', 'name']));
		return rows.map((row) => ({ id: row.id, code: text(row.code) ?? '', name: text(row.name) ?? '' }));
	}

	async states(countryId: number): Promise<Array<{ id: number; code: string; name: string }>> {
		const rows = await this.cached(`states ${countryId}`, async () => await this.session.searchRead('res.country.state', [['country_id', '=', countryId]], ['code', 'name']));
		return rows.map((row) => ({ id: row.id, code: text(row.code) ?? '', name: text(row.name) ?? '' }));
	}
}

/** A float of PostgreSQL holds more, but not reliably. */
const UNLIMITED = 10;

const TAX_FIELDS = ['name', 'amount', 'amount_type', 'type_tax_use', 'price_include', 'company_id'];

function toTax(row: Row): OdooTax {
	return {
		id: row.id,
		name: String(row.name),
		rate: row.amount_type === 'percent' ? decimal(row.amount) : undefined,
		included: row.price_include === true,
		sale: row.type_tax_use === 'sale',
		companyId: reference(row.company_id)?.id,
	};
}
