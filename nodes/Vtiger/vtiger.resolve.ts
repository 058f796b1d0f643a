// Owns finding the CRM's own records for what a document of any system names: products, services, currency, account.
// Reads only.
import type { Customer, Line, SalesDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { productCode } from './vtiger.documents';
import { idOf, type Row } from './vtiger.gateway';
import type { LinkFields } from './vtiger.metadata';
import type { PlannedProduct } from './vtiger.planner';
import type { Site } from './vtiger.site';
import { amountOf, decimalOf, textOf } from './vtiger.values';

/** Products of the documents' lines, found with one query per module for all of them. */
export interface Catalogue {
	/** The product of a line; undefined when the line names none that can be found. */
	find(line: Line, preferred: ReadonlySet<string>): PlannedProduct | undefined;
}

type Entry = { module: 'Products' | 'Services'; row: Row };

export class Resolver {
	constructor(private readonly site: Site) {}

	/**
	 * @param known ids of products that the documents' sales orders use: these come first where codes are not unique
	 */
	async catalogue(lines: readonly Line[], known: readonly string[]): Promise<Catalogue> {
		const foreign = lines.filter((line) => !this.ownProduct(line) && line.role !== 'note');
		const entries = foreign.length > 0 ? await this.entries(foreign, known) : [];
		return { find: (line, preferred) => this.ownProduct(line) ?? choose(line, entries, preferred) };
	}

	/** The product of a line that this installation wrote itself. */
	private ownProduct(line: Line): PlannedProduct | undefined {
		const own = this.site.own(line.productKey);
		return own && (own.module === 'Products' || own.module === 'Services') ? { id: own.id, name: line.name } : undefined;
	}

	private async entries(lines: readonly Line[], known: readonly string[]): Promise<Entry[]> {
		const codes = lines.flatMap((line) => (line.code ? [line.code] : []));
		const products = await this.search('Products', ['productcode', 'product_no'], codes, known);
		const codeless = lines.some((line) => !line.code || !products.some(({ row }) => sameCode(productCode('Products', row), line.code)));
		const services = codeless ? await this.search('Services', ['service_no'], codes, known) : [];
		const found = [...products, ...services];
		const names = lines.filter((line) => line.name && !choose(line, found, new Set(known))).map((line) => line.name!);
		if (names.length === 0) return found;
		return [...found, ...(await this.search('Products', ['productname'], names, [])), ...(await this.search('Services', ['servicename'], names, []))];
	}

	private async search(module: 'Products' | 'Services', columns: readonly string[], values: readonly string[], ids: readonly string[]): Promise<Entry[]> {
		const prefix = (await this.site.metadata.module(module)).idPrefix;
		const items = [...new Set(values)].map((value) => columns.map((column) => ({ column, values: [value] })));
		const wanted = ids.filter((id) => id.startsWith(`${prefix}x`)).map((id) => [{ column: 'id', values: [id] }]);
		const rows = await this.site.gateway.amongAny('*', module, [...items, ...wanted], (conditions) => conditions);
		return rows.map((row) => ({ module, row }));
	}

	/** The product with the taxes that it carries: a record that `retrieve` gives shows only those. */
	async withTaxes(product: PlannedProduct): Promise<PlannedProduct> {
		const record = await this.site.gateway.retrieveIfThere(product.id);
		if (!record) return { ...product, carries: [] };
		const module = (await this.site.metadata.moduleOfId(product.id, ['Products', 'Services'])) ?? 'Products';
		const names = new Map((await this.site.metadata.taxColumns(module)).map(({ code, name }) => [code, name]));
		const carries = Object.entries(record)
			.filter(([field]) => /^tax\d+$/.test(field))
			.map(([code, rate]) => ({ code, name: names.get(code) ?? code, rate: decimalOf(rate) ?? '0' }));
		return { ...product, carries };
	}

	/** Currency and rate of a document; the company's own currency when it names none. */
	async currency(document: SalesDocument): Promise<{ currency_id: string; conversion_rate: string }> {
		const currencies = await this.site.metadata.currencies();
		const wanted = document.currency ? currencies.find(({ code }) => code === document.currency) : (currencies.find(({ base }) => base) ?? currencies[0]);
		if (!wanted) throw new Failure('rejected', `The CRM has no currency ${document.currency ?? ''}`.trim(), { advice: 'Add it in vtiger under Settings, Currencies' });
		const own = document.source?.installation === this.site.installation;
		return { currency_id: wanted.id, conversion_rate: (own ? document.currencyRate : undefined) ?? wanted.rate };
	}

	/** The account of a customer: by own key, by the link fields, by VAT number, by exact name. */
	async account(customer: Customer | undefined, sourceKey?: string): Promise<Row | undefined> {
		const direct = this.site.own(sourceKey) ?? this.site.own(customer?.key) ?? this.site.own(customer?.refs.find((ref) => ref.system === this.site.installation && ref.kind === 'customer')?.key);
		if (direct) {
			const [row] = await this.site.gateway.among('*', 'Accounts', 'id', [direct.id]);
			if (row) return row;
		}
		if (!customer) return undefined;
		const link = await this.site.metadata.linkFields('Accounts');
		const rows = await this.accountRows([customer], link);
		return matchAccount(customer, rows, link, await this.site.metadata.vatField());
	}

	/** All accounts that may be one of the customers, in one query. */
	async accountRows(customers: readonly Customer[], link: LinkFields): Promise<Row[]> {
		const vatField = await this.site.metadata.vatField();
		return await this.site.gateway.amongAny('*', 'Accounts', customers, (customer) => [
			...(link.key ? [{ column: link.key, values: [customer.key] }] : []),
			...(vatField && customer.vat ? [{ column: vatField, values: [customer.vat] }] : []),
			{ column: 'accountname', values: [customer.name] },
		]);
	}
}

/**
 * The account that a customer is: the one that carries its key, else its VAT number, else its name.
 *
 * @throws Failure `ambiguous` when several fit, or the one that fits belongs to another customer of the same system
 */
export function matchAccount(customer: Customer, rows: readonly Row[], link: LinkFields, vatField: string | undefined): Row | undefined {
	const lower = (value: unknown) => textOf(value)?.toLowerCase();
	const rules: Array<[string, (row: Row) => boolean]> = [
		['ERP key', (row) => link.key !== undefined && textOf(row[link.key]) === customer.key],
		['VAT number', (row) => vatField !== undefined && customer.vat !== undefined && lower(row[vatField]) === customer.vat.toLowerCase()],
		['name', (row) => lower(row.accountname) === customer.name.toLowerCase()],
	];
	for (const [what, fits] of rules) {
		const fitting = rows.filter(fits);
		if (fitting.length > 1 && what !== 'ERP key') {
			throw new Failure('ambiguous', `The CRM has ${fitting.length} organizations with the ${what} of ${customer.name}: ${fitting.map((row) => textOf(row.account_no) ?? idOf(row)).join(', ')}`, {
				advice: link.key ? `Write ${customer.key} into the field "ERP Key" of the right one, or merge them` : 'Merge them in the CRM',
			});
		}
		const [row] = fitting.sort(byId);
		if (row) return checkOwner(row, customer, link);
	}
	return undefined;
}

function checkOwner(row: Row, customer: Customer, link: LinkFields): Row {
	const held = link.key ? textOf(row[link.key]) : undefined;
	const system = (key: string) => key.slice(0, key.indexOf(':'));
	if (!held || held === customer.key || system(held) !== system(customer.key)) return row;
	throw new Failure('ambiguous', `The organization ${textOf(row.accountname) ?? idOf(row)} in the CRM is linked with another record: ${held}`, {
		advice: `Correct its field "ERP Key" when ${customer.key} is the right one, or give the two customers different names`,
	});
}

export function byId(a: Row, b: Row): number {
	return Number(idOf(a).split('x')[1]) - Number(idOf(b).split('x')[1]);
}

function sameCode(a: string | undefined, b: string | undefined): boolean {
	return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
}

/** The entry with the line's code, else with its name; where several fit, the one the sales order uses. */
function choose(line: Line, entries: readonly Entry[], preferred: ReadonlySet<string>): PlannedProduct | undefined {
	const nameOf = ({ module, row }: Entry) => textOf(module === 'Products' ? row.productname : row.servicename);
	const byCode = line.code ? entries.filter(({ module, row }) => sameCode(productCode(module, row), line.code)) : [];
	const fitting = byCode.length > 0 ? byCode : entries.filter((entry) => line.name !== undefined && sameCode(nameOf(entry), line.name));
	const unique = [...new Map(fitting.map((entry) => [idOf(entry.row), entry])).values()];
	const used = unique.filter(({ row }) => preferred.has(idOf(row)));
	// Inactive products stay on old orders but are not chosen for new lines where an active one exists.
	const active = unique.filter(({ row }) => !amountOf(row.discontinued).eq(0));
	const chosen = used[0] ?? (active.length === 1 ? active[0] : undefined) ?? (unique.length === 1 ? unique[0] : undefined);
	if (!chosen && unique.length > 1) {
		throw new Failure('ambiguous', `The CRM has ${unique.length} products for "${line.code ?? line.name}": ${unique.map(({ row }) => idOf(row)).join(', ')}`, { advice: 'Give each product a part number of its own' });
	}
	return chosen && { id: idOf(chosen.row), name: nameOf(chosen) };
}

/** What to say of a line for which the CRM has no product. */
export function noProduct(line: { code?: string; name?: string; key: string }): Failure {
	return new Failure('missing', `The CRM has no product for line ${line.key} (${[line.code, line.name].filter(Boolean).join(', ') || 'without code and name'})`, {
		advice: 'The product was deleted there or never existed: create it in the CRM with this part number, or restore it from the recycle bin',
	});
}
