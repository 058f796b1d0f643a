// Owns HTTP Basic as 1C reads it: UTF-8 (reference 8).
// Must not know: rights inside the infobase.
import type { SimResponse } from '../server';

/** A header in another encoding does not match: a Cyrillic name in latin1 or cp1251 is refused. */
export function authorised({ user, password }: { user: string; password: string }, header: string | undefined): boolean {
	const match = /^Basic\s+(\S+)$/i.exec(header ?? '');
	return match !== null && Buffer.from(match[1] ?? '', 'base64').toString('utf8') === `${user}:${password}`;
}

/** 401 without a code: the password, not the rights. */
export const refusedLogin = (): SimResponse => ({ status: 401, headers: { 'content-type': 'text/html;charset=utf-8', 'www-authenticate': 'Basic realm="1C:Enterprise 8"' }, body: '' });
