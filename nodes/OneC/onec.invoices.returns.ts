// Owns which documents take goods back from a customer: credit notes. Every name is [U] (reference 10 has none of them):
// read where a base publishes them, left out elsewhere. Data only.
import type { Profile, ProfileName } from './onec.profile';

export interface ReturnFields {
	set: string;
	/** The shipment that is taken back; the first that is filled counts. */
	of: readonly string[];
	parts: readonly string[];
}

const RETURNS: Record<ProfileName, ReturnFields> = {
	ut: { set: 'Document_ВозвратТоваровОтКлиента', of: ['ДокументРеализации', 'ДокументОснование'], parts: ['Товары'] },
	bp: { set: 'Document_ВозвратТоваровОтПокупателя', of: ['Сделка', 'ДокументОтгрузки', 'ДокументОснование'], parts: ['Товары', 'Услуги'] },
	unf: { set: 'Document_ПриходнаяНакладная', of: ['ДокументОснование'], parts: [] },
};

/** Nothing where the profile's configuration has no document of its own for it. */
export function returnFields(profile: Profile): ReturnFields | undefined {
	const fields = RETURNS[profile.name];
	return fields.parts.length > 0 ? fields : undefined;
}

/** A credit note read with the columns of a shipment: the configurations keep them alike. */
export function asShipment(profile: Profile, fields: ReturnFields): Profile {
	return { ...profile, shipment: { ...profile.shipment, set: fields.set }, shipmentRows: { ...profile.shipmentRows, parts: [...fields.parts] } };
}
