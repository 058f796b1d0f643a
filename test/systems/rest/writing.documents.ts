// Owns what tests of the writing write, and with what: documents, a writer of its own, how its results are taken apart.
import { customerSchema, orderSchema, type Customer, type Document, type Order } from '../../../nodes/core/documents';
import type { ItemResult, Outcome, UpsertOptions } from '../../../nodes/core/port';
import { servicesFor } from '../../../nodes/RestErp/rest.assembly';
import { partsFor, Writer } from '../../../nodes/RestErp/rest.writing';
import { sendTo, TestClock } from '../send';
import type { Json, Seen } from './writing.server';

/** A writer that knows nothing of others. */
export function writerAt(address: string, profile: Json): Writer {
	const services = servicesFor({ profile: 'custom', profileJson: JSON.stringify(profile), url: address, installation: 'erp' }, { send: sendTo(address), clock: new TestClock() });
	return new Writer(services, partsFor(services));
}

export function customer(n: number | string, more: Partial<Customer> = {}): Customer {
	return customerSchema.parse({ kind: 'customer', key: `crm:Accounts:${n}`, name: `Customer ${n}`, email: `c${n}@example.test`, ...more });
}

export function order(n: number | string, more: Partial<Order> = {}): Order {
	const tax = [{ name: 'VAT', rate: '10' }];
	return orderSchema.parse({
		kind: 'order',
		key: `crm:Quotes:${n}`,
		number: `QUO${n}`,
		currency: 'EUR',
		reference: `PO ${n}`,
		customer: customer(1),
		lines: [
			{ key: '1', code: 'W-1', quantity: '3', price: '70', discountPercent: '10', taxes: tax },
			{ key: '2', code: 'W-2', quantity: '2', price: '19.99', taxes: tax },
		],
		totals: { net: '228.98', tax: '22.90', total: '251.88' },
		...more,
	});
}

export function value(result: ItemResult | undefined): Outcome {
	if (!result?.ok) throw result?.failure ?? new Error('no result');
	return result.value;
}

export function failure(result: ItemResult | undefined) {
	if (!result || result.ok) throw new Error(`it succeeded: ${JSON.stringify(result)}`);
	return result.failure;
}

export async function one(w: Writer, document: Document, options: UpsertOptions = {}): Promise<Outcome> {
	return value((await w.upsert(document.kind === 'quote' ? 'order' : document.kind, [document], options))[0]);
}

export const isCreate = ({ method, path }: Seen): boolean => method === 'POST' ? !/confirm|cancel/.test(path) : method === 'PUT';
