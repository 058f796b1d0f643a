// Owns the demo's deal: a customer, a contact, an opportunity and a delivered quote with five lines.
// Must not know: any ERP, any workflow.
import type { VtigerSimulator } from './index';
import type { Row } from './failure';

/** Ids of the demo's records. */
export interface DemoDeal {
	account: string;
	contact: string;
	opportunity: string;
	/** Stage "Delivered": the customer has it, nobody has accepted it yet. */
	quote: string;
	/** Products on the quote by their code. */
	products: Record<string, string>;
}

const ADDRESS: Row = { bill_street: '12 Harbour Street', bill_city: 'Hamburg', bill_code: '20457', bill_country: 'Germany' };
const SHIPPING: Row = { ship_street: '3 Warehouse Road', ship_city: 'Hamburg', ship_code: '20539', ship_country: 'Germany' };

/** Quantities, prices and one line discount whose tax comes out in whole cents, whichever way it is rounded. */
const LINES: Array<{ code: string; fields: Row }> = [
	{ code: 'W-1', fields: { quantity: '10', listprice: '100' } },
	{ code: 'W-2', fields: { quantity: '10', listprice: '20', discount_percent: '10' } },
	{ code: 'W-3', fields: { quantity: '20', listprice: '4.5' } },
	{ code: 'W-4', fields: { quantity: '1', listprice: '2500' } },
	{ code: 'W-1', fields: { quantity: '2', listprice: '90', comment: 'Spare units for the second site' } },
];

/** Everyday names for the records that are there already; none of their quotes waits for an order. */
const RENAMED: Record<string, Row> = {
	'19x1': { first_name: 'Demo', last_name: 'Administrator' },
	'11x10': { accountname: 'Baltic Bakery' },
	'11x11': { accountname: 'Coastal Hotels' },
	'11x12': { accountname: 'Nordic Outdoor' },
	'11x14': { accountname: 'Alpha Print' },
	'11x15': { accountname: 'Beta Logistics' },
	'11x16': { accountname: 'Gamma Dental' },
	'11x17': { accountname: 'Delta Marine' },
	'13x31': { potentialname: 'Yearly supply' },
	'13x32': { potentialname: 'Showroom extension' },
	'13x33': { potentialname: 'Bakery counters' },
	'13x34': { potentialname: 'Lobby refresh' },
	'13x35': { potentialname: 'Spring campaign' },
	'4x36': { subject: 'Yearly supply' },
	'4x37': { subject: 'Showroom extension', quotestage: 'Reviewed' },
	'4x38': { subject: 'Bakery counters', quotestage: 'Reviewed' },
	'6x39': { subject: 'Spare parts', quote_id: '' },
	'7x40': { subject: 'Spare parts' },
};

/** Puts the demo's deal into the CRM, as an administrator would through the screen; tax is 10 % on the whole quote. */
export async function seedDemo(sim: VtigerSimulator): Promise<DemoDeal> {
	for (const [id, fields] of Object.entries(RENAMED)) if (sim.retrieve(id)) sim.patch(id, fields);
	const products: Record<string, string> = {};
	for (const row of sim.records('Products')) products[String(row['productcode'])] = String(row['id']);
	const { account, contact } = await customer(sim);
	const opportunity = await add(sim, 'Potentials', {
		potentialname: 'Roastery equipment',
		amount: '3950',
		related_to: account,
		contact_id: contact,
		closingdate: inDays(sim, 30),
		sales_stage: 'Negotiation or Review',
		probability: '80',
	});
	const quote = await add(
		sim,
		'Quotes',
		{
			subject: 'Roastery equipment',
			quotestage: 'Delivered',
			account_id: account,
			contact_id: contact,
			potential_id: opportunity,
			productid: products['W-1'] ?? '',
			validtill: inDays(sim, 30),
			currency_id: '21x1',
			conversion_rate: '1',
			hdnTaxType: 'group',
			...ADDRESS,
			...SHIPPING,
		},
		LINES.map(({ code, fields }) => ({ productid: products[code] ?? '', tax1: '0', tax2: '10', tax3: '0', ...fields })),
	);
	return { account, contact, opportunity, quote, products };
}

async function add(sim: VtigerSimulator, module: string, fields: Row, lines?: Row[]): Promise<string> {
	return String((await sim.insert(module, fields, lines))['id']);
}

function inDays(sim: VtigerSimulator, days: number): string {
	return new Date(sim.crm.clock.now() + days * 86_400_000).toISOString().slice(0, 10);
}

async function customer(sim: VtigerSimulator): Promise<{ account: string; contact: string }> {
	const account = await add(sim, 'Accounts', {
		accountname: 'Aurora Coffee Roasters',
		phone: '+49 40 555 0100',
		email1: 'orders@aurora-coffee.example',
		website: 'https://aurora-coffee.example',
		industry: 'Food & Beverage',
		...ADDRESS,
		...SHIPPING,
	});
	const contact = await add(sim, 'Contacts', {
		lastname: 'Purchasing',
		email: 'purchasing@aurora-coffee.example',
		phone: '+49 40 555 0101',
		account_id: account,
		mailingstreet: '12 Harbour Street',
		mailingcity: 'Hamburg',
		mailingzip: '20457',
		mailingcountry: 'Germany',
	});
	return { account, contact };
}
