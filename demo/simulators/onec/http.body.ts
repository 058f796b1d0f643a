// Owns reading the body of a write in either edit format (reference 4).
// Must not know: sets, what is done with the properties.
import type { SimRequest } from '../server';
import { atomFields } from './atom.read';
import { badFormat, brokenJson, noMedia } from './errors';
import type { Sent } from './odata.write';

export function readSent({ headers, body, method }: SimRequest): Sent {
	const loadMode = String(headers['1c_odata-dataloadmode'] ?? '').toLowerCase() === 'true';
	const rest = { loadMode, ifMatch: headers['if-match'] };
	if (method === 'DELETE') return { fields: {}, edit: 'json', ...rest };
	const type = headers['content-type'] ?? 'application/atom+xml';
	if (/json/i.test(type)) return { fields: jsonFields(body), edit: 'json', ...rest };
	if (!/xml/i.test(type)) throw noMedia();
	return { fields: atomFields(body), edit: 'atom', ...rest };
}

function jsonFields(body: string): Sent['fields'] {
	let parsed: unknown;
	try {
		parsed = JSON.parse(body.replace(/^\ufeff/, ''));
	} catch {
		throw brokenJson();
	}
	if (typeof parsed !== 'object' || parsed === null) throw badFormat();
	if (Array.isArray(parsed)) throw brokenJson();
	return parsed as Sent['fields'];
}
