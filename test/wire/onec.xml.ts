// Owns reading Atom packets into plain trees, for comparing captured ones with simulated ones.
// Must not know: any client code, the simulator.
import { parser } from 'sax';

export interface Element {
	name: string;
	attributes: Record<string, string>;
	children: Element[];
	text: string;
}

export interface Entry {
	/** Address without the host: `Document_ЗаказКлиента(guid'...')`. */
	id: string;
	/** Set it belongs to. */
	set: string;
	links: Array<Record<string, string>>;
	/** Elements of the entry in their order. */
	outline: string[];
	properties: Element;
}

const ROOT = /^https?:\/\/[^/]+\/[^/]+\/odata\/standard\.odata\/?/;

/** Reads one XML document. */
export function readXml(text: string): Element {
	const root: Element = { name: '', attributes: {}, children: [], text: '' };
	const open = [root];
	const reader = parser(true, {});
	reader.onopentag = ({ name, attributes }) => {
		const element: Element = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
		open.at(-1)?.children.push(element);
		open.push(element);
	};
	reader.ontext = (part) => (open.at(-1)!.text += part);
	reader.oncdata = (part) => (open.at(-1)!.text += part);
	reader.onclosetag = () => void open.pop();
	reader.onerror = (error) => {
		throw error;
	};
	reader.write(text.replace(/^\ufeff/, '')).close();
	return root.children[0] ?? root;
}

const child = (element: Element, name: string): Element | undefined => element.children.find((one) => one.name === name);

/** Entries of a feed by their address. */
export function entriesOf(feed: Element): Map<string, Entry> {
	const entries = feed.children.filter(({ name }) => name === 'entry').map((entry): Entry => {
		const content = child(entry, 'content');
		return {
			id: (child(entry, 'id')?.text ?? '').replace(ROOT, ''),
			set: (child(entry, 'category')?.attributes['term'] ?? '').replace('StandardODATA.', ''),
			links: entry.children.filter(({ name }) => name === 'link').map(({ attributes }) => attributes),
			outline: entry.children.map(({ name }) => name).filter((name) => name !== 'link'),
			properties: (content && child(content, 'm:properties')) ?? { name: '', attributes: {}, children: [], text: '' },
		};
	});
	return new Map(entries.map((entry) => [entry.id, entry]));
}

/** Properties as they stand in the XML: text, or the rows of a collection with its type. */
export type Shown = string | { type: string; rows: Array<Record<string, Shown>> };

export function shown(properties: Element): Record<string, Shown> {
	return Object.fromEntries(properties.children.map((one) => [one.name.replace('d:', ''), value(one)]));
}

function value(element: Element): Shown {
	const type = element.attributes['m:type'];
	if (type === undefined) return element.text;
	return { type, rows: element.children.map((row) => shown(row)) };
}
