// Owns how wide the text columns are, because vtiger cuts longer text without a word.
// Must not know: records, values' types.

/** Measured: accountname 100, bill_city 30. The others are the widths of the shipped database schema. */
const WIDTH: Record<string, number> = {
	'Accounts.accountname': 100,
	'Accounts.phone': 30,
	'Accounts.fax': 30,
	'Accounts.otherphone': 30,
	'Accounts.email1': 100,
	'Accounts.email2': 100,
	'Accounts.website': 100,
	'Accounts.siccode': 50,
	'Accounts.tickersymbol': 30,
	'Accounts.ownership': 50,
	'Contacts.firstname': 40,
	'Contacts.lastname': 80,
	'Contacts.email': 100,
	'Contacts.secondaryemail': 100,
	'Contacts.phone': 50,
	'Contacts.mobile': 50,
	'Contacts.fax': 50,
	'Contacts.title': 50,
	'Contacts.department': 30,
	'Contacts.homephone': 50,
	'Contacts.otherphone': 50,
	'Leads.firstname': 40,
	'Leads.lastname': 80,
	'Leads.company': 100,
	'Leads.email': 100,
	'Potentials.potentialname': 120,
	'Potentials.nextstep': 100,
	'Products.productname': 100,
	'Products.productcode': 40,
	'Services.servicename': 50,
	'Quotes.subject': 100,
	'SalesOrder.subject': 100,
	'Invoice.subject': 100,
	'PurchaseOrder.subject': 100,
	'HelpDesk.ticket_title': 255,
	'Vendors.vendorname': 100,
};
const BY_NAME: Record<string, number> = {
	bill_city: 30,
	ship_city: 30,
	bill_state: 30,
	ship_state: 30,
	bill_code: 30,
	ship_code: 30,
	bill_country: 30,
	ship_country: 30,
	bill_pobox: 30,
	ship_pobox: 30,
	bill_street: 250,
	ship_street: 250,
	mailingcity: 40,
	othercity: 40,
	mailingcountry: 40,
	othercountry: 40,
	mailingstate: 30,
	otherstate: 30,
	mailingzip: 30,
	otherzip: 30,
	mailingstreet: 250,
	otherstreet: 250,
	mailingpobox: 30,
	otherpobox: 30,
};
const OTHERS = 255;

/** Cuts text to its column; long text fields (`text`) are not cut. */
export function fitted(module: string, field: string, type: string, value: string): string {
	const width = WIDTH[`${module}.${field}`] ?? BY_NAME[field] ?? (type === 'text' ? undefined : OTHERS);
	return width === undefined ? value : [...value].slice(0, width).join('');
}
