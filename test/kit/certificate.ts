// Owns certificates for tests, made on the spot: an authority, and a server certificate for 127.0.0.1 that it signed.
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface Certificate {
	/** PEM. */
	cert: string;
	key: string;
}

interface Identity {
	name: string;
	publicKey: KeyObject;
	privateKey: KeyObject;
}

/** A server certificate for 127.0.0.1 and the authority that signed it. */
export function serverCertificate(): { server: Certificate; authority: Certificate; selfSigned: Certificate } {
	const authority = identity('Test authority');
	const server = identity('127.0.0.1');
	const pem = (subject: Identity, issuer: Identity, isAuthority: boolean): Certificate => ({
		cert: `-----BEGIN CERTIFICATE-----\n${certificate(subject, issuer, isAuthority).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
		key: subject.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
	});
	return { server: pem(server, authority, false), authority: pem(authority, authority, true), selfSigned: pem(server, server, false) };
}

function identity(name: string): Identity {
	return { name, ...generateKeyPairSync('ec', { namedCurve: 'prime256v1' }) };
}

/** X.509 v3 in DER (RFC 5280): the few members that a TLS client looks at. */
function certificate(subject: Identity, issuer: Identity, isAuthority: boolean): Buffer {
	const algorithm = der(0x30, oid('2a8648ce3d040302')); // ecdsa-with-SHA256
	const named = (name: string) => der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from(name)))));
	const time = (ms: number) => der(0x17, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '').slice(2, 14)}Z`));
	const extension = (id: string, value: Buffer) => der(0x30, oid(id), der(0x04, value));
	const extensions = isAuthority
		? extension('551d13', der(0x30, der(0x01, Buffer.from([0xff])))) // basicConstraints: CA
		: extension('551d11', der(0x30, der(0x87, Buffer.from([127, 0, 0, 1])))); // subjectAltName: IP
	const body = der(
		0x30,
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.from([subject === issuer ? 1 : 2])),
		algorithm,
		named(issuer.name),
		der(0x30, time(Date.now() - 3_600_000), time(Date.now() + 86_400_000)),
		named(subject.name),
		subject.publicKey.export({ type: 'spki', format: 'der' }),
		der(0xa3, der(0x30, extensions)),
	);
	const signature = sign('sha256', body, issuer.privateKey);
	return der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
}

function oid(hex: string): Buffer {
	return der(0x06, Buffer.from(hex, 'hex'));
}

function der(tag: number, ...parts: Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const size = content.length < 128 ? [content.length] : content.length < 256 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 0xff];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
