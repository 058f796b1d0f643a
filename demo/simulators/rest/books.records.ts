// Owns what the simulated ERP's records look like in its own books. Must not know: how any API shows them, the rules.

/** Nothing given is the empty text, as in the form of a program. */
export interface Address {
	street: string;
	street2: string;
	city: string;
	postcode: string;
	country: string;
}

export interface Contact {
	firstName: string;
	lastName: string;
	email: string;
	phone: string;
	mobile: string;
	title: string;
}

/** Members that every record has. */
export interface Stored {
	id: string;
	/** The other system's key. */
	externalId: string;
	/** Milliseconds since 1970. */
	createdAt: number;
	modifiedAt: number;
	/** Grows with every change. */
	version: number;
}

export interface Customer extends Stored {
	number: string;
	name: string;
	company: boolean;
	vat: string;
	email: string;
	phone: string;
	website: string;
	notes: string;
	billing: Address;
	shipping: Address;
	contacts: Contact[];
}

export interface Product extends Stored {
	code: string;
	name: string;
	description: string;
	service: boolean;
	/** Decimal text, as all amounts here. */
	price: string;
	unit: string;
	active: boolean;
}

export interface Line {
	position: number;
	/** Empty: a line of text and money only. */
	productId: string;
	text: string;
	note: string;
	quantity: string;
	price: string;
	discount: string;
	/** Percents. */
	rates: string[];
	/** Worked out by the books. */
	net: string;
}

export interface Sums {
	net: string;
	tax: string;
	total: string;
}

export interface Order extends Stored, Sums {
	number: string;
	customerId: string;
	reference: string;
	subject: string;
	/** yyyy-mm-dd */
	date: string;
	currency: string;
	notes: string;
	billing: Address;
	shipping: Address;
	state: 'draft' | 'confirmed' | 'cancelled';
	lines: Line[];
	/** What the CRM says about it. */
	crm: { key: string; number: string; status: string; message: string };
}

export interface Invoice extends Stored, Sums {
	number: string;
	orderId: string;
	customerId: string;
	date: string;
	dueDate: string;
	currency: string;
	state: 'posted' | 'cancelled';
	lines: Line[];
	paid: string;
}

export interface Payment extends Stored {
	invoiceId: string;
	amount: string;
	date: string;
}

export interface Tables {
	customers: Customer;
	products: Product;
	orders: Order;
	invoices: Invoice;
	payments: Payment;
}
export type TableName = keyof Tables;
export const TABLES: readonly TableName[] = ['customers', 'products', 'orders', 'invoices', 'payments'];

export interface Tax {
	code: string;
	name: string;
	rate: string;
}

/** What the accountant has set up. */
export const TAXES: readonly Tax[] = [
	{ code: 'R0', name: 'Without tax', rate: '0' },
	{ code: 'R4.5', name: 'Reduced 4.5 %', rate: '4.5' },
	{ code: 'R10', name: 'Sales 10 %', rate: '10' },
	{ code: 'R12.5', name: 'Service 12.5 %', rate: '12.5' },
];

export const NO_ADDRESS: Address = { street: '', street2: '', city: '', postcode: '', country: '' };
