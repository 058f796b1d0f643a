// Proves that a secret stands in no message, however a server writes it, and whatever else the server gives.
import fc from 'fast-check';
import '../../seed';
import { Secrets } from '../../../nodes/RestErp/rest.secrets';
import { stopServers } from '../../kit/server';
import { READ, refusal, talk } from './talk';

const SECRET = 'pa55 wörd&<x>\'"/\\+=😀?';
const escaped = (text: string): string => [...text.split('')].map((unit) => (unit > '~' ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}` : unit)).join('');

describe('a secret', () => {
	const address = encodeURIComponent(SECRET);
	const entities = SECRET.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
	test.each([
		['as it is', SECRET],
		['in an address', address],
		['in an address, in small letters', address.replace(/%../g, (sign) => sign.toLowerCase())],
		['in an address within an address', encodeURIComponent(address)],
		['in an address as RFC 3986 wants it', address.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)],
		['in a form', new URLSearchParams({ a: SECRET }).toString().slice(2)],
		['in JSON', JSON.stringify(SECRET).slice(1, -1)],
		['in JSON of ASCII', escaped(JSON.stringify(SECRET).slice(1, -1))],
		['in JSON of ASCII, in capitals', escaped(JSON.stringify(SECRET).slice(1, -1)).replace(/\\u(....)/g, (_whole, hex: string) => `\\u${hex.toUpperCase()}`)],
		['in JSON as PHP writes it', escaped(JSON.stringify(SECRET).slice(1, -1)).replace(/\//g, '\\/')],
		['in JSON within JSON', JSON.stringify(JSON.stringify(SECRET)).slice(3, -3)],
		['in a page', entities.replace(/'/g, '&#39;')],
		['in a page as PHP writes it', entities.replace(/'/g, '&#039;').replace(/ö/g, '&#246;')],
		['in a page, in hexadecimal', entities.replace(/'/g, '&#x27;').replace(/ö/g, '&#xF6;')],
		['as Base64', Buffer.from(SECRET).toString('base64')],
		['as Base64 without its padding', Buffer.from(SECRET).toString('base64').replace(/=+$/, '')],
		['as Base64 for addresses', Buffer.from(SECRET).toString('base64url')],
		['as Base64 in an address', encodeURIComponent(Buffer.from(SECRET).toString('base64'))],
	])('%s is hidden', (_how, written) => {
		expect(new Secrets([SECRET]).hide(`before ${written} behind`).replace(/(=|%3D)+/, '')).toBe('before *** behind');
	});

	test('of any characters is hidden, plain and in addresses', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', minLength: 4 }).filter((text) => text.trim().length >= 4 && Buffer.from(text, 'utf8').toString('utf8') === text), (secret) => {
				const secrets = new Secrets([secret]);
				expect(secrets.hide(`|${secret}|`)).toBe('|***|');
				expect(secrets.hide(`|${encodeURIComponent(secret)}|`)).toBe('|***|');
			}),
			{ numRuns: 200 },
		);
	});

	test('that is Base64 itself is hidden in the other alphabet, and without its padding', () => {
		const pair = Buffer.from('ann:pa55 w>rd?>?').toString('base64');
		expect(pair).toMatch(/[+/].*==$/);
		for (const written of [pair, pair.replace(/=+$/, ''), Buffer.from(pair, 'base64').toString('base64url'), encodeURIComponent(pair)]) expect(new Secrets([pair]).hide(`|${written}|`).replace(/(=|%3D)+/, '')).toBe('|***|');
	});

	test('is told from the words beside it', () => {
		const secrets = new Secrets(['a', 'Token1']);
		expect(secrets.hide('a plan for Token1 and token2')).toBe('*** plan for *** and token2');
	});

	test('is not forgotten for cookies that change with every answer, nor a token that is used all the time', () => {
		const secrets = new Secrets([]);
		secrets.keep('YW5uOnBhc3M');
		secrets.add('token-4711');
		for (let i = 0; i < 500; i++) secrets.add(`cookie-number-${i}`, 'cookies');
		expect(secrets.hide('YW5uOnBhc3M token-4711 cookie-number-499')).toBe('*** *** ***');
		for (let i = 0; i < 500; i++) {
			secrets.add(`token-of-${i}`);
			secrets.add('token-4711');
		}
		expect(secrets.hide('YW5uOnBhc3M token-4711')).toBe('*** ***');
	});

	describe('that the server repeats', () => {
		afterEach(stopServers);

		test('as the header of the log-in, after many cookies, and in a redirect, is hidden', async () => {
			const { session } = await talk({ auth: { type: 'basic' }, csrf: { path: '/token' } }, (request, respond, nth) => {
				const sent = (request.headers.authorization ?? '').replace('Basic ', '');
				const cookies = Array.from({ length: 40 }, (_unused, i) => `c${i}=a-cookie-of-answer-${nth}-${i}; Path=/`);
				if (nth < 3) return respond(200, { id: 1 }, { 'Set-Cookie': cookies });
				if (nth === 3) return respond(400, { message: `You sent ${sent}` });
				return respond(302, undefined, { Location: `/login/${encodeURIComponent('pa55 wörd&<x>').toLowerCase()}/${sent.replace(/=+$/, '')}` });
			});
			await session.call(READ);
			await session.call(READ);
			for (let i = 0; i < 2; i++) {
				const { message, said } = await refusal(session.call(READ));
				expect(message).toContain('***');
				expect(`${message} ${said ?? ''}`).not.toMatch(/pa55|YW5u|c3Mgd/);
			}
		});
	});
});
