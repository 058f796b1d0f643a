// Proves the builders of the nodes' parameters: what a system offers is what its nodes show, and nothing else.
import { documentSchema, KINDS } from '../../nodes/core/documents';
import { valueAt } from '../../nodes/core/mapping';
import type { Capabilities } from '../../nodes/core/port';
import { documentPaths } from '../../nodes/kit/paths';
import { operationProperties, overrideProperties, readProperties, resourceProperty, type Wording } from '../../nodes/kit/properties';
import { quote } from './fakes';

const capabilities: Capabilities = { name: 'Fake', kinds: { order: ['get', 'list', 'upsert'], invoice: ['get'], quote: [] }, transitions: {}, pending: {} };
const wording: Wording = {
	order: { name: 'Sales Order', singular: 'sales order', plural: 'sales orders', description: 'd' },
	invoice: { name: 'Invoice', singular: 'invoice', plural: 'invoices', description: 'd' },
};
const values = (options: unknown) => (options as Array<{ value?: string }>).map(({ value }) => value);

it('resources are the kinds that the system offers, and records', () => {
	const resource = resourceProperty(capabilities, wording);
	expect(values(resource.options)).toEqual(['invoice', 'order', 'record']);
	expect(resource.default).toBe('order');
});

it('operations are the verbs of each kind, and what only one system has', () => {
	const all = operationProperties(capabilities, wording, [{ kinds: ['order'], option: { name: 'Confirm', value: 'confirm' } }]);
	const of = (kind: string) => all.find(({ displayOptions }) => displayOptions?.show?.resource?.includes(kind));
	expect(values(of('order')?.options)).toEqual(['confirm', 'upsert', 'get', 'getAll']);
	expect(values(of('invoice')?.options)).toEqual(['get']);
	expect([of('order')?.default, of('invoice')?.default]).toEqual(['upsert', 'get']);
	expect(of('quote')).toBeUndefined();
	expect((of('invoice')?.options as Array<{ action: string }>)[0]!.action).toBe('Get an invoice');
});

it('overrides are for what can be written; reading for what is offered', () => {
	expect(overrideProperties(capabilities).map(({ displayOptions }) => displayOptions?.show?.resource)).toEqual([['order']]);
	for (const property of readProperties(capabilities)) expect(property.displayOptions?.show?.resource).toEqual(['order', 'invoice']);
});

describe('the fields that a person can pick', () => {
	it.each(KINDS)('of a %s are scalar, named in words, and none twice', (kind) => {
		const options = documentPaths(kind);
		const paths = options.map(({ value }) => String(value));
		expect(paths).toContain('key');
		expect(new Set(paths).size).toBe(paths.length);
		expect(paths.filter((path) => /^(refs|link|kind|lines|contacts)/.test(path))).toEqual([]);
		expect(options.map(({ name }) => name)).toEqual([...options].map(({ name }) => name).sort((a, b) => a.localeCompare(b)));
	});

	it('are found in a document', () => {
		const full = documentSchema.parse({ ...quote('1'), billing: { city: 'Riga' }, totals: { net: 1, tax: 0, total: 1 } });
		const paths = documentPaths('quote').map(({ value }) => String(value));
		expect(paths).toEqual(expect.arrayContaining(['number', 'billing.city', 'totals.total', 'customer.name', 'source.number']));
		expect(valueAt(full, 'billing.city')).toBe('Riga');
	});
});
