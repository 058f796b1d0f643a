// Owns countries and states: text of the CRM -> record of Odoo. Must not know customers.
import type { Address } from '../core/documents';
import { type Cell, referenceCell } from './odoo.cells';
import type { OdooMetadata } from './odoo.metadata';

export interface PlaceCells {
	cells: Cell[];
	notes: string[];
}

interface Named {
	id: number;
	code: string;
	name: string;
}

/** Country and state of an address. What Odoo does not know is left out, with a note: it is no reason to lose an order. */
export async function placeCells(address: Address, metadata: OdooMetadata): Promise<PlaceCells> {
	if (!address.country) return { cells: [], notes: address.state ? [`State "${address.state}" is left out: it has no country`] : [] };
	const country = byCodeOrName(await metadata.countries(), address.country) ?? byEnglishName(await metadata.countries(), address.country);
	if (!country) return { cells: [], notes: [`Country "${address.country}" is not known to Odoo and is left out`] };
	const cells = [referenceCell('country_id', country.id, country.name)];
	if (!address.state) return { cells, notes: [] };
	const state = byCodeOrName(await metadata.states(country.id), address.state);
	if (state) return { cells: [...cells, referenceCell('state_id', state.id, state.name)], notes: [] };
	return { cells, notes: [`State "${address.state}" is not among Odoo's states of ${country.name} and is left out`] };
}

function byCodeOrName(places: readonly Named[], wanted: string): Named | undefined {
	const plain = normal(wanted);
	return places.find((place) => normal(place.code) === plain) ?? places.find((place) => normal(place.name) === plain);
}

/** Odoo gives names in the credential's language; a CRM often has them in English. */
function byEnglishName(countries: readonly Named[], wanted: string): Named | undefined {
	const english = new Intl.DisplayNames(['en'], { type: 'region' });
	const plain = normal(wanted);
	return countries.find(({ code }) => /^[A-Z]{2}$/.test(code) && normal(english.of(code) ?? '') === plain);
}

function normal(text: string): string {
	return text.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase();
}
