// Owns the profile of the small server that the writing is tested on, for each way of making a create happen once.
import type { Way, Json } from './writing.server';

const identities: Record<Way, Json> = {
	chosenId: { by: 'chosenId', id: '$uuid(key)' },
	idempotencyHeader: { by: 'idempotencyHeader' },
	uniqueField: { by: 'uniqueField' },
	searchField: { by: 'searchField' },
};

/** @param change laid over the profile of orders and customers */
export function profileFor(way: Way, change: { customer?: Json; order?: Json; product?: Json } = {}): Json {
	const identity = identities[way];
	const create = (module: string): Json => (way === 'chosenId' ? { path: `/${module}/{id}` } : { path: `/${module}` });
	const find = (module: string, field: string, value = 'value'): Json => ({ path: `/${module}`, query: { [field]: value } });
	return {
		format: 1,
		name: 'Small ERP',
		auth: { type: 'none' },
		errors: { code: 'answer.code', message: 'answer.message' },
		kinds: {
			customer: {
				module: 'customers',
				identity,
				key: 'record.external_id',
				version: '\'"\' & record.version & \'"\'',
				read: { name: 'record.name', vat: 'record.vat', email: 'record.email', phone: 'record.phone' },
				get: { path: '/customers/{id}' },
				list: { path: '/customers' },
				find: { key: find('customers', 'external_id'), vat: find('customers', 'vat'), email: find('customers', 'email'), name: find('customers', 'name') },
				body: { external_id: 'key', name: 'document.name', vat: 'document.vat', email: 'document.email', phone: 'document.phone' },
				create: create('customers'),
				update: { path: '/customers/{id}', fixed: ['vat'] },
				remove: { path: '/customers/{id}' },
				...change.customer,
			},
			product: { module: 'products', read: { name: 'record.name', code: 'record.code' }, get: { path: '/products/{id}' }, find: { code: find('products', 'code', 'values') }, ...change.product },
			order: {
				module: 'orders',
				identity,
				key: 'record.external_id',
				version: '\'"\' & record.version & \'"\'',
				read: {
					number: 'record.number',
					status: 'record.status',
					currency: 'record.currency',
					lines: 'record.lines.{"key": key, "code": code, "quantity": quantity, "price": price, "discountPercent": discount}',
					totals: { net: 'record.net', tax: 'record.tax', total: 'record.total' },
				},
				get: { path: '/orders/{id}' },
				list: { path: '/orders' },
				find: { key: find('orders', 'external_id') },
				body: {
					external_id: 'key',
					customer: '$ref("customer")',
					currency: 'document.currency',
					reference: 'document.reference',
					lines: '[lines.{"key": key, "product": $product(code).id, "code": code, "quantity": quantity, "price": price, "discount": discountPercent, "tax": taxes[0].rate, "tax_id": $tax(taxes[0])}]',
				},
				ignore: ['lines.key'],
				lines: { price: 2, quantity: 3, discount: 2, products: true },
				rounding: 'line',
				create: create('orders'),
				update: { path: '/orders/{id}' },
				remove: { path: '/orders/{id}' },
				transitions: { confirmed: { path: '/orders/{id}/confirm' }, cancelled: { path: '/orders/{id}/cancel' } },
				...change.order,
			},
		},
	};
}
