// Owns partners of Odoo as customers, with their contacts and delivery address. Writes nothing.
import { type Address, type Customer, customerSchema } from '../core/documents';
import { fromFields } from '../core/mapping';
import type { Services } from './odoo.customers';
import { addressRows, contactRows, customerRows, splitName } from './odoo.mapping';
import { MODELS, type RefMaker } from './odoo.refs';
import { plainNote, type Reader, refMaker, sourceKeys, sourceRefs } from './odoo.reading';
import { type Domain, reference, type Row, text, toIso } from './odoo.values';

const MODEL = MODELS.customer;
const OTHERS = ['parent_id', 'type', 'country_id', 'state_id', 'comment', 'write_date'];

export class CustomerReader implements Reader<'customer'> {
	readonly model = MODEL;
	/** Contacts and addresses come with their company. */
	readonly domain: Domain = [['parent_id', '=', false]];
	readonly where = {
		name: (value: string) => [['name', '=', value]],
		email: (value: string) => [['email', '=', value]],
		vat: (value: string) => [['vat', '=', value]],
		number: (value: string) => [['ref', '=', value]],
	};

	constructor(private readonly services: Services) {}

	async fields(): Promise<string[]> {
		const names = [...customerRows, ...addressRows, ...contactRows].map((row) => row.field);
		return await this.services.metadata.present(MODEL, [...new Set([...names, ...OTHERS])]);
	}

	async documents(rows: readonly Row[]): Promise<Customer[]> {
		if (rows.length === 0) return [];
		const ids = rows.map((row) => row.id);
		const children = await this.services.session.searchRead(MODEL, [['parent_id', 'in', ids]], await this.fields());
		const keys = await sourceKeys(this.services, MODEL, [...ids, ...children.map((child) => child.id)]);
		const countries = new Map((await this.services.metadata.countries()).map((country) => [country.id, country.code]));
		const refs = await refMaker(this.services);
		return rows.map((row) => toCustomer(row, children.filter((child) => reference(child.parent_id)?.id === row.id), { keys, countries, refs }));
	}
}

interface Related {
	keys: Map<number, string>;
	countries: Map<number, string>;
	refs: RefMaker;
}

function toCustomer(row: Row, children: readonly Row[], { keys, countries, refs }: Related): Customer {
	const delivery = children.find((child) => child.type === 'delivery');
	const fields = fromFields(row, customerRows);
	return customerSchema.parse({
		...fields,
		name: text(row.name) ?? '',
		kind: 'customer',
		key: refs.key(MODEL, row.id),
		source: refs.source(MODEL, row.id, toIso(row.write_date)),
		refs: sourceRefs(keys.get(row.id), 'customer'),
		billing: address(row, countries),
		shipping: delivery ? { name: text(delivery.name), ...address(delivery, countries) } : {},
		notes: plainNote(row.comment),
		contacts: children
			.filter((child) => child.type === 'contact')
			.map((child) => ({ ...fromFields(child, contactRows), ...splitName(text(child.name) ?? ''), key: refs.key(MODEL, child.id) })),
	});
}

function address(row: Row, countries: ReadonlyMap<number, string>): Partial<Address> {
	const country = reference(row.country_id);
	return {
		...(fromFields(row, addressRows) as Partial<Address>),
		// "California (US)": Odoo adds the country's code.
		state: reference(row.state_id)?.label.replace(/\s*\([A-Z]{2}\)$/, ''),
		country: country ? countries.get(country.id) || country.label : undefined,
	};
}
