// Owns access to any model with Odoo's own fields: for what the documents do not cover. Must not know documents.
import { z } from 'zod';
import { asFailure, Failure } from '../core/failure';
import type { FieldInfo } from '../core/mapping';
import { pagesById } from '../core/pages';
import type { Records } from '../core/port';
import { KEYED_WRITE, WRITE } from '../core/retry';
import type { Services } from './odoo.customers';
import { readDomain } from './odoo.domain';
import type { OdooField } from './odoo.metadata';
import { expected } from './odoo.session';
import type { Row } from './odoo.values';

const PAGE = 200;

/** Offered where the user may not read the list of models (Odoo 19). */
const USUAL_MODELS: Record<string, string> = {
	'res.partner': 'Contact',
	'sale.order': 'Sales Order',
	'sale.order.line': 'Sales Order Line',
	'account.move': 'Journal Entry',
	'account.move.line': 'Journal Item',
	'account.payment': 'Payment',
	'product.product': 'Product Variant',
	'product.template': 'Product',
	'product.pricelist': 'Pricelist',
	'stock.picking': 'Transfer',
	'crm.lead': 'Lead/Opportunity',
	'res.users': 'User',
	'project.task': 'Task',
};

const TYPES: Record<string, FieldInfo['type']> = {
	char: 'text', text: 'text', html: 'text', integer: 'number', float: 'number', monetary: 'number', boolean: 'boolean', date: 'date', datetime: 'dateTime', selection: 'option', many2one: 'reference',
};

export class OdooRecords implements Records {
	/** By model: fields that were seen to be closed to this user. */
	private readonly closed = new Map<string, ReadonlySet<string>>();

	constructor(private readonly services: Services) {}

	async modules(): Promise<Array<{ name: string; label: string }>> {
		try {
			const rows = await this.services.metadata.cached('models', async () => await this.services.session.searchRead('ir.model', [['transient', '=', false]], ['model', 'name'], { order: 'name' }));
			return rows.map((row) => ({ name: String(row.model), label: String(row.name) }));
		} catch (error) {
			if (asFailure(error).kind !== 'denied') throw error;
			return Object.entries(USUAL_MODELS).map(([name, label]) => ({ name, label: String(label) }));
		}
	}

	async fields(model: string): Promise<FieldInfo[]> {
		return Object.entries(await this.services.metadata.fields(model)).map(([name, field]) => toFieldInfo(name, field));
	}

	async get(model: string, id: string): Promise<Record<string, unknown>> {
		const [row] = await this.open(model, async (fields) => await this.services.session.read(model, [readId(id)], fields));
		if (row) return row;
		throw new Failure('missing', `There is no ${model} with the id ${id} in Odoo, or the Odoo user may not see it`);
	}

	async *list(model: string, filter: string | undefined, limit: number | undefined): AsyncGenerator<Array<Record<string, unknown>>> {
		const domain = readDomain(filter);
		const size = Math.min(limit ?? PAGE, PAGE);
		let given = 0;
		const pages = pagesById(
			async (last) => await this.open(model, async (fields) => await this.services.session.searchRead(model, last === undefined ? domain : ['&', ['id', '>', Number(last)], ...conjunction(domain)], fields, { limit: size, order: 'id' })),
			(row) => String(row.id),
			size,
		);
		for await (const page of pages) {
			yield limit === undefined ? page : page.slice(0, limit - given);
			given += page.length;
			if (limit !== undefined && given >= limit) return;
		}
	}

	/** Not repeated when its outcome is unknown: it carries no key. */
	async create(model: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
		const call = { model, method: 'create', args: { vals_list: [values] } };
		const [id] = await this.services.session.call(call, WRITE, expected(z.array(z.number().int()).min(1), `${model}/create`));
		return await this.get(model, String(id));
	}

	async update(model: string, id: string, values: Record<string, unknown>): Promise<Record<string, unknown>> {
		// The same values once more change nothing.
		await this.services.session.call({ model, method: 'write', ids: [readId(id)], args: { vals: values } }, KEYED_WRITE, (result) => result);
		return await this.get(model, id);
	}

	async remove(model: string, id: string): Promise<void> {
		await this.services.session.call({ model, method: 'unlink', ids: [readId(id)] }, WRITE, (result) => result);
	}

	/**
	 * Reads all fields that are open to the user. Odoo 19 describes fields whose records an ordinary user may not read
	 * (measured: `res.partner.rtc_session_ids`) and refuses the whole read for one of them: they are found once.
	 */
	private async open(model: string, read: (fields: string[]) => Promise<Row[]>): Promise<Row[]> {
		const closed = this.closed.get(model);
		const fields = (await this.readable(model)).filter((name) => !closed?.has(name));
		try {
			return await read(fields);
		} catch (error) {
			if (asFailure(error).kind !== 'denied') throw error;
			// Where not even the id may be read, it is the record or the model that is closed.
			await read(['id']);
			const found = await refusedOf(fields, read);
			this.closed.set(model, new Set([...(closed ?? []), ...found]));
			return await read(fields.filter((name) => !found.includes(name)));
		}
	}

	/** All stored fields but files: asking computed ones too costs sixty times as much per record (section 7). */
	private async readable(model: string): Promise<string[]> {
		return Object.entries(await this.services.metadata.fields(model)).filter(([, field]) => field.type !== 'binary' && field.store !== false).map(([name]) => name);
	}
}

/** The fields for which a read is refused, by halving. */
async function refusedOf(fields: string[], read: (fields: string[]) => Promise<Row[]>): Promise<string[]> {
	try {
		await read(fields);
		return [];
	} catch (error) {
		if (asFailure(error).kind !== 'denied') throw error;
		if (fields.length === 1) return fields;
		const half = Math.ceil(fields.length / 2);
		return [...(await refusedOf(fields.slice(0, half), read)), ...(await refusedOf(fields.slice(half), read))];
	}
}

/** The parts of a domain as one: without an operator in front they mean "and" only as long as nothing is put before. */
function conjunction(domain: readonly unknown[]): unknown[] {
	const parts: unknown[] = [];
	let owed = 0;
	let terms = 0;
	for (const part of domain) {
		if (owed === 0) terms++;
		if (part === '&' || part === '|') owed += owed === 0 ? 2 : 1;
		else if (part === '!') owed += owed === 0 ? 1 : 0;
		else if (owed > 0) owed--;
		parts.push(part);
	}
	return terms === 0 ? [['id', '!=', 0]] : [...Array.from({ length: terms - 1 }, () => '&'), ...parts];
}

function readId(id: string): number {
	if (/^[1-9]\d{0,9}$/.test(id)) return Number(id);
	throw new Failure('rejected', `"${id}" is not the id of a record in Odoo`, { advice: 'Give the number that stands in the address of the record\'s page' });
}

function toFieldInfo(name: string, field: OdooField): FieldInfo {
	return {
		name,
		label: field.string ?? name,
		type: TYPES[field.type] ?? 'other',
		required: field.required ?? false,
		writable: field.readonly !== true && !['id', 'create_date', 'create_uid', 'write_date', 'write_uid', '__last_update', 'display_name'].includes(name),
		custom: name.startsWith('x_'),
		...(field.selection ? { options: field.selection.map(([value, label]) => ({ value: String(value), label: String(label) })) } : {}),
		...(field.relation ? { referenceTo: [field.relation] } : {}),
	};
}
