// Owns the check of a filter that a user wrote: 1C answers several mistakes with nothing at all instead of an error
// (reference 1 and 5). No network beyond the metadata, and that only where a filter looks wrong.
import { Failure } from '../core/failure';
import type { OnecMetadata } from './onec.metadata';

const GUID_TEXT = '[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}';
/** A name compared with a plain guid, or with an id written as text. */
const REFERENCE = new RegExp(`([\\p{L}_][\\p{L}\\p{N}_/]*)\\s+(?:eq|ne)\\s+(?:guid)?'${GUID_TEXT}'`, 'gu');
const SHORT_YEAR = /datetime'\d{1,3}-/i;
const MISSING: Record<string, string> = { contains: "substringof('text',Field)", tolower: 'nothing: comparison ignores the case already', toupper: 'nothing', trim: 'nothing', indexof: 'like(Field,\'%text%\')', length: 'nothing', replace: 'nothing' };

/**
 * The condition as it may be sent, or nothing for an empty one.
 *
 * @throws Failure `rejected` for what 1C would take in silence and answer wrongly
 */
export async function checkFilter(written: string | undefined, set: string, metadata: Pick<OnecMetadata, 'properties'>): Promise<string | undefined> {
	const filter = written?.trim().replace(/^[?&]?\$filter=/i, '');
	if (!filter) return undefined;
	const refuse = (what: string, advice: string): never => {
		throw new Failure('rejected', `The filter "${filter.length > 120 ? `${filter.slice(0, 120)}...` : filter}" ${what}`, { advice });
	};
	const outside = filter.replace(/'(?:[^']|'')*'/g, "''");
	if (outside.replace(/''/g, '').includes("'")) refuse('has a quote that is not closed', "Write an apostrophe inside a text twice: 'O''Neil'");
	if (outside.includes('+') || /%20|%D0|%D1|%27/i.test(outside)) refuse('is written as in an address', 'Write it plainly, with blanks and letters as they are: it is encoded when it is sent. With "+" for blanks 1C ignores the whole filter');
	if (SHORT_YEAR.test(filter)) refuse('has a year of less than four digits', "The empty date is datetime'0001-01-01T00:00:00'");
	const missing = Object.keys(MISSING).find((name) => new RegExp(`(^|[^\\p{L}_])${name}\\s*\\(`, 'iu').test(outside));
	if (missing) refuse(`uses "${missing}", which 1C does not have`, `Instead: ${MISSING[missing] ?? ''}`);
	await checkReferences(filter, set, metadata, refuse);
	return filter;
}

/**
 * A reference of several types is compared by `cast` only: with a plain guid 1C answers with an empty list, with a text
 * on `Recorder` also (reference 5). Names that end with `_Key` have one type, so metadata is asked for others only.
 */
async function checkReferences(filter: string, set: string, metadata: Pick<OnecMetadata, 'properties'>, refuse: (what: string, advice: string) => never): Promise<void> {
	const names = [...filter.matchAll(REFERENCE)].map((match) => match[1]!).filter((name) => !name.endsWith('_Key') && !name.includes('/'));
	if (names.length === 0) return;
	const properties = await metadata.properties(set);
	const wrong = names.find((name) => properties.has(`${name}_Type`));
	if (wrong !== undefined) refuse(`compares "${wrong}", which may point to several kinds of objects, with a plain ID; 1C would find nothing`, `Write ${wrong} eq cast(guid'...','Document_ЗаказКлиента') with the set it points to`);
}
