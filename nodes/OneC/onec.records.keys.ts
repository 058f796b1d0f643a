// Owns how a user names one record of any set, and which key that is. Must not know documents.
import { Failure } from '../core/failure';
import { isGuid, type Key, text } from './onec.literals';
import { HEADER } from './onec.reading';
import { shortLabel } from './onec.records.sets';
import type { OnecSession } from './onec.session';

const PART = /\s*([\p{L}_][\p{L}\p{N}_]*)\s*=\s*((?:guid|datetime)?'(?:[^']|'')*'|-?[0-9]+(?:\.[0-9]+)?[LMDlmd]?|true|false)\s*(,|$)/uy;

/**
 * The key written as text: a Ref_Key, `guid'...'`, or the parts of a composite one as 1C prints them
 * (`Recorder='...', Recorder_Type='...'`, reference 1), with or without brackets around.
 *
 * @returns nothing when the text is none of these
 */
export function parseKey(written: string): Key | undefined {
	const trimmed = written.trim().replace(/^\((.*)\)$/s, '$1').trim();
	const single = /^guid'(.*)'$/i.exec(trimmed)?.[1] ?? trimmed;
	if (isGuid(single)) return single.toLowerCase();
	const parts: Record<string, string> = {};
	PART.lastIndex = 0;
	for (let at = 0; at < trimmed.length; at = PART.lastIndex) {
		const match = PART.exec(trimmed);
		if (!match || match[1]! in parts) return undefined;
		parts[match[1]!] = match[2]!;
		// A comma stands between two parts, and only there.
		if ((match[3] === '') !== (PART.lastIndex >= trimmed.length)) return undefined;
	}
	return Object.keys(parts).length > 0 ? parts : undefined;
}

/** The key as a user may give it back: a Ref_Key, or the parts of a composite one. */
export function writeKey(key: Key): string {
	return typeof key === 'string' ? key : Object.entries(key).map(([name, literal]) => `${name}=${literal}`).join(',');
}

/**
 * The key of the record that is meant: by key, `number:<Number>` or `code:<Code>`.
 *
 * @throws Failure `missing`, or `ambiguous` with the list: numbers repeat from year to year
 */
export async function findKey(session: OnecSession, set: string, written: string): Promise<Key> {
	const key = parseKey(written);
	if (key !== undefined) return key;
	const [, field, value = ''] = /^(number|code):(.+)$/is.exec(written.trim()) ?? [];
	if (field === undefined) throw notAKey(set, written);
	const name = field.toLowerCase() === 'number' ? 'Number' : 'Code';
	const shown = name === 'Number' ? ['Date'] : ['Description'];
	// All of the header: not every catalog has a Description.
	const rows = await session.rows(set, { filter: `${name} eq ${text(value.trim())}`, select: HEADER, top: 10 });
	if (rows.length > 1) {
		const list = rows.map((row) => `${String(row.Ref_Key)} (${[...shown.map((column) => String(row[column] ?? '')), ...(row.DeletionMark === true ? ['marked for deletion'] : [])].join(', ')})`).join('; ');
		throw new Failure('ambiguous', `Several records of ${shortLabel(set)} have the ${field.toLowerCase()} ${value.trim()}: ${list}`, { advice: 'Give the Ref_Key instead' });
	}
	const found = rows[0]?.Ref_Key;
	if (isGuid(found)) return found;
	throw new Failure('missing', `There is no ${shortLabel(set)} with the ${field.toLowerCase()} ${value.trim()}, or the 1C user may not see it`);
}

function notAKey(set: string, written: string): Failure {
	return new Failure('rejected', `"${written}" names no record of ${shortLabel(set)}`, {
		advice: 'Give the Ref_Key (8f6a2d0e-3c1b-4e7a-9d55-0a1b2c3d4e5f), the parts of a composite key (Period=datetime\'2026-10-01T00:00:00\',Валюта_Key=guid\'...\'), "number:" with a document\'s number, or "code:" with a code',
	});
}
