// Owns what the tests of shipped profiles put in: a customer and an order of a CRM, recorded answers, and a profile with
// all that its expressions may call. Knows no API.
import fs from 'node:fs';
import path from 'node:path';
import { customerSchema, type Document, type Kind, orderSchema, productSchema } from '../../../nodes/core/documents';
import { planLines } from '../../../nodes/core/money';
import type { RestCredential } from '../../../nodes/RestErp/rest.credential';
import { type Given, timeOf } from '../../../nodes/RestErp/rest.documents';
import { ProfileEvaluator } from '../../../nodes/RestErp/rest.evaluator';
import { functionsFor } from '../../../nodes/RestErp/rest.functions';
import { writeJson } from '../../../nodes/RestErp/rest.json';
import { loadProfile } from '../../../nodes/RestErp/rest.profile';
import { SHIPPED } from '../../../nodes/RestErp/rest.profiles';
import type { Row } from '../../../nodes/RestErp/rest.services';

const FIXTURES = path.join(__dirname, 'fixtures');

/** A record as the API's documentation shows them, and what it is read and written as. */
export interface Fixture {
	/** Where the shape is documented; values are of our own. */
	source: string;
	settings: Record<string, string>;
	record: Row;
	with?: Row;
	/** What it is read as. */
	document: Record<string, unknown>;
	/** What is sent for the sample of that kind; nothing: the profile does not write it. */
	body?: unknown;
}

/** The plain example of a kind (`invoice.json`) before its further ones (`invoice.credit.json`). */
export function fixturesOf(profile: string): Array<{ kind: Kind; fixture: Fixture }> {
	const folder = path.join(FIXTURES, profile);
	const files = fs.readdirSync(folder).sort((a, b) => a.length - b.length);
	return files.map((file) => ({ kind: file.split('.')[0] as Kind, fixture: JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as Fixture }));
}

export const CUSTOMER = customerSchema.parse({
	kind: 'customer',
	key: 'vtiger:Accounts:11x8',
	name: 'Amber Bakery',
	vat: 'DE123456788',
	email: 'office@amber.example',
	phone: '+49 40 555 0170',
	billing: { street: 'Main Street 5', city: 'Hamburg', postalCode: '20539', country: 'DE' },
	shipping: { street: 'Dock Road 3', city: 'Hamburg', postalCode: '20539', country: 'DE' },
	contacts: [{ key: 'vtiger:Contacts:12x9', lastName: 'Purchasing', email: 'orders@amber.example' }],
});

const vat = [{ name: 'VAT', rate: '10', code: 'V10' }];

export const ORDER = orderSchema.parse({
	kind: 'order',
	key: 'vtiger:Quotes:4x38',
	number: 'QUO38',
	subject: 'Widgets',
	date: '2026-11-02',
	dueDate: '2026-11-30',
	currency: 'EUR',
	customer: CUSTOMER,
	lines: [
		{ key: '1', code: 'W-1', name: 'Widget', quantity: '3', price: '70', discountPercent: '10', taxes: vat },
		{ key: '2', code: 'W-3', name: 'Cable 3m', quantity: '2', price: '20', taxes: vat },
	],
	totals: { net: '229', tax: '22.9', total: '251.9' },
	reference: 'PO 4711',
});

const PRODUCT = productSchema.parse({ kind: 'product', key: 'vtiger:Products:14x5', code: 'W-1', name: 'Widget', price: '100.5', currency: 'EUR' });

const SAMPLES: Partial<Record<Kind, Document>> = { customer: CUSTOMER, product: PRODUCT, order: ORDER };

/** A shipped profile with an evaluator that has all of its functions. */
export function given(name: string, settings: Readonly<Record<string, string>>): Given {
	const profile = loadProfile(SHIPPED[name], name);
	const credential = { url: 'https://erp.example', installation: 'erp', settings } as unknown as RestCredential;
	const parts = { profile, credential } as Given;
	parts.evaluator = new ProfileEvaluator(name, functionsFor({ installation: 'erp', moduleOf: (kind) => profile.kinds[kind]?.module, fromSystemTime: (value) => timeOf(parts).toIso(value), toSystemTime: (time) => timeOf(parts).fromIso(time) }));
	return parts;
}

/** What would be sent for the sample; undefined where the profile does not write the kind. */
export async function bodyFor({ profile, credential, evaluator }: Given, kind: Kind): Promise<unknown> {
	const { body, lines: rules } = profile.kinds[kind] ?? {};
	const document = SAMPLES[kind];
	if (!body || !document) return undefined;
	const lines = 'lines' in document ? planLines(document, rules ?? { price: 6, quantity: 6, discount: 6 }) : undefined;
	const bindings = {
		ref: () => '4711',
		product: (code: string) => ({ id: `id of ${code}`, ID: `id of ${code}`, productId: 77, displayName: code, ItemName: code }),
		tax: (tax: { code?: string }) => tax?.code,
		taxNeeded: (tax: { code?: string }) => tax?.code,
	};
	const scope = { settings: credential.settings, system: credential.installation, document, key: document.key, lines, options: {} };
	return JSON.parse(writeJson(await evaluator.mapping(`kinds.${kind}.body`, body, scope, bindings))) as unknown;
}
