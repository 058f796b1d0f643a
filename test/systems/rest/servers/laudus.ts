// Owns a small Laudus as its help page and public clients of its API describe it: login for a token, lists by POST with
// fields and filters that give flat rows, 204 for nothing. Shares nothing with the pack.
import { Refused, type Row, type Seen, SmallServer } from './exchange';

const IDS: Record<string, string> = { '/sales/customers': 'customerId', '/production/products': 'productId', '/sales/orders': 'salesOrderId', '/sales/invoices': 'salesInvoiceId' };

interface ListBody {
	fields: string[];
	filterBy?: Array<{ field: string; operator: string; value: unknown }>;
	options: { offset: number; limit: number };
}

export class Laudus extends SmallServer {
	readonly sets: Record<string, Row[]> = { '/sales/customers': [], '/production/products': [], '/sales/orders': [], '/sales/invoices': [] };
	private made = 0;

	constructor(codes: readonly string[]) {
		super();
		for (const sku of codes) this.save('/production/products', { sku, description: sku, stockable: true, unitPrice: 1000, VATRate: 10 });
	}

	save(set: string, row: Row): Row {
		this.made += 1;
		this.sets[set]!.push({ [IDS[set]!]: this.made, ...row, createdAt: '2026-11-22T09:00:00', modifiedAt: '2026-11-22T09:00:00' });
		return this.sets[set]!.at(-1)!;
	}

	protected handle(seen: Seen): { status: number; body?: unknown } {
		const { method, path, headers, body } = seen;
		if (path === '/security/login') return login(body);
		if (headers.authorization !== 'Bearer laudus-token') throw new Refused(401, { message: 'Token no válido' });
		const [, set = '', rest] = /^(\/\w+\/\w+)(?:\/(.+))?$/.exec(path) ?? [];
		if (!this.sets[set]) throw new Refused(404, { message: 'No existe' });
		if (rest === 'list') return this.list(set, body as unknown as ListBody);
		if (rest === undefined) return { status: 201, body: this.order(body) };
		const row = this.sets[set].find((one) => String(one[IDS[set]!]) === rest);
		if (!row) throw new Refused(404, { message: 'No existe' });
		if (method === 'PUT') Object.assign(row, body);
		return { status: 200, body: row };
	}

	private list(set: string, { fields, filterBy = [], options }: ListBody): { status: number; body?: unknown } {
		const rows = this.sets[set]!.filter((row) => filterBy.every(({ field, operator, value }) => (operator === '>=' ? String(row[field]) >= String(value) : row[field] === value)));
		const page = rows.slice(options.offset, options.offset + options.limit).map((row) => Object.fromEntries(fields.map((field) => [field, row[field]])));
		return page.length === 0 ? { status: 204 } : { status: 200, body: page };
	}

	private order(given: Row): Row {
		const customer = this.sets['/sales/customers']!.find(({ customerId }) => customerId === (given.customer as Row).customerId);
		if (!customer) throw new Refused(400, { message: 'El cliente no existe' });
		const items = (given.items as Row[]).map((item, i) => {
			const product = this.sets['/production/products']!.find(({ productId }) => productId === (item.product as Row).productId);
			return { itemId: i + 1, VATRate: product?.VATRate, currencyCode: 'CLP', ...item, product };
		});
		return this.save('/sales/orders', { nullDoc: false, ...given, customer, items });
	}
}

function login({ userName, password, companyVATId }: Row): { status: number; body: unknown } {
	if (userName !== 'API' || password !== 'laudus-password' || companyVATId !== '11111111-1') throw new Refused(401, { message: 'Usuario o contraseña incorrectos' });
	return { status: 200, body: { token: 'laudus-token', expiration: '2026-11-23T12:00:00-03:00' } };
}
