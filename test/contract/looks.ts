// Owns what two documents of different systems must have in common to be "the same": the round trip through a system
// must keep it. Keys, numbers, links and what one side has no place for are left out.
import type { Address, Document, Line, SalesDocument } from '../../nodes/core/documents';
import { big, lineNet, rounded } from '../../nodes/core/money';

type Looks = Record<string, unknown>;

/** The parts of a document that every system keeps, in one form. */
export function looks(document: Document): Looks {
	switch (document.kind) {
		case 'customer':
			return {
				...pick(document, ['kind', 'name', 'email', 'phone', 'website', 'isCompany']),
				billing: address(document.billing),
				shipping: address(document.shipping),
				// Odoo has one field for a person's name and cannot tell where the last name begins.
				contacts: document.contacts.map((contact) => ({ name: [contact.firstName, contact.lastName].filter(Boolean).join(' '), ...pick(contact, ['email', 'phone', 'title']) })),
			};
		case 'product':
			return pick(document, ['kind', 'type', 'code', 'name', 'description', 'price', 'active']);
		case 'opportunity':
			return pick(document, ['kind', 'name', 'status', 'amount', 'probability', 'closeDate']);
		default:
			return salesLooks(document);
	}
}

function salesLooks(document: SalesDocument): Looks {
	return {
		...pick(document, ['currency']),
		customer: document.customer?.name,
		// vtiger computes with fractions of a cent; what is paid is whole cents.
		totals: document.totals && { net: rounded(document.totals.net), tax: rounded(document.totals.tax), total: rounded(document.totals.total) },
		lines: document.lines.filter(({ role }) => role !== 'note').map(line),
		...(document.kind === 'invoice' ? { ...pick(document, ['type', 'status', 'paymentState', 'date', 'dueDate', 'received']), residual: rounded(big(document.residual)) } : {}),
	};
}

/** A discount may come back as percent, amount or price: what counts is the net amount. */
function line(given: Line): Looks {
	return { code: given.code, quantity: given.quantity, net: rounded(lineNet(given)), rates: given.taxes.map(({ rate }) => rate).sort() };
}

function address(given: Address): Looks {
	return pick(given, ['street', 'city', 'postalCode']);
}

function pick(object: object, names: readonly string[]): Looks {
	const values = object as Looks;
	return Object.fromEntries(names.map((name) => [name, values[name]]));
}
