// Owns the cookies of one server: taken from its answers, given back with every call. Must not know what they mean.

/** More is no session but a mistake. */
const MOST = 50;
const LONGEST = 4_096;

interface Cookie {
	value: string;
	/** Milliseconds since 1970; nothing: as long as the session. */
	until?: number;
}

/** Paths are not told apart: every call goes to one server, below one address (RFC 6265 for the rest). */
export class CookieJar {
	private readonly cookies = new Map<string, Cookie>();

	/** @param now milliseconds since 1970 */
	constructor(private readonly now: () => number) {}

	/**
	 * @param header `Set-Cookie`, several on lines of their own
	 * @returns the values that are new
	 */
	take(header: string | undefined): string[] {
		return (header === undefined ? [] : separate(header)).flatMap((line) => this.takeOne(line));
	}

	/** For the header `Cookie`; undefined when there is none. */
	header(): string | undefined {
		for (const [name, { until }] of this.cookies) if (until !== undefined && until <= this.now()) this.cookies.delete(name);
		return this.cookies.size === 0 ? undefined : [...this.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
	}

	clear(): void {
		this.cookies.clear();
	}

	private takeOne(line: string): string[] {
		const [pair = '', ...attributes] = line.split(';');
		const at = pair.indexOf('=');
		const name = pair.slice(0, at).trim();
		const value = pair.slice(at + 1).trim();
		if (at < 1 || name === '' || pair.length > LONGEST) return [];
		const until = this.endOf(attributes);
		this.cookies.delete(name);
		if (value === '' || (until !== undefined && until <= this.now())) return [];
		if (this.cookies.size < MOST) this.cookies.set(name, { value, until });
		return [value];
	}

	private endOf(attributes: readonly string[]): number | undefined {
		const of = (name: string): string | undefined => attributes.map((one) => one.trim()).find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1).trim();
		const age = of('max-age');
		if (age !== undefined && /^-?\d+$/.test(age)) return this.now() + Number(age) * 1000;
		const expires = Date.parse(of('expires') ?? '');
		return Number.isNaN(expires) ? undefined : expires;
	}
}

/** Lines; or joined by commas, as some transports do: a comma before `name=` parts them, that of a date does not. */
function separate(header: string): string[] {
	return header.split(/\n|,(?=\s*[!#$%&'*+\-.^_`|~0-9A-Za-z]+=)/);
}
