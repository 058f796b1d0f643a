// Owns convertlead: a lead becomes account, contact and opportunity.
// Must not know: HTTP, sessions.
import { denied, type Json, Refusal, type Row } from './failure';
import type { Installation } from './installation';
import { createRecord, fieldsOf, find, isBlank } from './records';
import type { User } from './session';
import type { Stored } from './store';
import { textOf } from './values';

/** Which lead field fills which field of the new records, when the request does not. */
const FROM_LEAD: Record<string, Record<string, string>> = {
	Accounts: {
		phone: 'phone',
		email1: 'email',
		annual_revenue: 'annualrevenue',
		industry: 'industry',
		website: 'website',
		fax: 'fax',
		description: 'description',
		bill_city: 'city',
		bill_street: 'lane',
		bill_code: 'code',
		bill_country: 'country',
		bill_state: 'state',
	},
	Contacts: {
		firstname: 'firstname',
		lastname: 'lastname',
		email: 'email',
		phone: 'phone',
		mobile: 'mobile',
		fax: 'fax',
		title: 'designation',
		leadsource: 'leadsource',
		mailingcity: 'city',
		mailingstreet: 'lane',
		mailingzip: 'code',
		mailingcountry: 'country',
		mailingstate: 'state',
	},
	Potentials: { leadsource: 'leadsource' },
};
const ORDER = ['Accounts', 'Contacts', 'Potentials'];

/** Converts a lead; entities are made one after the other, so what was made before a failure stays. */
export function convertLead(crm: Installation, user: User, element: Row): Json | undefined {
	const lead = find(crm, user, textOf(element['leadId']));
	if (lead.module !== 'Leads') throw denied();
	if (lead.converted) throw new Refusal('LEAD_ALREADY_CONVERTED', 'Lead is already converted');
	const wanted = (element['entities'] ?? {}) as Record<string, Row>;
	const made: Record<string, Stored> = {};
	for (const module of ORDER) {
		const entity = wanted[module];
		if (entity?.['create'] === true) made[module] = entityFrom(crm, user, module, entity, lead, made, element);
	}
	// Recorded: an account alone is made, but nothing is answered and the lead stays as it was.
	if (!made['Contacts'] && !made['Potentials']) return undefined;
	lead.converted = true;
	return Object.fromEntries(Object.entries(made).map(([module, row]) => [module, row.id]));
}

function entityFrom(crm: Installation, user: User, module: string, entity: Row, lead: Stored, made: Record<string, Stored>, element: Row): Stored {
	const { create: _create, name: _name, ...given } = entity;
	const fields: Row = { assigned_user_id: element['assignedTo'] ?? user.id };
	for (const [field, source] of Object.entries(FROM_LEAD[module] ?? {})) fields[field] = lead.fields[source] ?? '';
	for (const [field, value] of Object.entries(given)) if (!isBlank(value)) fields[field] = value;
	if (module === 'Contacts' && made['Accounts']) fields['account_id'] = made['Accounts'].id;
	if (module === 'Potentials')
		Object.assign(fields, made['Accounts'] ? { related_to: made['Accounts'].id } : {}, made['Contacts'] ? { contact_id: made['Contacts'].id } : {});
	for (const field of fieldsOf(crm, module))
		if (field.mandatory && isBlank(fields[field.name])) throw new Refusal('UNKNOWN_OPERATION', `${field.name} does not have a value : ${module}`);
	const twin = module === 'Accounts' ? sameName(crm, textOf(fields['accountname'])) : undefined;
	if (twin) return twin;
	const row = createRecord(crm, user, module, fields);
	if ('isconvertedfromlead' in row.fields) row.fields['isconvertedfromlead'] = '1';
	return row;
}

/** An account of that name is used again. */
function sameName(crm: Installation, name: string): Stored | undefined {
	return crm.store.list('Accounts').find((r) => textOf(r.fields['accountname']).toLowerCase() === name.toLowerCase());
}
