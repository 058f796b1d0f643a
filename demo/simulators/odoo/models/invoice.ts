// Owns customer invoices and credit notes: lines, taxes, receivable, numbers, posting, what is left to pay.
// Must not know: orders' life cycle, wizards, transport.
import { userError } from '../failure';
import type { Json, JsonObject, Row } from '../json';
import { num, ref, str } from '../json';
import { add, subtract } from '../money';
import { displayName } from '../names';
import { touch } from '../records';
import type { Profile } from '../versions';
import type { Env, Method, ModelRules } from '../world';
import { invoiceLineRules, isInvoiceLine, rebuildLines } from './invoice.lines';
import { refreshOrder } from './sale.totals';

const MOVE = 'account.move';

export { invoiceLineRules };

export function moveRules(profile: Profile): ModelRules {
	return {
		order: 'date desc, name desc, id desc',
		displayName: (_env, row) => moveName(row),
		cascade: [['account.move.line', 'move_id']],
		copyName: false,
		defaults: (env) => ({ move_type: 'entry', state: 'draft', payment_state: 'not_paid', company_id: env.company, date: env.today }),
		beforeCreate: (env, values) => filled(env, values),
		afterCreate: (env, id) => settle(env, id),
		beforeWrite: (env, rows, values) => (rows.forEach((row) => refusePosted(env, row, values)), values),
		afterWrite: (env, before, values) => {
			if (values['invoice_line_ids'] !== undefined || values['line_ids'] !== undefined || values['currency_id'] !== undefined) settle(env, before.id);
		},
		beforeUnlink: (_env, rows) => {
			if (rows.every((r) => r['state'] !== 'posted')) return;
			if (profile.version === 14) throw userError('You cannot delete an entry which has been posted once.');
			throw userError("You can't delete a posted journal item. Don’t play games with your accounting records; reset the journal entry to draft before deleting it.");
		},
		computed: {
			name: (_env, row) => row['name'] ?? (profile.version >= 18 ? false : '/'),
			invoice_line_ids: (env, row) => env.store.by('account.move.line', 'move_id', row.id).filter((id) => isInvoiceLine(env.row('account.move.line', id))),
			access_url: (_env, row) => `/my/invoices/${row.id}`,
			amount_untaxed_signed: (_env, row) => sign(row) * num(row['amount_untaxed']),
			amount_tax_signed: (_env, row) => sign(row) * num(row['amount_tax']),
			amount_total_signed: (_env, row) => sign(row) * num(row['amount_total']),
			amount_residual_signed: (_env, row) => sign(row) * num(row['amount_residual']),
			commercial_partner_id: (env, row) => env.value('res.partner', env.store.get('res.partner', ref(row['partner_id'])) ?? { id: 0 }, 'commercial_partner_id') || false,
			invoice_partner_display_name: (env, row) => (row['partner_id'] ? displayName(env, 'res.partner', ref(row['partner_id'])) : false),
			company_currency_id: (env, row) => env.store.get('res.company', ref(row['company_id']))?.['currency_id'] ?? false,
			line_ids: (env, row) => env.store.by('account.move.line', 'move_id', row.id),
			payment_reference: (_env, row) => row['payment_reference'] ?? (profile.version === 14 ? '' : false),
		},
		methods: methods(profile.version),
	};
}

const sign = (row: Row) => (row['move_type'] === 'out_refund' ? -1 : 1);

/** `FATT/2026/00002 (ref)`, as a many2one to an invoice shows it. */
function moveName(row: Row): string {
	const name = str(row['name']);
	const reference = str(row['ref']);
	const number = name === '/' ? '' : name;
	const draft = row['state'] === 'draft' ? `Draft Invoice ${number === '' ? `(* ${row.id})` : number}` : number;
	const shown = draft;
	return reference === '' ? shown : `${shown} (${reference})`;
}

export function isInvoice(row: Row): boolean {
	return row['move_type'] === 'out_invoice' || row['move_type'] === 'out_refund';
}

function filled(env: Env, values: JsonObject): JsonObject {
	const company = env.store.get('res.company', ref(values['company_id']) || env.company);
	const type = str(values['move_type']);
	const own: JsonObject = { currency_id: company?.['currency_id'] ?? false, invoice_user_id: env.uid };
	if (type === 'out_invoice' || type === 'out_refund') {
		own['journal_id'] =
			env.store
				.rows('account.journal')
				.filter((j) => j['type'] === 'sale' && j['company_id'] === company?.id)
				.sort((a, b) => a.id - b.id)[0]?.id ?? false;
		own['invoice_date_due'] = values['invoice_date'] ?? env.today;
		own['partner_shipping_id'] = values['partner_id'] ?? false;
	}
	const all = { ...own, ...values };
	if (env.world.profile.draftNumber && (type === 'out_invoice' || type === 'out_refund') && isFirst(env, type)) all['name'] = nextNumber(env, all);
	return all;
}

/** Up to 17 the first draft of a sequence shows its number already. */
function isFirst(env: Env, type: string): boolean {
	return env.store.rows(MOVE).every((m) => m['move_type'] !== type);
}

function nextNumber(env: Env, move: JsonObject): string {
	const date = str(move['invoice_date']) || str(move['date']) || env.today;
	const refund = move['move_type'] === 'out_refund';
	const [year = '', month = ''] = date.split('-');
	const first = env.world.profile.invoicePrefix(year, month, refund, 0).replace(/\d+$/, '');
	return env.world.profile.invoicePrefix(year, month, refund, env.store.counter(`invoice ${first}`));
}

/** Rebuilds tax and receivable lines and the stored totals; moves write_date when they changed. */
export function settle(env: Env, id: number): void {
	const row = env.row(MOVE, id);
	if (!isInvoice(row)) return;
	const totals = rebuildLines(env, row);
	const paid = paidOf(row);
	const residual = subtract(totals.total, paid);
	const state = row['state'] === 'posted' ? paymentState(env, row, residual, totals.total) : (row['payment_state'] ?? 'not_paid');
	const next: JsonObject = { amount_untaxed: totals.untaxed, amount_tax: totals.tax, amount_total: totals.total, amount_residual: residual, payment_state: state };
	if (Object.entries(next).some(([k, v]) => row[k] !== v)) touch(env, MOVE, id, next);
	updateResidualOfLine(env, id, residual);
}

function updateResidualOfLine(env: Env, id: number, residual: number): void {
	const line = receivableOf(env, id);
	if (line) env.store.put('account.move.line', { ...line, amount_residual: residual, amount_residual_currency: residual, reconciled: residual === 0 });
}

/** Reconciled amounts, payments and credit notes alike: `[move or payment id, amount]` pairs. */
function paidOf(row: Row): number {
	const parts = Array.isArray(row['_reconciled']) ? row['_reconciled'] : [];
	return add(0, ...parts.map((p) => (Array.isArray(p) ? num(p[1]) : 0)));
}

function paymentState(env: Env, row: Row, residual: number, total: number): string {
	const parts = Array.isArray(row['_reconciled']) ? row['_reconciled'] : [];
	if (residual === total && parts.length === 0) return 'not_paid';
	if (residual > 0) return 'partial';
	const onlyRefunds = parts.every((p) => Array.isArray(p) && p[0] === 'refund');
	return onlyRefunds && row['move_type'] === 'out_invoice' && env.version >= 14 ? 'reversed' : 'paid';
}

/** Books an amount against an invoice, at most what is left; gives what was used. */
export function reconcile(env: Env, id: number, amount: number, kind: 'payment' | 'refund'): number {
	const row = env.row(MOVE, id);
	const used = Math.min(amount, num(row['amount_residual']));
	if (used <= 0) return 0;
	const parts = Array.isArray(row['_reconciled']) ? row['_reconciled'] : [];
	env.store.put(MOVE, { ...row, _reconciled: [...parts, [kind, used]] });
	settle(env, id);
	return used;
}

export function receivableOf(env: Env, id: number): Row | undefined {
	return env.store
		.by('account.move.line', 'move_id', id)
		.map((l) => env.row('account.move.line', l))
		.find((l) => l['_receivable'] === true);
}

const FROZEN_18 = ['invoice_date', 'invoice_line_ids', 'line_ids', 'partner_id', 'currency_id', 'journal_id', 'move_type', 'name', 'date'];

/** From 18 a posted invoice names the fields it keeps; 14 refuses changed lines; 17 takes them. */
function refusePosted(env: Env, row: Row, values: JsonObject): void {
	if (row['state'] !== 'posted') return;
	if (env.version >= 18) {
		const frozen = Object.keys(values).filter((f) => FROZEN_18.includes(f));
		if (frozen.length > 0) throw userError(`You cannot modify the following readonly fields on a posted move: ${frozen.join(', ')}`);
	} else if (env.version === 14 && (values['invoice_line_ids'] !== undefined || values['line_ids'] !== undefined)) {
		throw userError('You cannot modify the taxes related to a posted journal item, you should reset the journal entry to draft to do so.');
	}
}

/** Gives the number, the dates and the payment reference. */
export function post(env: Env, id: number): void {
	const row = env.row(MOVE, id);
	if (row['state'] !== 'draft') {
		if (env.version === 14) return;
		throw userError(`The entry ${str(row['name'])} (id ${id}) must be in draft.`);
	}
	if (env.store.by('account.move.line', 'move_id', id).length === 0) throw userError('You need to add a line before posting.');
	const date = str(row['invoice_date']) || env.today;
	const numbered = { ...row, invoice_date: date, date };
	const name = str(row['name']) !== '' && row['name'] !== '/' ? str(row['name']) : nextNumber(env, numbered);
	touch(env, MOVE, id, { state: 'posted', name, invoice_date: date, date, invoice_date_due: row['invoice_date_due'] ?? date, payment_reference: name });
	for (const line of env.store.by('account.move.line', 'move_id', id))
		env.store.put('account.move.line', { ...env.row('account.move.line', line), move_name: name, parent_state: 'posted', date });
	settle(env, id);
	settleReversal(env, id);
}

/** A posted credit note is set against the invoice it reverses. */
function settleReversal(env: Env, id: number): void {
	const row = env.row(MOVE, id);
	const reversed = env.store.get(MOVE, ref(row['reversed_entry_id']));
	if (row['move_type'] !== 'out_refund' || !reversed || reversed['state'] !== 'posted') return;
	const used = reconcile(env, reversed.id, num(row['amount_total']), 'refund');
	if (used > 0) reconcile(env, id, used, 'payment');
}

function methods(v: number): Record<string, Method> {
	const record = (run: Method['run']): Method => ({ level: 'record', needs: 'write', params: [], run });
	return {
		action_post: record((env, _m, ids) => {
			for (const id of ids) post(env, id);
			return v === 14 ? `account.move(${ids.join(', ')},)` : false;
		}),
		button_draft: record((env, _m, ids) => (ids.forEach((id) => backToDraft(env, id)), undefined)),
		button_cancel: record((env, _m, ids) => {
			for (const id of ids) {
				if (env.row(MOVE, id)['state'] === 'posted') backToDraft(env, id);
				touch(env, MOVE, id, { state: 'cancel' });
				refreshOrders(env, id);
			}
			return undefined;
		}),
		action_send_and_print: record((env, _m, ids) => sendAction(env, ids)),
		get_portal_url: {
			level: 'record',
			params: [
				{ name: 'suffix', fallback: null },
				{ name: 'report_type', fallback: null },
				{ name: 'download', fallback: null },
			],
			needs: 'read',
			run: (env, _m, ids, a) => portalUrl(env, ids[0] ?? 0, a['report_type'] ?? null, a['download'] ?? null),
		},
	};
}

function backToDraft(env: Env, id: number): void {
	env.store.put(MOVE, { ...env.row(MOVE, id), _reconciled: [] });
	touch(env, MOVE, id, { state: 'draft', payment_state: 'not_paid' });
	settle(env, id);
}

/** Orders behind an invoice, whose invoicing state may have changed. */
export function refreshOrders(env: Env, id: number): void {
	const orders = new Set(env.store.by('account.move.line', 'move_id', id).map((l) => ref(env.row('account.move.line', l)['_order'])));
	for (const order of orders) if (order > 0) refreshOrder(env, order);
}

function sendAction(env: Env, ids: number[]): Json {
	if (env.version <= 17) {
		return {
			name: 'Send',
			type: 'ir.actions.act_window',
			view_type: 'form',
			view_mode: 'form',
			res_model: 'account.move.send',
			target: 'new',
			context: { active_ids: ids, default_mail_template_id: 11 },
		};
	}
	const name = env.version === 18 ? 'Print & Send' : 'Send';
	return {
		name,
		type: 'ir.actions.act_window',
		view_mode: 'form',
		res_model: 'account.move.send.wizard',
		target: 'new',
		context: { active_model: MOVE, active_ids: ids },
	};
}

function portalUrl(env: Env, id: number, report: Json, download: Json): string {
	const row = env.row(MOVE, id);
	const token = str(row['_token']) || `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
	env.store.put(MOVE, { ...row, _token: token });
	return `/my/invoices/${id}?access_token=${token}${report ? `&report_type=${String(report)}` : ''}${download ? '&download=true' : ''}`;
}
