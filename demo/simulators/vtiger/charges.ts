// Owns shipping and handling: a charge with its tax rates, and the odd ways in which the fields for it are read.
// Must not know: lines, records.
import type { Json, Row } from './failure';
import type { Charges } from './store';
import { phpNumber, textOf } from './values';

const FIELD = 'shipping_&_handling';

/** The charge in a sent header; `null` when there is none. */
export function sentCharges(element: Row): Charges | null {
	const amount = textOf(element[FIELD]) || textOf(element['hdnS_H_Amount']);
	const taxes: Record<string, Json> = {};
	for (const [name, value] of Object.entries(element)) if (name.startsWith(`${FIELD}_shtax`)) taxes[name.slice(`${FIELD}_shtax`.length)] = value;
	const percent = textOf(element['hdnS_H_Percent']);
	if (phpNumber(amount) === 0) return null;
	if (phpNumber(percent) === 0)
		return { 1: Object.keys(taxes).length > 0 ? { value: amount, taxes } : { value: amount, taxes: { 1: 0, 2: 0, 3: 0 } } };
	// Recorded: percent 10 of amount 20 makes a rate of 10 and, beside it, a nameless charge of 1000 / 20 = 50.
	return { 1: { value: amount, taxes: { 1: percent } }, '': { taxes: { 1: (phpNumber(percent) * 100) / phpNumber(amount) } } };
}

/** The header's hdnS_H_Percent, mangled as recorded: the amount itself, or a hundred times percent over amount, or 0. */
export function mangledPercent(element: Row): number {
	const amount = phpNumber(textOf(element[FIELD]) || textOf(element['hdnS_H_Amount']));
	if (amount === 0) return 0;
	if (textOf(element[FIELD]) !== '') return amount;
	const percent = phpNumber(element['hdnS_H_Percent']);
	return percent === 0 ? 0 : (percent * 100) / amount;
}

export function shippingAmount(charges: Charges | null): number {
	return phpNumber(charges?.['1']?.value ?? 0);
}

export function shippingTax(charges: Charges | null): number {
	let tax = 0;
	for (const rate of Object.values(charges?.['1']?.taxes ?? {})) tax += (shippingAmount(charges) * phpNumber(rate)) / 100;
	return tax;
}

/** What `chargesAndItsTaxes` of the final details holds. */
export function chargesShown(charges: Charges | null): Json {
	return (charges ?? { 1: { value: null, taxes: { 1: 0, 2: 0, 3: 0 } } }) as Json;
}

/** The charge as header fields. */
export function chargeFields(charges: Charges | null): Row {
	const row: Row = {};
	const all = charges ?? { 1: { value: null, taxes: { 1: 0, 2: 0, 3: 0 } } };
	for (const [id, charge] of Object.entries(all)) {
		const name = id === '1' ? FIELD : '';
		row[name] = (charge.value ?? null) as Json;
		for (const [tax, rate] of Object.entries(charge.taxes ?? {})) row[`${name}_shtax${tax}`] = rate;
	}
	return row;
}
