// Owns what an installation says about itself: modules, fields, custom fields by label, currencies, taxes. Kept for
// ten minutes. Knows the labels of the link fields; no document.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { collect } from '../core/pages';
import type { Clock } from '../core/http';
import type { FieldInfo } from '../core/mapping';
import type { Gateway } from './vtiger.gateway';
import { LINK_LABELS, VAT_LABELS } from './vtiger.mapping';
import { decimalOf, textOf, unescapeHtml } from './vtiger.values';

const KEPT_MS = 10 * 60_000;

const fieldSchema = z.object({
	name: z.string(),
	label: z.string().catch(''),
	mandatory: z.boolean().catch(false),
	editable: z.boolean().catch(true),
	type: z
		.object({
			name: z.string(),
			refersTo: z.array(z.string()).optional().catch(undefined),
			picklistValues: z.array(z.object({ label: z.string(), value: z.string() })).optional().catch(undefined),
		})
		.catch({ name: 'string' }),
});

const moduleSchema = z.object({
	name: z.string(),
	label: z.string(),
	// A number or a text, by version.
	idPrefix: z.coerce.string(),
	fields: z.array(fieldSchema),
});

const typesSchema = z.object({ types: z.array(z.string()), information: z.record(z.object({ label: z.string() })).catch({}) });

export type Field = z.output<typeof fieldSchema>;
/** A module as `describe` gives it, labels as plain text. */
export type Module = z.output<typeof moduleSchema>;

/** The names of the custom fields that carry the other system's identity; undefined where a module has none. */
export interface LinkFields {
	key?: string;
	number?: string;
	status?: string;
	message?: string;
}

export interface Currency {
	/** `21x1` */
	id: string;
	/** ISO 4217. */
	code: string;
	rate: string;
	base: boolean;
}

/** A tax of the installation: `tax1`, `VAT`, `4.5`. */
export interface TaxInfo {
	code: string;
	name: string;
	rate: string;
}

export class Metadata {
	private readonly kept = new Map<string, { until: number; value: Promise<unknown> }>();

	constructor(
		private readonly gateway: Gateway,
		private readonly clock: Clock,
	) {}

	async module(name: string): Promise<Module> {
		return await this.keep(`module ${name}`, async () => {
			const parsed = moduleSchema.safeParse(await this.gateway.describe(name));
			if (!parsed.success) throw new Failure('rejected', `vtiger's description of ${name} cannot be read`);
			const fields = parsed.data.fields.map((field) => ({ ...field, label: unescapeHtml(field.label).trim() }));
			return { ...parsed.data, fields };
		});
	}

	/** The link fields of a module, found by their labels. */
	async linkFields(module: string): Promise<LinkFields> {
		const { fields } = await this.module(module);
		const named = (label: string) => fields.find((field) => field.label.toLowerCase() === label.toLowerCase())?.name;
		return { key: named(LINK_LABELS.key), number: named(LINK_LABELS.number), status: named(LINK_LABELS.status), message: named(LINK_LABELS.message) };
	}

	/** The custom field that holds the VAT number of an account: stock vtiger has none. */
	async vatField(): Promise<string | undefined> {
		const { fields } = await this.module('Accounts');
		return fields.find((field) => VAT_LABELS.has(field.label.toLowerCase().replace(/[.\s_-]+/g, ' ').trim()))?.name;
	}

	/** Tax columns of the lines: `tax1`, `tax2` ... with their names, as the module describes them. */
	async taxColumns(module: string): Promise<Array<{ code: string; name: string }>> {
		const { fields } = await this.module(module);
		return fields.filter((field) => /^tax\d+$/.test(field.name)).map((field) => ({ code: field.name, name: field.label }));
	}

	/** Taxes on shipping and handling: `shtax1` with the name of the tax, as far as the module describes them. */
	async shippingTaxColumns(module: string): Promise<Array<{ code: string; name: string }>> {
		const { fields } = await this.module(module);
		const prefix = 'shipping_&_handling_';
		const label = fields.find((field) => field.name === 'shipping_&_handling')?.label ?? 'Shipping & Handling';
		return fields
			.filter((field) => field.name.startsWith(prefix))
			.map((field) => ({ code: field.name.slice(prefix.length), name: field.label.startsWith(label) ? field.label.slice(label.length).trim() : field.label }));
	}

	async currencies(): Promise<Currency[]> {
		return await this.keep('currencies', async () => {
			const rows = await this.gateway.query('select * from Currency;');
			return rows
				.filter((row) => row.deleted !== '1' && textOf(row.currency_code))
				.map((row) => ({ id: String(row.id), code: String(row.currency_code), rate: decimalOf(row.conversion_rate) ?? '1', base: row.defaultid === '-11' }));
		});
	}

	async taxes(): Promise<TaxInfo[]> {
		return await this.keep('taxes', async () => {
			const rows = await this.gateway.query('select * from Tax;');
			return rows
				.filter((row) => row.deleted !== '1' && row.deleted !== 1)
				.map((row) => ({ code: String(row.taxname), name: unescapeHtml(String(row.taxlabel)), rate: decimalOf(row.percentage) ?? '0' }));
		});
	}

	async modules(): Promise<Array<{ name: string; label: string }>> {
		return await this.keep('types', async () => {
			const parsed = typesSchema.safeParse(await this.gateway.listTypes());
			if (!parsed.success) throw new Failure('rejected', 'vtiger\'s list of modules cannot be read');
			return parsed.data.types.map((name) => ({ name, label: unescapeHtml(parsed.data.information[name]?.label ?? name) }));
		});
	}

	/** The module whose records carry the prefix of an id, among the given ones. */
	async moduleOfId(id: string, candidates: readonly string[]): Promise<string | undefined> {
		const prefix = id.slice(0, id.indexOf('x'));
		for (const name of candidates) if ((await this.module(name)).idPrefix === prefix) return name;
		return undefined;
	}

	/** Users to choose from; only an administrator's key may read them. */
	async users(): Promise<Array<{ id: string; name: string }>> {
		const rows = await collect(this.gateway.pages(['id', 'user_name', 'first_name', 'last_name'], 'Users', []));
		return rows.map((row) => ({ id: String(row.id), name: [textOf(row.first_name), textOf(row.last_name)].filter(Boolean).join(' ') || String(row.user_name) }));
	}

	private async keep<T>(name: string, load: () => Promise<T>): Promise<T> {
		const known = this.kept.get(name);
		// Only `load` of the same name ever fills the entry.
		if (known && known.until > this.clock.now()) return (await known.value) as T;
		const value = load();
		this.kept.set(name, { until: this.clock.now() + KEPT_MS, value });
		value.catch(() => this.kept.delete(name));
		return await value;
	}
}

const TYPES: Record<string, FieldInfo['type']> = {
	integer: 'number',
	double: 'number',
	currency: 'number',
	boolean: 'boolean',
	date: 'date',
	datetime: 'dateTime',
	picklist: 'option',
	reference: 'reference',
	owner: 'reference',
	string: 'text',
	text: 'text',
	email: 'text',
	phone: 'text',
	url: 'text',
	time: 'text',
};

/** A field for pickers. */
export function fieldInfo(field: Field): FieldInfo {
	return {
		name: field.name,
		label: field.label,
		type: TYPES[field.type.name] ?? 'other',
		required: field.mandatory,
		writable: field.editable && field.type.name !== 'autogenerated',
		custom: field.name.startsWith('cf_'),
		options: field.type.picklistValues?.map(({ label, value }) => ({ label: unescapeHtml(label), value })),
		referenceTo: field.type.name === 'owner' ? ['Users', 'Groups'] : field.type.refersTo,
	};
}
