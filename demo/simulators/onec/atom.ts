// Owns writing answers as Atom, in the layout of the captured feeds (reference 3, 4, 9).
// Must not know: HTTP, where the answer comes from.
import type { EntitySet } from './edmx.model';
import { type JsonContext, links, rowTypeOf, shuffled } from './json';
import type { Answer } from './odata.answer';
import { address } from './odata.key';
import type { Shown } from './odata.select';
import { type Row, TYPE_PREFIX } from './values';

const DATA = 'http://schemas.microsoft.com/ado/2007/08/dataservices';
const META = `${DATA}/metadata`;
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
/** 1C's own lines end so; those inside of `m:properties` end in a line feed only. */
const CRLF = '\r\n';

export const escape = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const attribute = (value: string): string => escape(value).replaceAll('"', '&quot;');

/** How Atom says when. */
interface AtomContext extends JsonContext {
	/** `updated` of every entry: the moment of the answer. */
	now: string;
}

export function atomBody(context: AtomContext, answer: Extract<Answer, { kind: 'collection' | 'table' | 'entity' | 'services' }>): string {
	if (answer.kind === 'services') return services(context, answer.names);
	if (answer.kind === 'table') return table(answer.shown);
	if (answer.kind === 'entity') return DECLARATION + entry(context, answer.shown, '', namespaces(context));
	const count = answer.count === undefined ? [] : [`\t<m:count>${answer.count}</m:count>`];
	return DECLARATION + feed(context, [...count, ...answer.shown.map((shown) => entry(context, shown, '\t'))]);
}

const namespaces = ({ root }: JsonContext): string[] => [`xmlns="http://www.w3.org/2005/Atom"`, `xmlns:at="http://purl.org/atompub/tombstones/1.0"`, `xmlns:d="${DATA}"`, `xmlns:m="${META}"`, `xml:base="${root}/"`];

/** A feed without an XML declaration, as change packets are; entries are written already. */
export function feed(context: JsonContext, entries: string[]): string {
	const head = `<feed ${namespaces(context).join(`${CRLF}\t\t`)}`;
	return entries.length === 0 ? `${head}/>` : [`${head}>`, ...entries, '</feed>'].join(CRLF);
}

/** One `<entry>`; properties stand in any order, as captured. */
export function entry(context: AtomContext, shown: Shown, indent: string, attributes: string[] = []): string {
	const { set, whole } = shown;
	const own = address(set, whole);
	const inner = [
		`<id>${escape(`${context.root}/${own}`)}</id>`,
		element('category', [`term="${TYPE_PREFIX}${set.name}"`, `scheme="${DATA}/scheme"`]),
		'<title type="text"/>',
		`<updated>${context.now}</updated>`,
		'<author/>',
		'<summary/>',
		...links(context.store, shown).map((name) =>
			element('link', [`rel="${DATA}/related/${name}"`, `href="${attribute(`${own}/${name}`)}"`, 'type="application/atom+xml;type=entry;charset=utf-8"', `title="${name}"`]),
		),
		...[...shown.expanded].map(([name, nested]) => inline(context, own, name, nested)),
		element('link', ['rel="edit"', `href="${attribute(own)}"`, 'title="edit-link"']),
		`<content type="application/xml">${properties(context, set, shown.row)}`,
		'</content>',
	];
	const open = attributes.length === 0 ? '<entry>' : `<entry ${attributes.join(`${CRLF}\t\t`)}>`;
	return [indent + open, ...inner.map((line) => `${indent}\t${line.replaceAll(`${CRLF}\t\t\t`, `${CRLF}${indent}\t\t\t`)}`), `${indent}</entry>`].join(CRLF);
}

const element = (name: string, attributes: string[]): string => `<${name} ${attributes.join(`${CRLF}\t\t\t`)}/>`;

function inline(context: AtomContext, own: string, name: string, nested: Shown | null): string {
	const attributes = [`rel="${DATA}/related/${name}"`, `href="${attribute(`${own}/${name}`)}"`, 'type="application/atom+xml;type=entry;charset=utf-8"', `title="${name}"`];
	const inner = nested === null ? '<m:inline/>' : `<m:inline>${entry(context, nested, '')}</m:inline>`;
	return `<link ${attributes.join(`${CRLF}\t\t\t`)}>${inner}</link>`;
}

function properties({ store }: JsonContext, set: EntitySet, row: Row): string {
	const lines = shuffled(Object.keys(row)).map((name) => {
		const value = row[name] ?? null;
		return Array.isArray(value) ? rows(name, `${TYPE_PREFIX}${rowTypeOf(store, set, name)}`, value) : `\t${scalar(name, value)}`;
	});
	return [`<m:properties xmlns:d="${DATA}" xmlns:m="${META}">`, ...lines, '</m:properties>'].join('\n');
}

function rows(name: string, type: string, all: Row[]): string {
	const open = `\t<d:${name} m:type="Collection(${type})"`;
	if (all.length === 0) return `${open}/>`;
	const elements = all.flatMap((row) => [`\t\t<d:element m:type="${type}">`, ...Object.entries(row).map(([key, value]) => `\t\t\t${scalar(key, Array.isArray(value) ? null : value)}`), '\t\t</d:element>']);
	return [`${open}>`, ...elements, `\t</d:${name}>`].join('\n');
}

function scalar(name: string, value: string | number | boolean | null): string {
	if (value === null) return `<d:${name} m:null="true"/>`;
	return value === '' ? `<d:${name}/>` : `<d:${name}>${escape(String(value))}</d:${name}>`;
}

/** A virtual table: no feed, elements under one root. */
function table(shown: Shown[]): string {
	const elements = shown.flatMap(({ row }) => ['\t<d:element>', ...Object.entries(row).map(([name, value]) => `\t\t${scalar(name, Array.isArray(value) ? null : value)}`), '\t</d:element>']);
	return [`<d:Result xmlns:d="${DATA}" xmlns:m="${META}">`, ...elements, '</d:Result>'].join('\n');
}

function services({ root }: JsonContext, names: string[]): string {
	const sets = names.flatMap((name) => [`\t\t<collection href="${name}">`, `\t\t\t<atom:title>${name}</atom:title>`, '\t\t</collection>']);
	const head = `<service xmlns="http://www.w3.org/2007/app"${CRLF}\t\txmlns:atom="http://www.w3.org/2005/Atom"${CRLF}\t\txml:base="${root}/">`;
	return [DECLARATION, head, '\t<workspace>', '\t\t<atom:title>Default</atom:title>', ...sets, '\t</workspace>', '</service>'].join(CRLF);
}

/** A physically deleted object in a change packet (RFC 6721). */
export const tombstone = (root: string, own: string, when: string): string => `\t<at:deleted-entry ref="${attribute(`${root}/${own}`)}" when="${when}"/>`;

