// Owns a small Laudus as its help page and public clients of its API describe it: login for a token, lists by POST with
// fields and filters that give flat rows, 204 for nothing. Shares nothing with the pack.
import { Refused, type Row, type Seen, SmallServer } from './exchange';

const IDS: Record<string, string> = { '/sales/customers': 'customerId', '/production/products': 'productId', '/sales/orders': 'salesOrderId', '/sales/invoices': 'salesInvoiceId', '/sales/receipts': 'receiptId' };

interface ListBody {
	fields: string[];
	filterBy?: Array<{ field: string; operator: string; value: unknown }>;
	options: { offset: number; limit: number };
}

export class Laudus extends SmallServer {
	readonly sets: Record<string, Row[]> = { '/sales/customers': [], '/production/products': [], '/sales/orders': [], '/sales/invoices': [], '/sales/receipts': [] };
	/** Fields that lists cannot be filtered by: such a filter does nothing. */
	unheeded: string[] = [];
	private made = 0;

	constructor(codes: readonly string[]) {
		super();
		for (const sku of codes) this.save('/production/products', { sku, description: sku, stockable: true, unitPrice: 1000, VATRate: 10 });
	}

	save(set: string, row: Row): Row {
		this.made += 1;
		this.sets[set]!.push({ [IDS[set]!]: this.made, createdAt: '2026-11-22T08:00:00', modifiedAt: null, ...row });
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
		if (method === 'PUT') Object.assign(row, body, { modifiedAt: '2026-11-22T08:30:00' });
		return { status: 200, body: row };
	}

	private list(set: string, { fields, filterBy = [], options }: ListBody): { status: number; body?: unknown } {
		const heeded = filterBy.filter(({ field }) => !this.unheeded.includes(field));
		const names = [...new Set([...fields, ...heeded.map(({ field }) => field), IDS[set]!])];
		const rows = this.sets[set]!.flatMap((row) => flat(row, names)).filter((row) => heeded.every(({ field, operator, value }) => fits(row[field.replaceAll('.', '_')], operator, value)));
		const page = rows.slice(options.offset, options.offset + options.limit).map((row) => Object.fromEntries(fields.map((field) => [field.replaceAll('.', '_'), row[field.replaceAll('.', '_')]])));
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

/** One row for each member of the list that the fields name: `salesInvoices.amount` becomes `salesInvoices_amount`. */
function flat(row: Row, names: readonly string[]): Row[] {
	const list = names.map((name) => name.split('.')[0]!).find((name) => Array.isArray(row[name]));
	const members = list === undefined ? [{}] : (row[list] as Row[]);
	return members.map((member) => Object.fromEntries(names.map((name) => [name.replaceAll('.', '_'), name.split('.').reduce<unknown>((at, step) => (step === list ? member : (at as Row | undefined)?.[step]), row)])));
}

function fits(value: unknown, operator: string, wanted: unknown): boolean {
	return operator === '>=' ? typeof value === 'string' && value >= String(wanted) : value === wanted;
}

function login({ userName, password, companyVATId }: Row): { status: number; body: unknown } {
	if (userName !== 'API' || password !== 'laudus-password' || companyVATId !== '11111111-1') throw new Refused(401, { message: 'Usuario o contraseña incorrectos' });
	return { status: 200, body: { token: 'laudus-token', expiration: '2026-11-23T12:00:00-03:00' } };
}
