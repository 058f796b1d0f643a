// Owns the plain access to any module with its own fields, and the lists to choose from. No business meaning.
import { Failure } from '../core/failure';
import type { FieldInfo } from '../core/mapping';
import { collect } from '../core/pages';
import type { Records } from '../core/port';
import { productCode } from './vtiger.documents';
import { idOf, type Row } from './vtiger.gateway';
import { STATES, WITH_LINES } from './vtiger.mapping';
import { fieldInfo, type Field } from './vtiger.metadata';
import { PAGE_ROWS } from './vtiger.query';
import type { Site } from './vtiger.site';
import { inTurn, inventoryLine } from './vtiger.turns';
import { textOf } from './vtiger.values';

/** Columns that belong to the lines, or show the last line's value under the name of a header field (measured). */
const LINE_COLUMNS: ReadonlySet<string> = new Set(['productid', 'quantity', 'listprice', 'comment', 'discount_amount', 'discount_percent', 'image', 'purchase_cost', 'margin', 'hdnDiscountAmount', 'hdnDiscountPercent']);

export class ModuleRecords implements Records {
	constructor(private readonly site: Site) {}

	async modules(): Promise<Array<{ name: string; label: string }>> {
		return await this.site.metadata.modules();
	}

	async fields(module: string): Promise<FieldInfo[]> {
		return (await this.site.metadata.module(module)).fields.map(fieldInfo);
	}

	async get(module: string, id: string): Promise<Row> {
		await this.checkId(module, id);
		return await this.site.gateway.retrieve(id);
	}

	/** @param filter a condition of vtiger's query language without WHERE; may end in an order of its own */
	async *list(module: string, filter: string | undefined, limit: number | undefined): AsyncGenerator<Row[]> {
		const columns = WITH_LINES.has(module) ? await this.headerColumns(module) : '*';
		const rows = Math.min(limit ?? PAGE_ROWS, PAGE_ROWS);
		const condition = filter?.trim().replace(/;+$/, '').trim() || undefined;
		// Brackets are not known, so a condition with "or" cannot be joined with one for the page.
		const pages = condition && /\b(or|order\s+by|limit)\b/i.test(condition) ? this.byOffset(columns, module, condition, rows) : this.site.gateway.pages(columns, module, condition ? [condition] : [], rows);
		let given = 0;
		for await (const page of pages) {
			yield limit === undefined ? page : page.slice(0, limit - given);
			given += page.length;
			if (limit !== undefined && given >= limit) return;
		}
	}

	private async *byOffset(columns: readonly string[] | '*', module: string, condition: string, rows: number): AsyncGenerator<Row[]> {
		if (/\blimit\b/i.test(condition)) throw new Failure('rejected', 'The filter must not hold a LIMIT', { advice: 'Use the limit of the node' });
		const order = /\border\s+by\b/i.test(condition) ? '' : ' order by id';
		const selected = columns === '*' ? '*' : columns.join(',');
		for (let offset = 0; ; offset += rows) {
			const page = await this.site.gateway.query(`select ${selected} from ${module} where ${condition}${order} limit ${offset},${rows};`);
			if (page.length > 0) yield page;
			if (page.length < rows) return;
		}
	}

	private async headerColumns(module: string): Promise<string[]> {
		const { fields } = await this.site.metadata.module(module);
		return fields.filter(({ name }) => !LINE_COLUMNS.has(name) && !/^tax\d+$/.test(name) && !name.startsWith('shipping_&_handling')).map(({ name }) => name);
	}

	async create(module: string, values: Record<string, unknown>): Promise<Row> {
		const { userId } = await this.site.gateway.session.login();
		const owned = (await this.site.metadata.module(module)).fields.some(({ name }) => name === 'assigned_user_id');
		try {
			const create = async () => await this.site.gateway.createOnce(module, { ...(owned ? { assigned_user_id: userId } : {}), ...values });
			return Array.isArray(values.LineItems) ? await inTurn(inventoryLine(this.site.baseUrl), create) : await create();
		} catch (error) {
			if (!(error instanceof Failure) || error.kind !== 'unknown') throw error;
			throw new Failure('unknown', `It is not known whether the record of ${module} was created: ${error.what}`, { code: error.code, advice: 'Look in the CRM before running again. Documents are found again by their key, plain records are not' });
		}
	}

	async update(module: string, id: string, values: Record<string, unknown>): Promise<Row> {
		await this.checkId(module, id);
		if (Array.isArray(values.LineItems)) return await inTurn(inventoryLine(this.site.baseUrl), async () => await this.site.gateway.reviseFound(id, await this.site.withRate(module, id, values)));
		return await this.site.revise(module, id, values);
	}

	async remove(module: string, id: string): Promise<void> {
		await this.checkId(module, id);
		await this.site.gateway.remove(id);
	}

	/** A wrong prefix would be answered with INVALID_ID_ATTRIBUTE, which says nothing to people. */
	private async checkId(module: string, id: string): Promise<void> {
		const { idPrefix } = await this.site.metadata.module(module);
		if (new RegExp(`^${idPrefix}x\\d+$`).test(id.trim())) return;
		throw new Failure('rejected', `"${id}" is not the id of a record of ${module}`, { advice: `Ids of ${module} look like ${idPrefix}x42. The number in the address of the record's page is the part behind the x` });
	}

	async choices(list: string): Promise<Array<{ name: string; value: string; description?: string }>> {
		if (list === 'modules') return (await this.modules()).map(({ name, label }) => ({ name: label, value: name }));
		if (list === 'taxes') return (await this.site.metadata.taxes()).map(({ code, name, rate }) => ({ name: `${name} ${rate} %`, value: code }));
		if (list === 'users') return (await this.site.metadata.users()).map(({ id, name }) => ({ name, value: id }));
		if (list === 'currencies') return (await this.site.metadata.currencies()).map(({ code }) => ({ name: code, value: code }));
		if (list === 'quoteStages') return await this.picklist('Quotes', STATES.quote.field);
		if (list === 'products' || list === 'productCodes') return await this.products(list === 'products');
		throw new Failure('rejected', `vtiger has no list "${list}"`);
	}

	private async picklist(module: string, name: string): Promise<Array<{ name: string; value: string }>> {
		const field: Field | undefined = (await this.site.metadata.module(module)).fields.find((other) => other.name === name);
		return (field ? (fieldInfo(field).options ?? []) : []).map(({ label, value }) => ({ name: label, value }));
	}

	private async products(byId: boolean): Promise<Array<{ name: string; value: string; description?: string }>> {
		const choices = [];
		for (const module of ['Products', 'Services'] as const) {
			for (const row of await collect(this.site.gateway.pages('*', module, []))) {
				const code = productCode(module, row) ?? idOf(row);
				choices.push({ name: `${textOf(row.productname) ?? textOf(row.servicename) ?? code} (${code})`, value: byId ? idOf(row) : code });
			}
		}
		return choices;
	}
}
