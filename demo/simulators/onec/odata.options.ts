// Owns which query options there are and how their values are read (reference 4, 5).
// Must not know: sets, records.
import { badOption, badRepresentation, unknownOption } from './errors';
import type { Target } from './odata.path';

/** Atom, or JSON with one of three amounts of metadata. */
export type Format = 'atom' | 'minimal' | 'nometadata' | 'full';

export interface Options {
	filter?: string;
	select?: string;
	expand?: string;
	orderby?: string;
	top?: number;
	skip?: number;
	inlineCount: boolean;
	allowedOnly: boolean;
}

const KNOWN: ReadonlySet<string> = new Set(['$filter', '$select', '$expand', '$orderby', '$top', '$skip', '$inlinecount', '$format', '$allowedOnly']);

export function readOptions({ options, plus }: Target): Options {
	for (const name of options.keys()) if (name.startsWith('$') && !KNOWN.has(name)) throw unknownOption(name);
	// A `+` where a space should be: the option is as good as not there (reference 1).
	const text = (name: string): string | undefined => (plus.has(name) || options.get(name)?.trim() === '' ? undefined : options.get(name));
	return {
		filter: text('$filter'),
		select: text('$select'),
		expand: text('$expand'),
		orderby: text('$orderby'),
		top: whole(options, '$top'),
		skip: whole(options, '$skip'),
		inlineCount: inlineCount(options.get('$inlinecount')),
		allowedOnly: (options.get('allowedOnly') ?? options.get('$allowedOnly')) === 'true',
	};
}

function whole(options: ReadonlyMap<string, string>, name: string): number | undefined {
	const value = options.get(name);
	if (value === undefined) return undefined;
	if (!/^\d+$/.test(value)) throw badOption(name);
	return Number(value);
}

function inlineCount(value: string | undefined): boolean {
	if (value !== undefined && value !== 'allpages' && value !== 'none') throw badOption('$inlinecount');
	return value === 'allpages';
}

/** The answer's format: `$format` decides, then `Accept`, else Atom. */
export function formatOf(options: ReadonlyMap<string, string>, accept: string | undefined): Format {
	const asked = options.get('$format') ?? (accept !== undefined && /json/.test(accept) ? accept : 'atom');
	return named(asked.replaceAll(' ', '').toLowerCase());
}

function named(text: string): Format {
	if (text === 'atom' || text.startsWith('application/atom+xml')) return 'atom';
	const match = /^(?:json|application\/json)(?:;odata=(\w+))?(?:[;,].*)?$/.exec(text);
	const level = match?.[1] ?? 'minimalmetadata';
	if (!match) throw badRepresentation();
	if (level === 'nometadata') return 'nometadata';
	if (level === 'fullmetadata') return 'full';
	if (level === 'minimalmetadata') return 'minimal';
	throw badRepresentation();
}
