// Owns the address of a next page: found in a Link header, and followed only below the base URL, whatever a server
// says. Must not know the network.
import type { Failure, FailureKind } from '../core/failure';

interface NextAddress {
	/** Absolute, or relative to where it stood. */
	link: string;
	/** Paths below the base URL, each relative to the one before: where the link stood. */
	from: readonly string[];
	/** The credential's URL. */
	baseUrl: string;
	refuse: (what: string, advice: string, kind: FailureKind) => Failure;
}

/**
 * The link as a path below the base URL, with its query. Links that differ from the base URL in http or https only are
 * followed there, over the base URL's own: servers behind a proxy do not know which of them people use.
 *
 * @throws Failure `denied` when it leads elsewhere
 */
export function pathBelow({ link, from, baseUrl, refuse }: NextAddress): string {
	const base = new URL(baseUrl);
	const [first = '/', ...further] = from;
	const standing = further.reduce((at, step) => parsed(step, at) ?? at, new URL(baseUrl.replace(/\/+$/, '') + first));
	const target = parsed(link, standing);
	if (!target) throw refuse(`names "${link.slice(0, 120)}" as its next page, which is no address`, 'Correct the expression for the next page in the profile', 'rejected');
	// Some mean a path below their own root, whatever stands in front of it.
	const meant = isBelow(target, base) || !/^\/(?![/\\])/.test(link) || /(^|[/\\])(\.|%2e){1,2}([/\\?#]|$)/i.test(link) ? target : (parsed(baseUrl.replace(/\/+$/, '') + link, base) ?? target);
	if (!isBelow(meant, base)) {
		throw refuse(`names a next page at ${target.origin === 'null' ? target.protocol : target.origin}${target.pathname}, which is outside ${baseUrl}`, 'Only addresses below the URL of the credential are used, so that the key is not sent elsewhere. If the server calls itself by that address, enter it as the URL there', 'denied');
	}
	return `/${meant.pathname.slice(folder(base).length)}${meant.search}`;
}

/** The target of `rel="next"` in a Link header (RFC 8288, section 3). */
export function linkedNext(header: string | undefined): string | undefined {
	// A target may hold commas, a quoted value both signs.
	for (const [, target, parameters] of (header ?? '').matchAll(/<([^<>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s;,"]*))?)*)/g)) {
		const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters ?? '');
		if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return target || undefined;
	}
	return undefined;
}

function parsed(link: string, from: URL): URL | undefined {
	return URL.canParse(link, from.href) ? new URL(link, from.href) : undefined;
}

function folder(base: URL): string {
	return base.pathname.replace(/\/*$/, '/');
}

function isBelow(target: URL, base: URL): boolean {
	const sameHost = target.origin === base.origin || (target.hostname === base.hostname && target.port === '' && base.port === '' && /^https?:$/.test(target.protocol));
	return sameHost && `${target.pathname}/`.startsWith(folder(base));
}
