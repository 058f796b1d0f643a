// Owns what must never stand in a message: passwords, keys, tokens, cookies. Must not know who holds them.
import { Failure } from '../core/failure';

/** A shorter one is hidden only where it stands alone: "a" is in every text. */
const TELLING = 4;
/** The newest session tokens: older ones are worth nothing any more. */
const MOST = 60;

export class Secrets {
	private readonly lasting: string[];
	private passing: string[] = [];

	constructor(lasting: readonly string[]) {
		this.lasting = lasting.flatMap(forms);
	}

	/** A token or cookie that the server gave. */
	add(secret: string): void {
		if (!this.passing.includes(secret)) this.passing = [...new Set([...forms(secret), ...this.passing])].slice(0, MOST);
	}

	/** The text with stars in the secrets' place. */
	hide(text: string): string {
		return [...this.lasting, ...this.passing].sort((a, b) => b.length - a.length).reduce(without, text);
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

/** As servers repeat what they were sent: plainly, in an address, in JSON, in a page, as Base64. */
function forms(secret: string): string[] {
	if (secret === '') return [];
	const html = secret.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
	const address = encodeURIComponent(Buffer.from(secret, 'utf8').toString('utf8'));
	const base64 = Buffer.from(secret, 'utf8').toString('base64');
	return [...new Set([secret, secret.trim(), base64, address, address.replace(/%20/g, '+'), new URLSearchParams({ a: secret }).toString().slice(2), JSON.stringify(secret).slice(1, -1), html])].filter(Boolean);
}

function without(text: string, secret: string): string {
	if (!text.includes(secret)) return text;
	if (secret.length >= TELLING) return text.split(secret).join('***');
	return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'), '***');
}
