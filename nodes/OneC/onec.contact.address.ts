// Owns an address as 1C's contact information holds it: one line for people, and the parts as JSON (Значение) or XML
// (ЗначенияПолей), both ways. Pure.
import type { Address } from '../core/documents';
import { isRecord } from '../core/mapping';
import { plainText } from './onec.cells';
import type { Profile } from './onec.profile';
import type { Row } from './onec.wire';

type Fields = Profile['contactInfo'];

/** `119019, Россия, Москва, Арбатская пл, 1` */
export function addressLine(address: Address): string {
	return [address.postalCode, address.country, address.state, address.city, address.street, address.street2].filter(Boolean).join(', ').replace(/\s+/g, ' ').trim();
}

export function hasAddress(address: Address): boolean {
	return addressLine(address) !== '';
}

/** The columns of a row, as far as the profile has them. */
export function addressColumns(address: Address, fields: Fields): Row {
	const line = addressLine(address);
	return {
		...(fields.country ? { [fields.country]: address.country ?? '' } : {}),
		...(fields.region ? { [fields.region]: address.state ?? '' } : {}),
		...(fields.city ? { [fields.city]: address.city ?? '' } : {}),
		...(fields.value ? { [fields.value]: addressJson(address, line) } : {}),
		...(fields.xml ? { [fields.xml]: addressXml(address, line) } : {}),
	};
}

/** The free form of 1C's library: shown as it is, never parsed into streets and houses. */
function addressJson(address: Address, line: string): string {
	return JSON.stringify({
		value: line,
		comment: '',
		type: 'Адрес',
		country: address.country ?? '',
		addressType: 'ВСвободнойФорме',
		countryCode: '',
		ZIPcode: address.postalCode ?? '',
		area: address.state ?? '',
		city: address.city ?? '',
		street: [address.street, address.street2].filter(Boolean).join('\n'),
	});
}

function addressXml(address: Address, line: string): string {
	return `<КонтактнаяИнформация xmlns="http://www.v8.1c.ru/ssl/contactinfo" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" Представление="${escaped(line)}"><Комментарий/><Состав xsi:type="Адрес" Страна="${escaped(address.country ?? '')}"><Состав xsi:type="xs:string">${escaped(line)}</Состав></Состав></КонтактнаяИнформация>`;
}

function escaped(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/\n/g, '&#10;');
}

/** The parts of an address row: from JSON, else from XML, else the line as the street. */
export function addressOfRow(row: Row, fields: Fields): Partial<Address> {
	const line = plainText(row[fields.text]);
	const value = fields.value ? plainText(row[fields.value]) : '';
	const parts = fromJson(value, line) ?? fromXml(fields.xml ? plainText(row[fields.xml]) : '');
	const column = (field: string | undefined): string | undefined => (field ? plainText(row[field]) || undefined : undefined);
	const country = parts?.country ?? column(fields.country);
	const state = parts?.state ?? column(fields.region);
	const city = parts?.city ?? column(fields.city);
	if (parts) return compact({ ...parts, country, state, city });
	return compact({ street: line || undefined, country, city: undefined });
}

/** A value that somebody has since overtyped in 1C has another line: then its parts are not believed. */
function fromJson(text: string, line: string): Partial<Address> | undefined {
	if (!text.startsWith('{')) return undefined;
	try {
		const value: unknown = JSON.parse(text);
		if (!isRecord(value)) return undefined;
		const get = (name: string): string | undefined => (typeof value[name] === 'string' && value[name] !== '' ? value[name] : undefined);
		if (line && get('value') !== undefined && get('value') !== line) return undefined;
		const [street, street2] = (get('street') ?? '').split('\n');
		const house = [get('houseNumber')].filter(Boolean).join(' ');
		const whole = [[street, get('streetType')].filter(Boolean).join(' '), house].filter(Boolean).join(', ');
		return { street: whole || undefined, street2, city: withType(get('city'), get('cityType')), state: withType(get('area'), get('areaType')), postalCode: get('ZIPcode'), country: get('country') };
	} catch {
		return undefined;
	}
}

function withType(name: string | undefined, type: string | undefined): string | undefined {
	return name && type ? `${name} ${type}` : name;
}

/** `АдресРФ` of the older format: region, town, street, house. */
function fromXml(text: string): Partial<Address> | undefined {
	if (!text.includes('xsi:type="АдресРФ"')) return undefined;
	const element = (name: string): string | undefined => unescaped(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]);
	const number = (type: string): string | undefined => unescaped(new RegExp(`Тип="${type}" Значение="([^"]*)"`).exec(text)?.[1]);
	const index = unescaped(/ТипАдрЭл="10100000" Значение="([^"]*)"/.exec(text)?.[1]);
	const street = [element('Улица'), number('1010') && `дом ${number('1010')}`, number('1050') && `корпус ${number('1050')}`].filter(Boolean).join(', ');
	return { street: street || undefined, city: element('Город') ?? element('НаселПункт'), state: element('СубъектРФ'), postalCode: index, country: unescaped(/Страна="([^"]*)"/.exec(text)?.[1]) };
}

function unescaped(text: string | undefined): string | undefined {
	return text?.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#10;/g, '\n').replace(/&amp;/g, '&') || undefined;
}

function compact(address: Partial<Address>): Partial<Address> {
	return Object.fromEntries(Object.entries(address).filter(([, value]) => value)) as Partial<Address>;
}
