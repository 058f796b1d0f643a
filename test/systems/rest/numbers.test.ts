// Proves that an id beyond 2^53 is never rounded on its way out: in the body of a request of one's own, in a profile's
// constants and expressions.
import { request } from '../../../nodes/RestErp/rest.actions.request';
import { chooseProfile } from '../../../nodes/RestErp/rest.profile';
import { Api, servicesOn } from './reading.api';

test('the body of a request of one\'s own is sent with all digits, as the numbers that they are', async () => {
	const api = new Api();
	const bodies: Array<string | undefined> = [];
	api.routes['/orders'] = (_query, _id, { text }) => {
		bodies.push(text);
		return { id: 1 };
	};
	const parameters: Record<string, unknown> = { method: 'POST', path: '/orders', body: '{"customer": 9007199254740993, "text": "9007199254740993", "price": 1.50, "small": 7}', query: '{"company": 12345678901234567890}' };
	await request(servicesOn(api, { kinds: {} }), { parameter: (name: string) => parameters[name] } as never);
	expect(bodies).toEqual(['{"customer":9007199254740993,"text":"9007199254740993","price":1.5,"small":7}']);
	expect(api.calls).toEqual(['POST /orders?company=12345678901234567890']);
});

test.each<[string, unknown, string]>([
	['a constant', 9007199254740993n, 'kinds.customer.body.owner'],
	['a number in an expression', '"x" & 9007199254740993', 'kinds.customer.body.owner'],
])('%s in a profile that has more digits than are kept is refused, and its place is said', (_what, owner, place) => {
	const kinds = { customer: { module: 'customers', read: { name: 'record.name' }, body: { owner: '@' } } };
	const written = typeof owner === 'bigint' ? String(owner) : JSON.stringify(owner);
	const profileJson = JSON.stringify({ format: 1, name: 'Ledger', auth: { type: 'none' }, kinds }).replace('"@"', written);
	expect(() => chooseProfile({ profile: 'custom', profileJson })).toThrow(new RegExp(`${place.replace(/\./g, '\\.')}.*more digits than are kept.*at position \\d+.*\\$exact`, 's'));
});
