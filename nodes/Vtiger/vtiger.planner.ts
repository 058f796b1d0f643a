// Owns turning a document's money into a plan that vtiger computes to the same total: which tax type, which tax
// columns, what becomes a discount, shipping or an adjustment. Pure: no network.
import Big from 'big.js';
import type { Charge, Line, SalesDocument, Tax } from '../core/documents';
import { Failure } from '../core/failure';
import { big, decimalText, lineNet, rounded, taxRate } from '../core/money';
import type { TaxInfo } from './vtiger.metadata';
import { expectedTotal, linesTotal, PLACES, type Plan, type PlanLine } from './vtiger.plan';

/** The CRM's product of a line. */
export interface PlannedProduct {
	id: string;
	name?: string;
	/** Taxes that the product carries: only these are charged under `individual`. Unknown: not asked for. */
	carries?: readonly TaxInfo[];
}

export interface PlanInput {
	/** With the sign that vtiger shall store. */
	document: Pick<SalesDocument, 'lines' | 'charges' | 'taxMode'>;
	/** By line key; lines without a product are counted as charges. */
	products: ReadonlyMap<string, PlannedProduct>;
	/** Tax columns of the module, with the names of the taxes. */
	taxColumns: ReadonlyArray<{ code: string; name: string }>;
	shippingTaxColumns: ReadonlyArray<{ code: string; name: string }>;
	/** The CRM's taxes, the ones to prefer first. */
	taxes: readonly TaxInfo[];
	/** The user's choice: name, rate or `name rate` of a tax -> tax column. */
	mapping?: ReadonlyArray<{ from: string; to: string }>;
}

type ProductLine = { line: Line; product: PlannedProduct };

/**
 * The plan of a document.
 *
 * @throws Failure `rejected` when taxes differ from line to line and the CRM's products do not carry them
 */
export function makePlan(input: PlanInput): Plan {
	const { lines, charges } = split(input);
	if (lines.length === 0) throw new Failure('rejected', 'It has no line with a product', { advice: 'The CRM stores no document without lines' });
	const individual = input.document.taxMode === 'line' ? individualLines(lines, input) : undefined;
	if (individual) return withCharges({ taxType: 'individual', lines: individual, adjustment: '0' }, charges, input, []);
	const common = lines[0]!.line.taxes;
	if (lines.every(({ line }) => sameRates(line.taxes, common))) {
		const taxes = assign(common, input);
		const planned = lines.map(({ line, product }) => planLine(line, product, taxes));
		return withCharges({ taxType: 'group', lines: planned, adjustment: '0' }, charges, input, common);
	}
	const own = input.document.taxMode === 'document' ? individualLines(lines, input) : undefined;
	if (own) return withCharges({ taxType: 'individual', lines: own, adjustment: '0' }, charges, input, []);
	throw new Failure('rejected', 'Its taxes differ from line to line, and the CRM charges such taxes only where the product carries them', {
		advice: `Give these products their taxes in the CRM: ${lines.filter(({ line, product }) => !carried(line.taxes, product, input)).map(({ line, product }) => `${line.code ?? product.name ?? product.id} (${line.taxes.map(taxText).join(', ') || 'no tax'})`).join('; ')}`,
	});
}

/** The plan with what is missing to the other system's total as an adjustment: at most one cent a line or charge. */
export function adjusted(plan: Plan, total: string, document: Pick<SalesDocument, 'lines' | 'charges'>): Plan {
	const computed = rounded(expectedTotal(plan));
	const rest = big(rounded(total)).minus(computed);
	if (rest.eq(0)) return plan;
	const cents = new Big(document.lines.length + document.charges.length).div(100);
	if (rest.abs().gt(cents)) {
		throw new Failure('rejected', `The CRM would make ${computed} of its lines and taxes, and the total is ${rounded(total)}`, {
			advice: 'Compare prices, discounts and taxes of the lines in both systems',
		});
	}
	return { ...plan, adjustment: text(big(plan.adjustment).plus(rest)) };
}

/** Lines with a product, and everything else as charges of the document. */
function split({ document, products }: PlanInput): { lines: ProductLine[]; charges: Charge[] } {
	const lines: ProductLine[] = [];
	const charges: Charge[] = [...document.charges];
	for (const line of document.lines) {
		const product = products.get(line.key);
		if (line.role === 'note') continue;
		if (product) lines.push({ line, product });
		else charges.push({ role: line.role === 'shipping' || line.role === 'adjustment' ? line.role : 'discount', name: line.name, amount: text(lineNet(line)), percent: undefined, taxes: line.taxes });
	}
	return { lines, charges };
}

function individualLines(lines: readonly ProductLine[], input: PlanInput): PlanLine[] | undefined {
	const planned = lines.map(({ line, product }) => {
		const taxes = carried(line.taxes, product, input);
		return taxes && planLine(line, product, taxes);
	});
	return planned.every((line): line is PlanLine => line !== undefined) ? planned : undefined;
}

/** The line's taxes in the columns that its product carries, or undefined when it does not carry them. */
function carried(taxes: readonly Tax[], product: PlannedProduct, input: PlanInput): Record<string, string> | undefined {
	if (product.carries === undefined) return assign(taxes, input);
	if (taxes.length > product.carries.length) return undefined;
	return assign(taxes, { ...input, taxes: product.carries, taxColumns: input.taxColumns.filter(({ code }) => product.carries!.some((tax) => tax.code === code)) });
}

/**
 * Puts taxes into columns, each column once. What fits best goes first: the column that the tax names itself or the
 * user chose, then the CRM's tax of that rate and name, of that rate, of that name, then any free column: vtiger
 * stores whatever rate is sent.
 */
function assign(taxes: readonly Tax[], input: Pick<PlanInput, 'taxes' | 'taxColumns' | 'mapping'>): Record<string, string> {
	const free = new Set(input.taxColumns.map(({ code }) => code));
	const assigned: Record<string, string> = {};
	const rules: Array<(tax: Tax) => string | undefined> = [
		(tax) => (tax.code && free.has(tax.code) ? tax.code : undefined),
		(tax) => input.mapping?.find(({ from, to }) => free.has(to) && namesTax(from, tax))?.to,
		(tax) => input.taxes.find(({ code, name, rate }) => free.has(code) && rate === tax.rate && name === tax.name)?.code,
		(tax) => input.taxes.find(({ code, rate }) => free.has(code) && rate === tax.rate)?.code,
		(tax) => input.taxes.find(({ code, name }) => free.has(code) && name === tax.name)?.code,
		() => [...free][0],
	];
	let open = taxes.filter((tax) => !big(tax.rate).eq(0));
	for (const rule of rules) {
		open = open.filter((tax) => {
			const code = rule(tax);
			if (code === undefined) return true;
			assigned[code] = tax.rate;
			free.delete(code);
			return false;
		});
	}
	// More taxes than columns: their sum is charged under the last one.
	const last = Object.keys(assigned).pop();
	for (const tax of open) {
		if (last === undefined) throw new Failure('rejected', `The CRM has no tax to charge ${taxText(tax)} with`, { advice: 'Create a tax in vtiger (Settings, Tax Calculations)' });
		assigned[last] = text(big(assigned[last]).plus(tax.rate));
	}
	return assigned;
}

function namesTax(from: string, tax: Tax): boolean {
	const wanted = from.toLowerCase();
	return [tax.name, tax.rate, `${tax.rate} %`, `${tax.rate}%`, `${tax.name ?? ''} ${tax.rate}`].some((name) => name?.toLowerCase() === wanted);
}

/** A line whose net amount, in the decimals that vtiger keeps, is the document's to the cent. */
function planLine(line: Line, product: PlannedProduct, taxes: Record<string, string>): PlanLine {
	const planned: PlanLine = {
		productId: product.id,
		name: line.name ?? product.name,
		quantity: fit(line.quantity, PLACES.quantity),
		price: fit(line.price, PLACES.price),
		...(line.discountAmount && !big(line.discountAmount).eq(0) ? { discountAmount: fit(line.discountAmount, PLACES.amount) } : line.discountPercent && !big(line.discountPercent).eq(0) ? { discountPercent: fit(line.discountPercent, PLACES.percent) } : {}),
		taxes,
		comment: line.description,
	};
	const meant = rounded(line.net ?? lineNet(line));
	if (rounded(lineNet(planned)) === meant) return planned;
	// The discount makes up for what the rounding of quantity, price or percent changed.
	const { discountPercent: _percent, ...rest } = planned;
	const gross = big(planned.quantity).times(planned.price);
	return { ...rest, discountAmount: text(gross.minus(meant)) };
}

function withCharges(plan: Plan, charges: readonly Charge[], input: PlanInput, common: readonly Tax[]): Plan {
	const individual = plan.taxType === 'individual';
	const result: Plan = { ...plan };
	let adjustment = new Big(plan.adjustment);
	let off = new Big(0);
	let percent: string | undefined;
	for (const charge of charges) {
		const gross = big(charge.amount).times(taxRate(charge.taxes).plus(100)).div(100);
		if (charge.role === 'shipping' && !result.shipping) {
			result.shipping = { amount: fit(charge.amount, PLACES.amount), taxes: shippingTaxes(charge.taxes, input) };
		} else if (charge.role === 'discount' && (individual || sameRates(charge.taxes, common))) {
			// With taxes of the lines' own the discount is taken off the gross amount.
			off = off.minus(individual ? gross : charge.amount);
			percent = charge.percent ?? percent;
		} else {
			adjustment = adjustment.plus(gross);
		}
	}
	const single = charges.filter((charge) => charge.role === 'discount').length === 1;
	const discount = discountOf(off, single ? percent : undefined, linesTotal(plan));
	if (discount) result.discount = discount;
	else if (!off.eq(0)) adjustment = adjustment.minus(individual ? off : off.times(taxRate(common).plus(100)).div(100));
	return { ...result, adjustment: text(adjustment) };
}

/**
 * A discount as vtiger takes it: the source's percentage, else an amount. Amounts below zero are not counted there
 * (measured), so on a credit note the amount becomes a percentage; undefined: it cannot be told as a discount.
 */
function discountOf(off: Big, percent: string | undefined, base: Big): Plan['discount'] {
	if (off.eq(0)) return undefined;
	if (percent && fit(percent, PLACES.percent) === percent && rounded(base.times(percent).div(100)) === rounded(off)) return { percent };
	if (off.gt(0)) return { amount: text(off) };
	if (base.gte(0)) return undefined;
	return { percent: fit(off.div(base).times(100).toFixed(10), PLACES.percent) };
}

function shippingTaxes(taxes: readonly Tax[], { shippingTaxColumns, taxes: known }: PlanInput): Record<string, string> {
	// The lines' `tax1` and shipping's `shtax1` are the same tax when they bear the same name.
	const translated = taxes.map((tax) => ({ ...tax, code: shippingTaxColumns.find(({ code, name }) => code === tax.code || name === tax.name)?.code }));
	return assign(translated, { taxes: shippingTaxColumns.map(({ code, name }) => ({ code, name, rate: known.find((tax) => tax.name === name)?.rate ?? '' })), taxColumns: shippingTaxColumns });
}

function sameRates(a: readonly Tax[], b: readonly Tax[]): boolean {
	const rates = (taxes: readonly Tax[]) => taxes.map((tax) => decimalText(tax.rate) ?? '0').filter((rate) => rate !== '0').sort().join(' ');
	return rates(a) === rates(b);
}

function taxText(tax: Tax): string {
	return tax.name ? `${tax.name} ${tax.rate} %` : `${tax.rate} %`;
}

function fit(value: string, places: number): string {
	return text(big(value).round(places, Big.roundHalfUp));
}

function text(value: Big): string {
	return decimalText(value.round(PLACES.amount, Big.roundHalfUp).toFixed()) ?? '0';
}

