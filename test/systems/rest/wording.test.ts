// Proves that what a person reads in a message is a word of the language, not a piece of the code.
import { Reader } from '../../../nodes/RestErp/rest.reading';
import { Api, servicesOn } from './reading.api';

const kinds = {
	order: { module: 'orders', read: { status: "'draft'" }, get: { path: '/orders/{id}' }, find: { number: { path: '/orders', query: { number: 'value' } } } },
	opportunity: { module: 'deals', read: { name: 'record.name' } },
};

function reader(): Reader {
	const api = new Api();
	api.routes = { '/orders': () => [] };
	return new Reader(servicesOn(api, { kinds }));
}

it.each([
	['number:SO-9', 'There is no order with the number SO-9 in Ledger.'],
	['9', 'There is no order with the id 9 in Ledger.'],
])('a record that is not there, asked for by %s', async (ref, says) => {
	await expect(reader().get('order', ref)).rejects.toThrow(says);
});

it('several of a kind', async () => {
	await expect(reader().list('opportunity', {}).next()).rejects.toThrow('does not say how to list opportunities');
});
