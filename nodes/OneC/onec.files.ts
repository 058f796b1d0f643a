// Owns files that 1C keeps in a record: value storages, read and written as base64 (reference 3 and 6). Bytes are not
// looked into.
import { Failure } from '../core/failure';
import type { ActionRow } from '../core/port';
import { KEYED_WRITE, retry } from '../core/retry';
import type { Inputs } from './onec.actions.input';
import type { Key } from './onec.literals';
import { recordName } from './onec.records';
import { findKey, writeKey } from './onec.records.keys';
import { shortLabel } from './onec.records.sets';
import type { Services } from './onec.services';

const DATA = '_Base64Data';
const TYPE = '_Type';
const ANY_TYPE = 'application/octet-stream';
const EXTENSIONS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/gif': 'gif', 'application/pdf': 'pdf', 'text/plain': 'txt', 'text/xml': 'xml', 'application/zip': 'zip' };
/** How files of some kinds begin: 1C often keeps no type. */
const BEGINNINGS: ReadonlyArray<[string, string]> = [['89504e47', 'image/png'], ['ffd8ff', 'image/jpeg'], ['47494638', 'image/gif'], ['25504446', 'application/pdf'], ['504b0304', 'application/zip']];

interface Place {
	set: string;
	key: Key;
	field: string;
}

export async function fileDownload(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { set, key, field } = await placeOf(services, input);
	const row = await services.session.read(set, key, { select: await columns(services, set, field) });
	const data = bytesOf(row[`${field}${DATA}`]);
	if (!data || data.length === 0) throw new Failure('missing', `There is no file in "${field}"`, { record: recordName(set, row) });
	const mimeType = input.optional('mimeType') ?? typeOf(row[`${field}${TYPE}`], data);
	const fileName = input.optional('fileName') ?? named(row.Description, field, mimeType);
	return [{ json: { set, key: writeKey(key), field, fileName, mimeType, size: data.length }, binary: { data, mimeType, fileName } }];
}

/** The same file once more changes nothing, so an unknown outcome is answered by writing again. Read back by its length. */
export async function fileUpload(services: Services, input: Inputs): Promise<ActionRow[]> {
	const { session, clock } = services;
	const { set, key, field } = await placeOf(services, input);
	const file = await input.file(input.text('binaryPropertyName'));
	if (file.data.length === 0) throw new Failure('rejected', 'The file is empty', { advice: 'Check the step that made it; nothing was written' });
	const mimeType = input.optional('mimeType') ?? (file.mimeType || ANY_TYPE);
	const body = { [`${field}${TYPE}`]: mimeType, [`${field}${DATA}`]: file.data.toString('base64') };
	await retry(async () => await session.patch(set, key, body), KEYED_WRITE, clock);
	const row = await session.read(set, key, { select: await columns(services, set, field) });
	const kept = bytesOf(row[`${field}${DATA}`]);
	if (!kept?.equals(file.data)) throw new Failure('rejected', `1C answered that the file was written, but "${field}" holds ${kept?.length ?? 0} bytes instead of ${file.data.length}`, { record: recordName(set, row), advice: 'The configuration keeps files of this object elsewhere (on a disk or in a register); choose the object that really holds them' });
	return [{ json: { set, key: writeKey(key), field, mimeType, size: file.data.length, ...(file.fileName ? { fileName: file.fileName } : {}) } }];
}

async function placeOf(services: Services, input: Inputs): Promise<Place> {
	const set = input.text('module');
	const field = input.text('field').replace(new RegExp(`${DATA}$`), '');
	const properties = await services.metadata.properties(set);
	if (properties.has(`${field}${DATA}`)) return { set, field, key: await findKey(services.session, set, input.text('recordId')) };
	const others = [...properties.keys()].filter((name) => name.endsWith(DATA)).map((name) => name.slice(0, -DATA.length));
	throw new Failure('rejected', `"${field}" of ${shortLabel(set)} holds no file`, { advice: others.length > 0 ? `Files are in: ${others.join(', ')}` : 'This object has no value storage; choose the object that holds the file' });
}

async function columns(services: Services, set: string, field: string): Promise<string[]> {
	const properties = await services.metadata.properties(set);
	return ['Ref_Key', 'Description', `${field}${TYPE}`, `${field}${DATA}`].filter((name) => properties.has(name));
}

function bytesOf(value: unknown): Buffer | undefined {
	return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
}

function typeOf(kept: unknown, data: Buffer): string {
	if (typeof kept === 'string' && /^[\w.+-]+\/[\w.+-]+$/.test(kept) && kept !== ANY_TYPE) return kept;
	const head = data.subarray(0, 4).toString('hex');
	return BEGINNINGS.find(([beginning]) => head.startsWith(beginning))?.[1] ?? ANY_TYPE;
}

/** 1C keeps no file name with the bytes; the record's name is the best there is. */
function named(description: unknown, field: string, mimeType: string): string {
	const name = (typeof description === 'string' ? description.trim().replace(/[\\/:*?"<>|]+/g, '_') : '') || field;
	const extension = EXTENSIONS[mimeType];
	return extension === undefined || /\.\w{1,5}$/.test(name) ? name : `${name}.${extension}`;
}
