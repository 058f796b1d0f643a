// Owns the check of a filter that a user wrote: many servers ignore what they do not understand and answer with
// everything. Must not know the network.
import { Failure } from '../core/failure';
import type { Paging } from './rest.profile.parts';

/**
 * A filter as query parameters; empty for none.
 *
 * @param parameter takes the whole filter, e.g. `$filter`; nothing: it is written as name=value&name=value
 * @throws Failure `rejected` for what can be seen to be no filter, before anything is sent
 */
export function filterParameters(written: string | undefined, parameter: string | undefined, paging: Paging): Record<string, string> {
	const filter = written?.trim().replace(/^\?/, '') ?? '';
	if (filter === '') return {};
	if (parameter === undefined) return pairs(filter, paging);
	const text = filter.startsWith(`${parameter}=`) ? filter.slice(parameter.length + 1).trim() : filter;
	if (text === '') return {};
	if (parameter === '$filter') checkOdata(text);
	if (/^[[{]/.test(text)) checkJson(text);
	return { [parameter]: text };
}

function refuse(filter: string, what: string, advice: string): never {
	throw new Failure('rejected', `The filter "${filter.length > 120 ? `${filter.slice(0, 120)}...` : filter}" ${what}`, { advice });
}

const PAIRS = 'Write name=value, several joined by &: status=open&city=Graz';

function pairs(filter: string, paging: Paging): Record<string, string> {
	const found: Record<string, string> = {};
	for (const part of filter.split('&')) {
		const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? refuse(filter, `holds "${part}", which is no name=value`, `${PAIRS}. An & inside a value is written %26`);
		const known = plain(name, filter);
		if (!/^[^\s"'()<>{}#?]+$/.test(known)) refuse(filter, known === '' ? 'holds a value without a name' : `holds "${known}", which is no name of a parameter`, PAIRS);
		if (Object.hasOwn(found, known)) refuse(filter, `names "${known}" twice`, 'Give each name once; several values are joined as the API wants it, mostly with commas');
		if (parametersOf(paging).includes(known)) refuse(filter, `sets "${known}", by which the pages are asked for`, 'Use "Limit" for the number of records');
		found[known] = plain(value, filter);
	}
	return found;
}

/** `%20` and the like stand for characters; "+" is a plus sign, as in a phone number. */
function plain(text: string, filter: string): string {
	try {
		return decodeURIComponent(text).trim();
	} catch {
		return refuse(filter, `holds a "%" that is not the beginning of an escaped character`, 'Write a percent sign as %25');
	}
}

/** Query parameters that a style of paging sets itself. */
function parametersOf(paging: Paging): string[] {
	switch (paging.style) {
		case 'page':
			return named(paging.page, paging.size);
		case 'offset':
			return named(paging.offset, paging.limit);
		case 'cursor':
			return named(paging.cursor, paging.size);
		case 'key':
			return named(...Object.keys(paging.query), paging.size);
		case 'next':
		case 'link':
			return named(paging.size);
		default:
			return [];
	}
}

function named(...names: Array<string | undefined>): string[] {
	return names.filter((name): name is string => Boolean(name));
}

/** What every OData server refuses, and what some take in silence. */
function checkOdata(filter: string): void {
	const outside = filter.replace(/'(?:[^']|'')*'/g, '0');
	if (outside.includes("'")) refuse(filter, 'has a quote that is not closed', "Write an apostrophe inside a text twice: 'O''Neil'");
	if (/%[0-9a-f]{2}|\w\+\w/i.test(outside)) refuse(filter, 'is written as in an address', 'Write it plainly, with blanks and letters as they are: it is encoded when it is sent');
	let open = 0;
	for (const sign of outside.replace(/[^()]/g, '')) if ((open += sign === '(' ? 1 : -1) < 0) break;
	if (open !== 0) refuse(filter, 'has a bracket without its partner', "e.g. (status eq 'open' or status eq 'new') and total gt 100");
	if (!/\s(eq|ne|gt|ge|lt|le|in|has)\s|\w\s*\(/.test(outside) && !/^(not\s+)?[\p{L}_][\p{L}\p{N}_/]*$/u.test(outside)) refuse(filter, 'compares nothing', "Write e.g. status eq 'open' or contains(name,'Muster')");
}

function checkJson(text: string): void {
	try {
		JSON.parse(text);
	} catch (error) {
		refuse(text, `begins like JSON and is none: ${error instanceof Error ? error.message : String(error)}`, 'Correct it there');
	}
}
