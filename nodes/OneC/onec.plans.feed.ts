// Owns the reading of a packet of changes (Atom feed, reference 9) piece by piece, one object at a time. Must not know the
// network, exchange plans or documents.
import sax from 'sax';
import type { Properties } from './onec.metadata';

/** One object of a packet. */
export interface FeedObject {
	/** Entity set: `Document_ЗаказКлиента`. */
	type: string;
	/** The Ref_Key; for a register the composite key as 1C prints it: `Recorder='...', Recorder_Type='...'`. */
	key: string;
	/** Physically deleted (a tombstone): there is no data. A deletion *mark* is `data.DeletionMark`. */
	deleted: boolean;
	/** When it was deleted, where a tombstone tells. */
	when?: string;
	/** Table parts and record sets are lists of objects. */
	data: Record<string, unknown>;
}

export interface FeedOptions {
	/** Objects of other types are read over without being built. */
	wants?: (type: string) => boolean;
	/** The properties of a type, when they are known: then values get the types that JSON would give. */
	properties?: (type: string) => Properties | undefined;
}

/** What came is not a packet of changes, or not all of it. */
export class NotAFeed extends Error {}

/**
 * Atom does not tell the types of single values. Without metadata every value stays the text that 1C wrote, but for the
 * standard flags below, which are booleans in every base; with it, flags are booleans, `Double` and the short integers
 * numbers, and `Int64` stays text: exactly what 1C's JSON gives (reference 3).
 */
const FLAGS = new Set(['DeletionMark', 'Posted', 'Predefined', 'IsFolder', 'Active', 'ThisNode']);
const NUMBERS = new Set(['Double', 'Int16', 'Int32', 'Single', 'Decimal', 'Byte', 'SByte']);

/** What stands in most fields of most objects is kept once. */
const USUAL = new Map(['', '0', '1', 'true', 'false', '0001-01-01T00:00:00', '00000000-0000-0000-0000-000000000000'].map((text) => [text, text]));

interface Frame {
	name: string;
	/** Parts of the text: it comes in several pieces when long. */
	text: string;
	list?: unknown[];
	fields?: Record<string, unknown>;
	isNull: boolean;
	properties?: Properties;
}

/** Gives every object of the packet to `give` as soon as it is read; `end` tells whether the packet was whole. */
export class FeedReader {
	private readonly parser = sax.parser(true, { position: false });
	private readonly names = new Map<string, string>();
	private readonly path: string[] = [];
	private readonly frames: Frame[] = [];
	private entry: { id: string; type: string; data?: Record<string, unknown> } | undefined;
	private skip = 0;
	private complete = false;

	constructor(
		private readonly give: (object: FeedObject) => void,
		private readonly options: FeedOptions = {},
	) {
		this.parser.onopentag = (tag) => this.open(tag.name, tag.attributes as Readonly<Record<string, string>>);
		this.parser.onclosetag = () => this.close();
		this.parser.ontext = (text) => this.text(text);
		this.parser.oncdata = (text) => this.text(text);
		this.parser.onerror = (error) => {
			throw new NotAFeed(error.message.split('\n')[0]);
		};
	}

	write(text: string): void {
		// The parser reads blanks behind the end letter by letter, and takes its time for it.
		if (!this.complete) this.parser.write(text);
		else if (text.trim() !== '') throw new NotAFeed('something stands behind its end');
	}

	/** @throws NotAFeed when the packet broke off or was something else */
	end(): void {
		if (!this.complete) throw new NotAFeed('the text ends too early');
	}

	private open(tag: string, at: Readonly<Record<string, string>>): void {
		const name = this.intern(localName(tag));
		if (this.path.length === 0 && name !== 'feed') throw new NotAFeed(`it begins with <${tag}>`);
		this.path.push(name);
		if (this.skip > 0) this.skip++;
		else if (this.frames.length > 0) this.value(name, at);
		else if (name === 'entry') this.entry = { id: '', type: '' };
		else if (name === 'deleted-entry') this.tombstone(at);
		else if (this.entry && name === 'category') this.entry.type = this.intern((at.term ?? '').replace(/^StandardODATA\./, ''));
		else if (this.entry && name === 'properties') this.begin(this.entry.type);
	}

	/** The type stands before the content in every packet seen; where it does not, the address tells it. */
	private begin(known: string): void {
		const type = known || addressOf(this.entry?.id ?? '').type;
		if (this.options.wants?.(type) === false) this.skip = 1;
		else this.frames.push({ name: 'properties', text: '', fields: {}, isNull: false, properties: this.options.properties?.(type) });
	}

	private value(name: string, at: Readonly<Record<string, string>>): void {
		const parent = this.frames[this.frames.length - 1]!;
		if (!parent.list) parent.fields ??= {};
		const { type, isNull } = odataAttributes(at);
		const rows = parent.list ? parent.properties : parent.properties?.get(name)?.rows;
		this.frames.push({ name, text: '', isNull, properties: rows, ...(type.startsWith('Collection(') ? { list: [] } : {}) });
	}

	private close(): void {
		const name = this.path.pop();
		if (this.skip > 0) this.skip--;
		else if (this.frames.length > 0) this.closeValue();
		else if (name === 'entry') this.finish();
		if (this.path.length === 0) this.complete = true;
	}

	private closeValue(): void {
		const frame = this.frames.pop()!;
		const parent = this.frames[this.frames.length - 1];
		if (!parent) {
			if (this.entry) this.entry.data = frame.fields ?? {};
		} else {
			const value = frame.list ?? frame.fields ?? (frame.isNull ? null : typed(frame, parent));
			if (parent.list) parent.list.push(value);
			else parent.fields![frame.name] = value;
		}
	}

	private finish(): void {
		const entry = this.entry;
		this.entry = undefined;
		if (!entry?.data) return;
		const address = addressOf(entry.id, entry.type);
		this.give({ type: entry.type || address.type, key: address.key, deleted: false, data: entry.data });
	}

	private tombstone(at: Readonly<Record<string, string>>): void {
		const { type, key } = addressOf(at.ref ?? '');
		if (this.options.wants?.(type) !== false) this.give({ type, key, deleted: true, ...(at.when ? { when: at.when } : {}), data: {} });
	}

	private text(text: string): void {
		if (this.skip > 0) return;
		const frame = this.frames[this.frames.length - 1];
		if (frame) frame.text += text;
		else if (this.entry && this.path[this.path.length - 1] === 'id') this.entry.id += text;
	}

	private intern(text: string): string {
		const known = this.names.get(text);
		if (known !== undefined) return known;
		this.names.set(text, text);
		return text;
	}
}

function typed({ name, text }: Frame, parent: Frame): unknown {
	const type = parent.properties?.get(name)?.type;
	const flag = type === 'Boolean' || (type === undefined && FLAGS.has(name));
	if (flag && (text === 'true' || text === 'false')) return text === 'true';
	if (type !== undefined && NUMBERS.has(type) && text !== '' && Number.isFinite(Number(text))) return Number(text);
	return USUAL.get(text) ?? lines(text);
}

/** XML's own rule for line ends, which the parser leaves to its caller. */
function lines(text: string): string {
	return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Type and key of `http://.../Catalog_X(guid'...')`. Texts in a composite key may hold `/` and brackets. */
function addressOf(address: string, type?: string): { type: string; key: string } {
	const decoded = /%[0-9A-Fa-f]{2}/.test(address) ? decode(address.trim()) : address.trim();
	const start = type ? decoded.indexOf(`/${type}(`) + 1 : (/^(?:.*?\/standard\.odata\/)?/.exec(decoded)?.[0].length ?? 0);
	const [, name = '', key = ''] = /^([^(]*)\((.*)\)$/s.exec(decoded.slice(start)) ?? [];
	return { type: name, key: /^guid'([0-9a-f-]{36})'$/i.exec(key)?.[1] ?? key };
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function localName(name: string): string {
	return name.slice(name.indexOf(':') + 1);
}

/** `m:type` and `m:null`, whatever the prefix of their namespace. */
function odataAttributes(at: Readonly<Record<string, string>>): { type: string; isNull: boolean } {
	let type = '';
	let isNull = false;
	for (const name in at) {
		if (name.endsWith(':type')) type = at[name] ?? '';
		else if (name.endsWith(':null')) isNull = at[name] === 'true';
	}
	return { type, isNull };
}
