// Owns what the headers of orders and shipments share: currency, customer, notes. Writes nothing.
import type { Customer } from '../core/documents';
import { withoutMark } from './onec.keys';
import type { Profile } from './onec.profile';
import { at, byIdIfThere, keyOf, sourceRefs } from './onec.reading';
import type { Services } from './onec.services';
import { sourceKeysOf } from './onec.sources';
import { reference, text } from './onec.values';
import { taxText } from './onec.vat.number';
import type { Row } from './onec.wire';

/** The fields that every kind of document takes over from its header. */
export interface Header {
	currency: string | undefined;
	customer: Partial<Customer> | undefined;
	customerSourceKey: string | undefined;
	notes: string | undefined;
	vatIncluded: boolean;
}

type HeaderFields = Profile['order'] | Profile['shipment'];

/** By row, in few calls for all of them. */
export async function headersOf(services: Services, rows: readonly Row[], fields: HeaderFields): Promise<Map<Row, Header>> {
	const { customer, currency } = await services.profile();
	const customers = await byIdIfThere(services, customer.set, rows.map((row) => row[fields.customer]));
	const keys = await sourceKeysOf(services, customers.values(), customer);
	const currencies = await byIdIfThere(services, currency.set, rows.map((row) => at(row, fields.currency)));
	return new Map(rows.map((row) => {
		const id = reference(row[fields.customer]);
		const client = id ? customers.get(id) : undefined;
		const key = keys.get(id ?? '');
		return [row, {
			currency: currencyCode(currencies.get(reference(at(row, fields.currency)) ?? ''), currency),
			customer: id ? { kind: 'customer', key: keyOf(services, customer.set, id), name: text(client?.[customer.name]) ?? '', vat: client && vatOf(client, customer), refs: sourceRefs(key, 'customer') } : undefined,
			customerSourceKey: key,
			notes: withoutMark(text(at(row, fields.comment))) || undefined,
			vatIncluded: at(row, fields.vatIncluded) === true,
		}];
	}));
}

/** Alphabetic codes of the numbers that bases keep beside a name such as `руб.` (ISO 4217). */
const BY_NUMBER: Record<string, string> = { '643': 'RUB', '810': 'RUB', '978': 'EUR', '840': 'USD', '156': 'CNY', '398': 'KZT', '933': 'BYN', '980': 'UAH', '949': 'TRY', '826': 'GBP', '860': 'UZS', '051': 'AMD', '417': 'KGS', '944': 'AZN', '981': 'GEL', '756': 'CHF', '392': 'JPY', '784': 'AED' };

/** The currency's ISO 4217 code; where the base calls it otherwise, the number tells, else its own name. */
export function currencyCode(row: Row | undefined, { alpha, numeric }: Profile['currency']): string | undefined {
	const name = text(row?.[alpha]);
	if (!row || !name || /^[A-Z]{3}$/.test(name)) return name;
	return BY_NUMBER[text(at(row, numeric)) ?? ''] ?? name;
}

/** The customer's tax number as a CRM keeps it. */
export function vatOf(row: Row, { inn, kpp, foreignTax }: Profile['customer']): string | undefined {
	return taxText({ inn: text(at(row, inn)), kpp: text(at(row, kpp)), foreign: text(at(row, foreignTax)) });
}
