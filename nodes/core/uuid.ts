// Owns identities that are worked out instead of drawn: the same name gives the same UUID. No n8n, no network.
import { createHash } from 'node:crypto';

/**
 * RFC 4122 version 5: the same name gives the same UUID for ever, on every machine.
 *
 * @param namespace a UUID that keeps our names apart from everybody else's
 */
export function uuid5(name: string, namespace: string): string {
	const digest = createHash('sha1').update(Buffer.from(namespace.replace(/-/g, ''), 'hex')).update(name, 'utf8').digest().subarray(0, 16);
	digest[6] = (digest[6]! & 0x0f) | 0x50;
	digest[8] = (digest[8]! & 0x3f) | 0x80;
	const hex = digest.toString('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
