// Owns the comparison of an order as 1C stored it with what was meant: row by row, then the totals to the cent. 1C cuts,
// rounds and recalculates without a word (reference 6). Pure.
import { Failure } from '../core/failure';
import { big, type Proof, proveTotals, rounded, type RoundingPolicy, sum } from '../core/money';
import { plainText, decimalOf } from './onec.cells';
import { describeOrder } from './onec.orders.find';
import type { RowPlan, SalesSource } from './onec.order.plan';
import { describePairs, differencesInWords, pairRows, rowsIn } from './onec.order.rows';
import type { Profile } from './onec.profile';
import type { Row } from './onec.wire';

export interface Rules {
	policy: RoundingPolicy;
	/** Decimals of the currency. */
	places: number;
}

const STAYS = 'It stays in 1C and is not posted; correct the cause and run this again';

/**
 * Proves that the stored order is what the document says.
 *
 * @returns the proof, and what was stored differently without changing what is owed
 * @throws Failure `rejected` with what differs; nothing has been posted then
 */
export function proveStored(document: SalesSource, record: string, plans: readonly RowPlan[], order: Row, profile: Profile, { policy, places }: Rules): { proof: Proof; notes: string[] } {
	const pairs = pairRows(plans, rowsIn(order, profile), profile);
	const text = profile.orderRows.text;
	const notes = pairs.flatMap(({ plan, row, differences }) => (plan && row ? differences.filter(({ field }) => field === text).map((cell) => `1C stored another text on ${plan.label}: "${plainText(row[cell.field])}"`) : []));
	const wrong = pairs.map((pair) => ({ ...pair, differences: pair.differences.filter(({ field }) => field !== text) })).filter(({ plan, row, differences }) => !plan || !row || differences.length > 0);
	if (wrong.length > 0) throw new Failure('rejected', `${profile.order.word === 'order' ? 'Order' : 'Invoice'} ${describeOrder(order)} in 1C is not what was sent: ${differencesInWords(describePairs(wrong, profile))}`, { record, advice: STAYS });
	return { proof: proveSums(document, record, plans, order, profile, { policy, places }), notes };
}

function proveSums(document: SalesSource, record: string, plans: readonly RowPlan[], order: Row, profile: Profile, { policy, places }: Rules): Proof {
	const stored = totalsOf(order, profile);
	const name = describeOrder(order);
	if (!big(stored.total).eq(stored.ofRows)) {
		throw new Failure('rejected', `The totals do not agree: the rows of ${name} in 1C come to ${stored.ofRows}, and its field ${profile.order.total} is ${stored.total}`, { record, advice: STAYS });
	}
	const written = plans.map(({ net, rate }) => ({ quantity: '1', price: net.net, discountAmount: undefined, discountPercent: undefined, taxes: big(rate.rate).eq(0) ? [] : [{ name: undefined, rate: rate.rate, code: undefined }] }));
	const proof = proveTotals(document, stored, policy, 'line', places, written);
	if (proof.agrees) return proof;
	throw new Failure('rejected', `The totals do not agree: ${proof.source} in the CRM, ${proof.target} for ${name} in 1C (${proof.difference}); ${proof.reason}`, { record, advice: `Check the taxes and the rounding option of this node. ${STAYS}` });
}

/** Net, VAT and total of a stored order, and what its rows come to. Cancelled rows do not count (УТ). */
export function totalsOf(order: Row, profile: Profile): { net: string; tax: string; total: string; ofRows: string } {
	const { orderRows } = profile;
	const rows = rowsIn(order, profile).filter((row) => !orderRows.cancelled || row[orderRows.cancelled] !== true);
	const add = (field: string | undefined): string => rounded(sum(rows.map((row) => decimalOf(row[field ?? '']))));
	const tax = add(orderRows.vatAmount);
	const amounts = add(orderRows.amount);
	const included = profile.order.vatIncluded !== undefined && order[profile.order.vatIncluded] === true;
	const net = included ? rounded(big(amounts).minus(tax)) : amounts;
	return { net, tax, total: rounded(decimalOf(order[profile.order.total])), ofRows: rounded(big(net).plus(tax)) };
}
