// Owns the journal items of an invoice: product lines as given, tax and receivable lines derived from them.
// Must not know: posting, payment, transport.
import type { JsonObject, Row } from '../json';
import { idList, num, ref, str } from '../json';
import { documentAmounts, lineAmounts } from '../money';
import type { DocumentAmounts, LineAmounts } from '../money';
import { productName } from '../names';
import type { Profile } from '../versions';
import { create } from '../records';
import type { Env, ModelRules } from '../world';
import { mapTaxes, ratesOf, roundingOf } from './tax';

const LINE = 'account.move.line';

export function invoiceLineRules(profile: Profile): ModelRules {
	const move = (env: Env, row: Row) => env.store.get('account.move', ref(row['move_id']));
	return {
		order: 'date desc, move_name desc, id',
		displayName: (env, row) => `${str(move(env, row)?.['name'])}${row['name'] ? ` ${str(row['name'])}` : ''}`.trim(),
		digits: { quantity: 2, discount: 2, ...(profile.roundsPrices ? { price_unit: 2 } : {}) },
		defaults: () => ({ discount: 0, sequence: 10 }),
		beforeCreate: (env, values) => filled(env, values),
		computed: {
			price_subtotal: (env, row) => (isInvoiceLine(row) && !isText(row) ? amountsOf(env, row).base : 0),
			price_total: (env, row) => (isInvoiceLine(row) && !isText(row) ? amountsOf(env, row).total : 0),
			currency_id: (env, row) => move(env, row)?.['currency_id'] ?? false,
			company_id: (env, row) => move(env, row)?.['company_id'] ?? false,
			partner_id: (env, row) => move(env, row)?.['partner_id'] ?? false,
			journal_id: (env, row) => move(env, row)?.['journal_id'] ?? false,
			parent_state: (env, row) => move(env, row)?.['state'] ?? 'draft',
			move_type: (env, row) => move(env, row)?.['move_type'] ?? 'entry',
			exclude_from_invoice_tab: (_env, row) => !isInvoiceLine(row),
			display_type: (_env, row) => displayType(profile.version, row),
			debit: (env, row) => Math.max(balance(env, row), 0),
			credit: (env, row) => Math.max(-balance(env, row), 0),
			balance: (env, row) => balance(env, row),
			amount_currency: (env, row) => balance(env, row),
			name: (_env, row) => (row['_receivable'] === true ? (profile.version >= 18 ? false : '') : (row['name'] ?? false)),
		},
	};
}

const isText = (row: Row) => row['display_type'] === 'line_section' || row['display_type'] === 'line_note';

/** Lines a person entered, as opposed to derived tax and receivable lines. */
export function isInvoiceLine(row: Row): boolean {
	return row['_receivable'] !== true && row['_tax'] !== true;
}

function displayType(version: number, row: Row): string | false {
	if (isText(row)) return str(row['display_type']);
	if (version < 16) return false;
	return row['_receivable'] === true ? 'payment_term' : row['_tax'] === true ? 'tax' : 'product';
}

function filled(env: Env, values: JsonObject): JsonObject {
	if (values['_receivable'] === true || values['_tax'] === true || values['_plain'] === true) return values;
	if (values['display_type'] === 'line_section' || values['display_type'] === 'line_note') return { ...values, quantity: 0, price_unit: 0 };
	const move = env.store.get('account.move', ref(values['move_id']));
	const product = env.store.get('product.product', ref(values['product_id']));
	const own: JsonObject = { quantity: 1, price_unit: 0, account_id: incomeAccount(env) };
	if (product) {
		own['name'] = productName(env, product);
		own['price_unit'] = num(env.value('product.product', product, 'list_price'));
		own['product_uom_id'] = env.value('product.product', product, 'uom_id');
		const taxes = idList(env.value('product.product', product, 'taxes_id'));
		own['tax_ids'] = [[6, 0, mapTaxes(env, ref(move?.['fiscal_position_id']), taxes, ref(move?.['company_id']))]];
	}
	return { ...own, ...values };
}

function incomeAccount(env: Env): number | false {
	const journal = env.store.rows('account.journal').find((j) => j['type'] === 'sale' && j['company_id'] === env.company);
	return ref(journal?.['default_account_id']) || false;
}

function receivableAccount(env: Env, partnerId: number): number | false {
	const own =
		ref(env.store.get('res.partner', partnerId)?.['property_account_receivable_id']) || ref(env.store.get('res.partner', 1)?.['property_account_receivable_id']);
	const first = env.store.rows('account.account').find((a) => a['internal_type'] === 'receivable' || a['account_type'] === 'asset_receivable');
	return own || first?.id || false;
}

export function amountsOf(env: Env, row: Row): LineAmounts {
	const move = env.store.get('account.move', ref(row['move_id']));
	const line = { price: num(row['price_unit']), quantity: num(row['quantity']), discount: num(row['discount']), taxes: ratesOf(env, idList(row['tax_ids'])) };
	return lineAmounts(line, roundingOf(env, ref(move?.['company_id'])));
}

/** Income is a credit of an invoice and a debit of a credit note. */
function balance(env: Env, row: Row): number {
	if (typeof row['_balance'] === 'number') return row['_balance'];
	if (isText(row)) return 0;
	const refund = env.store.get('account.move', ref(row['move_id']))?.['move_type'] === 'out_refund';
	return amountsOf(env, row).base * (refund ? 1 : -1);
}

/** Derives tax and receivable lines anew and gives the totals. Ids are kept where a line stays. */
export function rebuildLines(env: Env, move: Row): DocumentAmounts {
	const rows = env.store.by(LINE, 'move_id', move.id).map((id) => env.row(LINE, id));
	const priced = rows.filter((l) => isInvoiceLine(l) && !isText(l)).map((l) => amountsOf(env, l));
	const totals = documentAmounts(priced, roundingOf(env, ref(move['company_id'])));
	const direction = move['move_type'] === 'out_refund' ? 1 : -1;
	for (const [taxId, amount] of totals.perTax) {
		const known = rows.find((l) => l['_tax'] === true && l['tax_line_id'] === taxId);
		derived(env, move, known, {
			_tax: true,
			tax_line_id: taxId,
			name: str(env.store.get('account.tax', taxId)?.['name']),
			account_id: incomeAccount(env),
			_balance: amount * direction,
		});
	}
	for (const gone of rows.filter((l) => l['_tax'] === true && !totals.perTax.has(ref(l['tax_line_id'])))) env.store.remove(LINE, gone.id);
	const receivable = rows.find((l) => l['_receivable'] === true);
	derived(env, move, receivable, {
		_receivable: true,
		account_id: receivableAccount(env, ref(move['partner_id'])),
		_balance: totals.total * -direction,
		amount_residual: totals.total,
	});
	return totals;
}

function derived(env: Env, move: Row, known: Row | undefined, values: JsonObject): void {
	if (known) env.store.put(LINE, { ...known, ...values, id: known.id });
	else create(env, LINE, { ...values, move_id: move.id });
}
