// Owns payments: the register wizard, its race, what a payment books.
// Must not know: how invoices are made, transport.
import { userError } from '../failure';
import type { JsonObject } from '../json';
import { idList, num, ref, str } from '../json';
import { add } from '../money';
import { create } from '../records';
import type { Env, Method, ModelRules } from '../world';
import { reconcile, receivableOf } from './invoice';

const MOVE = 'account.move';

export function paymentRules(): ModelRules {
	return {
		order: 'date desc, name desc, id desc',
		displayName: (_env, row) => str(row['name']),
		defaults: (env) => ({ state: 'draft', payment_type: 'inbound', partner_type: 'customer', date: env.today, company_id: env.company }),
	};
}

export function registerRules(): ModelRules {
	return {
		transient: true,
		defaults: (env) => {
			const lines = openMoves(env)
				.map((id) => receivableOf(env, id)?.id)
				.filter((id): id is number => id !== undefined);
			return { payment_date: env.today, line_ids: [[6, 0, lines]] };
		},
		beforeCreate: (env, values) => {
			const open = openMoves(env);
			const left = open.filter((id) => num(env.row(MOVE, id)['amount_residual']) > 0);
			if (left.length === 0) throw userError(nothingLeft(env));
			const amount = values['amount'] ?? add(...left.map((id) => num(env.row(MOVE, id)['amount_residual'])));
			return {
				...values,
				amount,
				_moves: left,
				journal_id: values['journal_id'] ?? bankJournal(env),
				communication: left.map((id) => str(env.row(MOVE, id)['name'])).join(' '),
			};
		},
		methods: { action_create_payments: createPayments() },
	};
}

function nothingLeft(env: Env): string {
	if (env.version >= 19)
		return "There's nothing left to pay for the selected journal items, so no payment registration is necessary. You've got your finances under control like a boss!";
	return "You can't register a payment because there is nothing left to pay on the selected journal items.";
}

function openMoves(env: Env): number[] {
	if (env.context['active_model'] !== MOVE) return [];
	return idList(env.context['active_ids']).filter((id) => env.store.get(MOVE, id)?.['state'] === 'posted');
}

function bankJournal(env: Env): number | false {
	const journals = env.store.rows('account.journal').filter((j) => j['type'] === 'bank' && j['company_id'] === env.company);
	return journals.sort((a, b) => a.id - b.id)[0]?.id ?? false;
}

/**
 * Pays the amount the wizard took when it was created, without looking again at what is left: three clients that
 * each made a wizard make three payments, and the surplus stays as the customer's credit.
 */
function createPayments(): Method {
	return {
		level: 'record',
		params: [],
		run: (env, model, ids) => {
			const wizard = env.row(model, ids[0] ?? 0);
			const payment = pay(env, idList(wizard['_moves']), num(wizard['amount']), str(wizard['payment_date']), ref(wizard['journal_id']), str(wizard['communication']));
			return { name: 'Payments', type: 'ir.actions.act_window', res_model: 'account.payment', context: { create: false }, view_mode: 'form', res_id: payment };
		},
	};
}

/** Books one payment over the invoices in order; gives its id. */
export function pay(env: Env, moves: number[], amount: number, date: string, journal: number, memo: string): number {
	const [first] = moves;
	const invoice = first === undefined ? undefined : env.row(MOVE, first);
	const v = env.version;
	const [year = '', month = ''] = (date || env.today).split('-');
	const n = env.store.counter('account.payment');
	const name = v === 14 ? `BNK1/${year}/${month}/${String(n).padStart(4, '0')}` : `PBNK1/${year}/${String(n).padStart(5, '0')}`;
	const entry = bookEntry(env, invoice?.['partner_id'], amount, date, name);
	const values: JsonObject = {
		name,
		state: v >= 18 ? 'paid' : 'posted',
		amount,
		partner_id: invoice?.['partner_id'] ?? false,
		currency_id: invoice?.['currency_id'] ?? false,
		date: date || env.today,
		journal_id: journal || false,
		reconciled_invoice_ids: [[6, 0, moves]],
		is_reconciled: true,
		is_matched: false,
		move_id: entry,
		[v >= 18 ? 'memo' : 'ref']: memo,
	};
	const id = create(env, 'account.payment', values);
	let left = amount;
	for (const move of moves) left -= reconcile(env, move, left, 'payment');
	return id;
}

/** A payment is a journal entry of its own with two items. */
function bookEntry(env: Env, partner: unknown, amount: number, date: string, name: string): number {
	const entry = create(env, MOVE, { move_type: 'entry', state: 'posted', name, date: date || env.today, partner_id: typeof partner === 'number' ? partner : false });
	create(env, 'account.move.line', { move_id: entry, name, _plain: true, _balance: amount, _tax: true });
	create(env, 'account.move.line', { move_id: entry, name, _plain: true, _balance: -amount, _tax: true });
	return entry;
}
