// Owns what must never stand in a message: passwords, keys, tokens, cookies. Must not know who holds them.
import { Failure } from '../core/failure';

/** A shorter one is hidden only where it stands alone: "a" is in every text. */
const TELLING = 4;
/** The newest of what a server gives: older ones are worth nothing any more. */
const MOST = 100;

export class Secrets {
	private readonly lasting: Map<string, string[]>;
	private readonly tokens = new Map<string, string[]>();
	/** Apart from the tokens: some servers give new ones with every answer. */
	private readonly cookies = new Map<string, string[]>();

	constructor(lasting: readonly string[]) {
		this.lasting = new Map(lasting.map((secret) => [secret, forms(secret)]));
	}

	/** What is made of a lasting secret, e.g. the header of basic authentication. */
	keep(secret: string): void {
		this.lasting.set(secret, forms(secret));
	}

	/** A token or cookie that the server gave. */
	add(secret: string, of: 'tokens' | 'cookies' = 'tokens'): void {
		const known = this[of];
		const written = known.get(secret) ?? forms(secret);
		known.delete(secret);
		known.set(secret, written);
		for (const oldest of known.keys()) if (known.size > MOST) known.delete(oldest);
	}

	/** The text with stars in the secrets' place. */
	hide(text: string): string {
		const known = [...this.lasting, ...this.tokens, ...this.cookies].sort(([a], [b]) => b.length - a.length);
		return known.flatMap(([, written]) => written).reduce(without, text);
	}

	/** The same failure without any secret in its words, and without a cause that holds one. */
	clean(failure: Failure): Failure {
		const { what, said, advice, code, record } = failure;
		const hidden = [what, said, advice, code, record].map((text) => (text === undefined ? undefined : this.hide(text)));
		const cause = this.holds(failure.cause) ? undefined : failure.cause;
		if (cause === failure.cause && [what, said, advice, code, record].every((text, i) => text === hidden[i])) return failure;
		return new Failure(failure.kind, hidden[0]!, { said: hidden[1], advice: hidden[2], code: hidden[3], record: hidden[4], retryAfterMs: failure.retryAfterMs, cause });
	}

	private holds(cause: unknown): boolean {
		if (cause === undefined || cause === null) return false;
		const text = cause instanceof Error ? `${cause.message} ${cause.stack ?? ''}` : String(cause);
		return this.hide(text) !== text || (cause instanceof Error && this.holds(cause.cause));
	}
}

/** As servers repeat what they were sent: as it is, as Base64 of either alphabet; each in any writing. */
function forms(secret: string): string[] {
	const bytes = Buffer.from(secret, 'utf8');
	const unpadded = secret.trim().replace(/=+$/, '');
	const texts = [secret, secret.trim(), unpadded, unpadded.replace(/\+/g, '-').replace(/\//g, '_'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
	return [...new Set(texts.flatMap((text) => [text, ...inAddresses(text), ...inJson(text), ...inPages(text)]))].filter(Boolean).sort((a, b) => b.length - a.length);
}

function inAddresses(text: string): string[] {
	const escaped = encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'));
	const strict = escaped.replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
	const once = [escaped, strict, strict.replace(/%7E/g, '~'), escaped.replace(/%20/g, '+'), new URLSearchParams({ a: text }).toString().slice(2)];
	const small = once.map((one) => one.replace(/%../g, (sign) => sign.toLowerCase()));
	return [...once, ...small].flatMap((one) => [one, one.replace(/%/g, '%25')]);
}

function inJson(text: string): string[] {
	const plain = JSON.stringify(text).slice(1, -1);
	const ascii = (one: string): string => one.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const signs = (one: string): string => one.replace(/[<>&'+]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
	const slashed = (one: string): string => one.replace(/\//g, '\\/');
	const once = [plain, ascii(plain), signs(plain), signs(ascii(plain))].flatMap((one) => [one, slashed(one)]);
	const large = once.map((one) => one.replace(/\\u[0-9a-f]{4}/g, (unit) => `\\u${unit.slice(2).toUpperCase()}`));
	return [...once, ...large].flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]);
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function inPages(text: string): string[] {
	const page = text.replace(/[&<>"]/g, (sign) => NAMED[sign]!);
	const quotes = [page, ...["&#39;", "&#039;", "&#x27;", "&apos;"].map((quote) => page.replace(/'/g, quote))];
	// All other signs, or those of Latin-1 only.
	const ways = [/[^ -~]/gu, /[\u00a0-\u00ff]/gu].flatMap((signs) => [(one: string) => one.replace(signs, (sign) => `&#${sign.codePointAt(0)!};`), (one: string) => one.replace(signs, (sign) => `&#x${sign.codePointAt(0)!.toString(16).toUpperCase()};`)]);
	return quotes.flatMap((one) => [one, ...ways.map((way) => way(one))]);
}

function without(text: string, secret: string): string {
	if (!text.includes(secret)) return text;
	if (secret.length >= TELLING) return text.split(secret).join('***');
	return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'), '***');
}
