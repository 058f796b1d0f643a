// Owns taxes: rates for the arithmetic, and what a fiscal position makes of a product's taxes.
// Must not know: orders, invoices, transport.
import type { Row } from '../json';
import { idList, num, ref } from '../json';
import type { Rounding, TaxRate } from '../money';
import type { Env, ModelRules } from '../world';

export function taxRules(): ModelRules {
	return {
		order: 'sequence, id',
		computed: { price_include: (env, row) => isIncluded(env, row) },
		defaults: (env) => ({ type_tax_use: 'sale', amount_type: 'percent', sequence: 1, company_id: env.company }),
	};
}

/** From 18 the price_include field is computed from an override. */
function isIncluded(env: Env, row: Row): boolean {
	return env.version >= 18 ? row['price_include_override'] === 'tax_included' : row['price_include'] === true;
}

/** The taxes in the order they are computed. */
export function ratesOf(env: Env, ids: number[]): TaxRate[] {
	return ids
		.map((id) => env.store.get('account.tax', id))
		.filter((row): row is Row => row !== undefined)
		.sort((a, b) => num(a['sequence']) - num(b['sequence']) || a.id - b.id)
		.map((row) => ({
			id: row.id,
			amount: num(row['amount']),
			included: isIncluded(env, row),
			inBase: row['include_base_amount'] === true,
			fixed: row['amount_type'] === 'fixed',
		}));
}

export function roundingOf(env: Env, companyId: number): Rounding {
	const own = env.store.get('res.company', companyId)?.['tax_calculation_rounding_method'];
	return own === 'round_globally' || own === 'round_per_line' ? own : env.world.profile.defaultRounding;
}

/** Product taxes of the company, mapped by the position. */
export function mapTaxes(env: Env, positionId: number, taxIds: number[], companyId: number): number[] {
	const own = taxIds.filter((id) => env.store.get('account.tax', id)?.['company_id'] === companyId);
	const position = env.store.get('account.fiscal.position', positionId);
	if (!position) return own;
	if (env.version >= 19) return mapByTaxes(env, position, own);
	const lines = env.store.by('account.fiscal.position.tax', 'position_id', positionId).map((id) => env.row('account.fiscal.position.tax', id));
	return [
		...new Set(
			own.flatMap((id) => {
				const mapped = lines.filter((l) => l['tax_src_id'] === id);
				return mapped.length === 0 ? [id] : mapped.map((l) => ref(l['tax_dest_id'])).filter((dest) => dest > 0);
			}),
		),
	];
}

/** 19: a position lists its taxes, each naming what it replaces; a position without taxes removes all. */
function mapByTaxes(env: Env, position: Row, taxIds: number[]): number[] {
	const listed = idList(position['tax_ids']);
	if (listed.length === 0) return [];
	return [
		...new Set(
			taxIds.flatMap((id) => {
				const replacing = listed.filter((t) => idList(env.store.get('account.tax', t)?.['original_tax_ids']).includes(id));
				return replacing.length > 0 ? replacing : [id];
			}),
		),
	];
}

/** 19 picks a position by the delivery address' country; before, only one set on the partner counts. */
export function positionFor(env: Env, partnerId: number, deliveryId: number, companyId: number): number | undefined {
	const manual = ref(env.store.get('res.partner', partnerId)?.['property_account_position_id']);
	if (manual > 0) return manual;
	if (env.version < 19) return undefined;
	const country = ref(env.store.get('res.partner', deliveryId)?.['country_id']);
	const candidates = env.store.rows('account.fiscal.position').filter((p) => {
		const wanted = ref(p['country_id']);
		return p['auto_apply'] === true && p['active'] !== false && p['company_id'] === companyId && (wanted === 0 || wanted === country);
	});
	return (candidates.find((p) => ref(p['country_id']) === country && country > 0) ?? candidates.find((p) => ref(p['country_id']) === 0))?.id;
}
