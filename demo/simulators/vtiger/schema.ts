// Owns the starting state: modules with their fields and empty values, and the seeded records, per version.
// Must not know: sessions, operations, HTTP.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Json, Row } from './failure';

export type Version = '8.4.0' | '8.0.0';

type Flag = boolean | string;

export interface Field {
	name: string;
	label: string;
	mandatory?: Flag;
	type: { name: string; refersTo?: string[]; picklistValues?: Array<{ label: string; value: string }>; [key: string]: unknown };
	isunique?: boolean;
	nullable?: Flag;
	editable?: Flag;
	default?: string | null;
}

/** The `describe` answer of a module. */
export interface Describe {
	label: string;
	name: string;
	idPrefix: string;
	isEntity: boolean;
	labelFields: string;
	fields: Field[];
	[key: string]: unknown;
}

export interface Module {
	describe: Describe;
	/** What `retrieve` shows for fields that were never given, in the order of the wire. */
	blank: Row;
}

/** A seeded record; `lines` of an inventory document hold what differs from an empty line. */
export interface Seed {
	module: string;
	id: string;
	fields: Row;
	lines?: Row[];
}

export interface Schema {
	listtypes: { types: string[]; information: Record<string, { isEntity: boolean; label: string; singular: string }> };
	modules: Map<string, Module>;
	records: Seed[];
}

/** One line of a recorded starting state. */
export type StateLine =
	| { what: 'listtypes'; result: Schema['listtypes'] }
	| { what: 'describe'; module: string; result: Describe }
	| { what: 'record'; module: string; id: string; result: Row };

/** Documents with product lines. */
export const INVENTORY: ReadonlySet<string> = new Set(['Quotes', 'SalesOrder', 'Invoice', 'PurchaseOrder']);
/** Columns of the lines that `describe` and `query` of a document show as if they were the header's. */
export const LINE_COLUMNS: readonly string[] = [
	'productid',
	'quantity',
	'listprice',
	'comment',
	'discount_amount',
	'discount_percent',
	'tax1',
	'tax2',
	'tax3',
	'image',
	'purchase_cost',
	'margin',
];
/** Modules that get the custom fields which join them to an ERP. */
export const LINKED_MODULES: readonly string[] = ['Quotes', 'SalesOrder', 'Invoice', 'Accounts', 'Contacts', 'Products'];

const json: z.ZodType<Json> = z.lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(json)]));
const row = z.record(json);
/** The tax fields of products say 'false' and the like as text. */
const flag = z.union([z.boolean(), z.string()]);
const compactField = z.object({
	name: z.string(),
	label: z.string(),
	type: z.union([
		z.string(),
		z.object({ name: z.string(), picklistValues: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).optional() }).passthrough(),
	]),
	mandatory: flag.default(false),
	isunique: z.boolean().default(false),
	nullable: flag.default(true),
	editable: flag.default(true),
	default: z.string().nullable().default(''),
	/** Attributes that the wire does not show for this field. */
	without: z.array(z.enum(['mandatory', 'isunique', 'nullable', 'editable', 'default'])).default([]),
});
const compactState = z.object({
	listtypes: z.object({
		types: z.array(z.string()),
		information: z.record(z.object({ isEntity: z.boolean(), label: z.string(), singular: z.string() })),
	}),
	modules: z.record(
		z.object({
			describe: z
				.object({
					label: z.string(),
					name: z.string(),
					idPrefix: z.string(),
					isEntity: z.boolean(),
					labelFields: z.string(),
					fields: z.array(compactField),
				})
				.passthrough(),
			blank: row.default({}),
		}),
	),
	records: z.array(z.object({ module: z.string(), id: z.string(), fields: row, lines: z.array(row).optional() })),
});

let text: string | undefined;

/** The stock installation of a version, fresh objects on every call. Differences of 8.0.0 are applied here. */
export function loadSchema(version: Version, state?: StateLine[]): Schema {
	text ??= readFileSync(join(__dirname, 'state-8.4.0.json'), 'utf8');
	const compact = compactState.parse(JSON.parse(text));
	const modules = new Map<string, Module>();
	for (const [name, { describe, blank }] of Object.entries(compact.modules))
		modules.set(name, { describe: { ...describe, fields: describe.fields.map(expandField) }, blank });
	const schema: Schema = { listtypes: compact.listtypes, modules, records: compact.records };
	if (version === '8.0.0') asVersion800(schema);
	if (state) applyState(schema, state);
	return schema;
}

function expandField(field: z.infer<typeof compactField>): Field {
	const { without, ...rest } = field;
	const expanded: Field = { ...rest, type: expandType(field.type) };
	for (const attribute of without) delete expanded[attribute];
	return expanded;
}

function expandType(type: z.infer<typeof compactField>['type']): Field['type'] {
	if (typeof type === 'string') return { name: type };
	if (!type.picklistValues) return { ...type, picklistValues: undefined };
	const picklistValues = type.picklistValues.map((v) => (typeof v === 'string' ? { label: v, value: v } : { label: v[1], value: v[0] }));
	const chosen = 'defaultValue' in type ? type['defaultValue'] : picklistValues[0]?.value;
	const { defaultValue: _, ...rest } = type as typeof type & { defaultValue?: unknown };
	return { ...rest, picklistValues, ...(chosen === undefined || chosen === '-absent' ? {} : { defaultValue: chosen }) };
}

/** Reference section 5: 8.0.0 shows "" where 8.4.0 shows null; a few defaults and prices differ, too. */
function asVersion800(schema: Schema): void {
	for (const [name, module] of schema.modules) {
		for (const [field, value] of Object.entries(module.blank)) if (value === null) module.blank[field] = '';
		for (const field of module.describe.fields) {
			if (field.default === '0.00000') field.default = null;
			if (name === 'Services' && field.name === 'servicename') field.nullable = false;
		}
		if (INVENTORY.has(name) && name !== 'Invoice') module.blank['hdnS_H_Percent'] = '0';
	}
	const canceled = schema.modules.get('ProjectTask')?.describe.fields[18]?.type.picklistValues?.[4];
	if (canceled) canceled.value = 'Canceled ';
	for (const record of schema.records) asRecord800(record);
}

const STOCK_800: Record<string, string> = { '14x2': '998.000', '14x3': '1000.000', '14x4': '1000.000' };
const PRICE_800: Record<string, number> = { '26x6': 50, '26x7': 120 };

function asRecord800(record: Seed): void {
	// 8.0.0 hands out what 8.4.0 strips.
	if (record.module === 'Users') Object.assign(record.fields, { user_password: '$2y$10$hash', confirm_password: '$2y$10$hash', accesskey: 'key' });
	for (const [field, value] of Object.entries(record.fields)) if (value === null && record.module !== 'Users') record.fields[field] = '';
	if (STOCK_800[record.id]) record.fields['qtyinstock'] = STOCK_800[record.id] as string;
	if (PRICE_800[record.id]) record.fields['currency1'] = PRICE_800[record.id] as number;
	if (record.module === 'Quotes' || record.module === 'SalesOrder') for (const line of record.lines ?? []) line['incrementondel'] = '0';
}

/** Replaces describes and records by those of a recorded state; the empty values stay those of the stock file. */
function applyState(schema: Schema, state: StateLine[]): void {
	const users = schema.records.filter((r) => r.module === 'Users');
	schema.records = [];
	for (const line of state) {
		if (line.what === 'listtypes') schema.listtypes = structuredClone(line.result);
		else if (line.what === 'describe') replaceDescribe(schema, line.result);
		else schema.records.push(seedFromAnswer(line.module, line.id, line.result));
	}
	if (!schema.records.some((r) => r.module === 'Users')) schema.records.push(...users);
}

/** Takes over a module's describe; custom fields that the stock file does not know get an empty value by their type. */
export function replaceDescribe(schema: Schema, describe: Describe): void {
	const blank = schema.modules.get(describe.name)?.blank ?? {};
	for (const field of describe.fields)
		if (field.name.startsWith('cf_') && !(field.name in blank)) blank[field.name] = EMPTY_BY_TYPE[field.type.name] ?? '';
	schema.modules.set(describe.name, { blank, describe: structuredClone(describe) });
}

const EMPTY_BY_TYPE: Record<string, string> = { currency: '0.00000000', double: '0.000', integer: '0', boolean: '0' };

/** Turns a `retrieve` answer into a seed: header apart from lines, without what is computed on reading. */
export function seedFromAnswer(module: string, id: string, answer: Row): Seed {
	const { id: _id, label, LineItems, LineItems_FinalDetails: _details, new: _new, ...fields } = structuredClone(answer) as Row & { LineItems?: Json };
	if (!isEntityId(module)) return { module, id, fields: label === undefined ? fields : { ...fields, label } };
	if (!INVENTORY.has(module)) return { module, id, fields };
	for (const column of LINE_COLUMNS) delete fields[column];
	return { module, id, fields, lines: Array.isArray(LineItems) ? (LineItems as Row[]) : [] };
}

const PLAIN = new Set(['Groups', 'Currency', 'DocumentFolders', 'CompanyDetails', 'Tax', 'ProductTaxes', 'LineItem']);

/** Whether records of the module share vtiger's one numbering and carry a label. */
export function isEntityId(module: string): boolean {
	return !PLAIN.has(module) && module !== 'Users';
}

/** Adds ERP Key, ERP Number, ERP Status and ERP Message, named as the layout editor of the recorded servers did. */
export function addLinkFields(schema: Schema, modules: readonly string[]): void {
	for (const name of modules) {
		const module = schema.modules.get(name);
		if (!module || module.describe.fields.some((f) => f.label === 'ERP Key')) continue;
		const prefix = `cf_${name.toLowerCase()}_erp_`;
		const statuses = ['Pending', 'Ordered', 'Needs attention'].map((v) => ({ label: v, value: v }));
		const added = [
			linkField(`${prefix}key`, 'ERP Key', { name: 'string' }),
			linkField(`${prefix}number`, 'ERP Number', { name: 'string' }),
			linkField(`${prefix}status`, 'ERP Status', { picklistValues: statuses, defaultValue: 'Pending', name: 'picklist' }),
			linkField(`${prefix}message`, 'ERP Message', { name: 'text' }),
		];
		const { fields } = module.describe;
		const last = Math.max(...['tags', 'region_id', 'last_recurring_date'].map((n) => fields.findIndex((f) => f.name === n)));
		fields.splice(last + 1, 0, ...added);
		for (const field of added) module.blank[field.name] = '';
	}
}

function linkField(name: string, label: string, type: Field['type']): Field {
	return { name, label, mandatory: false, type, isunique: false, nullable: true, editable: true, default: '' };
}
