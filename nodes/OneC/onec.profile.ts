// Owns the shape of a configuration profile: which 1C objects and fields stand for the trade's words, which of them a
// base publishes, and the user's corrections. Must not know the wire; the profiles themselves are data in onec.profiles.ts.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { isRecord } from '../core/mapping';

/** A field of 1C by its published name; nothing: the configuration has none. */
const field = z.string().min(1);
const maybe = field.optional();
/** Values that a new record is given where the user or the mapping gives none: `{ Приоритет: 'Средний' }`. */
const fixed = z.record(z.unknown()).default({});

/** Catalog_Контрагенты: the legal entity. */
const customer = z.object({
	set: field,
	code: maybe,
	name: field,
	fullName: maybe,
	inn: maybe,
	kpp: maybe,
	/** A tax number of another country. */
	foreignTax: maybe,
	/** Each field that says whether it is a company, with its two values. */
	legalForms: z.array(z.object({ field, company: z.string(), person: z.string(), foreignCompany: z.string().optional(), entrepreneur: z.string().optional() }).strict()).default([]),
	/** The commercial client it belongs to (УТ). */
	partner: maybe,
	/** It is its own head office unless somebody says otherwise. */
	head: maybe,
	comment: maybe,
	contacts: maybe,
	whenNew: fixed,
}).strict();

/** Catalog_Партнеры: the commercial client, owner of several legal entities (УТ, КА, ERP). */
const partner = z.object({ set: field, code: maybe, name: field, fullName: maybe, isClient: maybe, comment: maybe, contacts: maybe, whenNew: fixed }).strict();

const contactPerson = z.object({
	set: field,
	/** Who it belongs to: a partner (УТ) or a counterparty. */
	owner: field,
	/** The owner is of several types: `owner` + `_Type` are written. */
	ownerType: maybe,
	name: field,
	firstName: maybe,
	lastName: maybe,
	position: maybe,
	comment: maybe,
	contacts: maybe,
	whenNew: fixed,
}).strict();

/** The rows of the part КонтактнаяИнформация, and which kind of row holds what. */
const contactInfo = z.object({
	kindSet: field,
	kindName: field,
	/** Where a kind's fixed name stands; the first that is filled counts. */
	kindIds: z.array(field),
	kindType: field,
	type: field,
	kind: field,
	listKind: maybe,
	text: field,
	email: maybe,
	emailDomain: maybe,
	phone: maybe,
	phoneDigits: maybe,
	country: maybe,
	region: maybe,
	city: maybe,
	value: maybe,
	xml: maybe,
	types: z.object({ address: field, phone: field, email: field, site: field }).strict(),
	/** Fixed names (or Ref_Keys) of the kinds, the first found one counts. */
	kinds: z.object({
		legalAddress: z.array(z.string()),
		actualAddress: z.array(z.string()),
		phone: z.array(z.string()),
		email: z.array(z.string()),
		site: z.array(z.string()),
		contactPhone: z.array(z.string()),
		contactMobile: z.array(z.string()),
		contactEmail: z.array(z.string()),
	}).strict(),
}).strict();

const contract = z.object({
	set: field,
	/** An order cannot be without one. */
	needed: z.boolean(),
	owner: field,
	partner: maybe,
	organization: maybe,
	currency: maybe,
	kind: maybe,
	kindValue: z.string().optional(),
	number: maybe,
	date: maybe,
	name: field,
	comment: maybe,
	whenNew: fixed,
}).strict();

/** Типовые and individual terms of sale (УТ). */
const agreement = z.object({ set: field, name: field, partner: maybe, organization: maybe, currency: maybe, status: maybe, statusValue: z.string().optional(), typical: maybe, vatIncluded: maybe, priceKind: maybe }).strict();

const product = z.object({
	set: field,
	/** What the CRM calls the product code. */
	code: field,
	number: maybe,
	name: field,
	fullName: maybe,
	description: maybe,
	unit: maybe,
	vat: maybe,
	/** A field that says goods or service, as a word or as true and false. */
	type: maybe,
	typeGoods: z.union([z.string(), z.boolean()]).optional(),
	typeService: z.union([z.string(), z.boolean()]).optional(),
	/** The kind (ВидНоменклатуры) that a new product needs, and its own field for goods or service. */
	kind: maybe,
	kindSet: maybe,
	kindName: maybe,
	kindType: maybe,
	whenNew: fixed,
}).strict();

const unit = z.object({ set: field, name: field, fullName: maybe, code: maybe, symbol: maybe, owner: maybe }).strict();

/** A periodic register; read by SliceLast. */
const price = z.object({ set: field, item: field, characteristic: maybe, kind: maybe, price: field, currency: maybe }).strict();
const priceKind = z.object({ set: field, name: field, currency: maybe, vatIncluded: maybe }).strict();
const stock = z.object({ set: field, item: field, warehouse: maybe, quantity: field, condition: z.string().optional() }).strict();

const header = {
	set: field,
	customer: field,
	partner: maybe,
	contract: maybe,
	agreement: maybe,
	organization: maybe,
	warehouse: maybe,
	currency: maybe,
	total: field,
	/** Whether prices and amounts contain VAT. */
	vatIncluded: maybe,
	comment: maybe,
	whenNew: fixed,
};

const order = z.object({
	...header,
	/** How a person calls it in messages: `order`, `invoice`. */
	word: z.string(),
	/** The customer's own number and date. */
	customerNumber: maybe,
	customerDate: maybe,
	priceKind: maybe,
	rate: maybe,
	rateMultiplier: maybe,
	shipDate: maybe,
	deliveryAddress: maybe,
	/** The highest row code given so far. */
	lastRowCode: maybe,
	agreed: maybe,
	agreedDate: maybe,
	validUntil: maybe,
	/** How VAT is due on the whole document, and its values. */
	taxation: maybe,
	taxationWithVat: z.string().optional(),
	taxationWithoutVat: z.string().optional(),
	/** What a new order cannot be without. */
	needs: z.array(z.enum(['warehouse', 'agreement'])).default([]),
	/** The document may be posted. */
	posted: z.boolean(),
}).strict();

const row = {
	item: field,
	characteristic: maybe,
	unit: maybe,
	quantity: field,
	/** Quantity in packages; the same as the quantity where no package is given. */
	packages: maybe,
	coefficient: maybe,
	/** The unit is that of the item; else it is a package, and none is given. */
	unitFromItem: z.boolean().optional(),
	price: field,
	amount: field,
	vat: maybe,
	vatAmount: maybe,
	/** Amount with VAT, where a column of its own holds it. */
	total: maybe,
	text: maybe,
	warehouse: maybe,
	/** Links the rows of an order with those of its shipments. */
	code: maybe,
	whenNew: fixed,
};

const orderRows = z.object({
	/** The table part. */
	part: field,
	...row,
	discountPercent: maybe,
	discountAmount: maybe,
	/** Text column for a line's identity that survives reordering. */
	identity: maybe,
	/** Unique within the document: links rows of several parts. */
	link: maybe,
	cancelled: maybe,
	priceKind: maybe,
	shipDate: maybe,
	supply: maybe,
}).strict();

/** The field of the order that says where it stands; where there is none, only posting tells. */
const orderStates = z.object({ field: maybe, set: maybe, draft: z.string().optional(), confirmed: z.string().optional(), closed: z.array(z.string()).default([]) }).strict();

const shipment = z.object({ ...header, number: maybe, date: maybe, /** The order it belongs to. */ order: field, /** The order's field is of several types. */ orderType: maybe, status: maybe, statusValue: z.string().optional() }).strict();
const shipmentRows = z.object({ /** Table parts, e.g. goods and services. */ parts: z.array(field), ...row, discountPercent: maybe, discountAmount: maybe, order: maybe, orderType: maybe }).strict();

const payment = z.object({
	/** Incoming payments: bank and cash. */
	sets: z.array(field),
	customer: field,
	currency: maybe,
	total: field,
	comment: maybe,
}).strict();
const paymentRows = z.object({ part: field, amount: field, /** The order or invoice that is paid, in order of preference. */ orders: z.array(field), /** Its object of settlements (УТ 11.5). */ settlement: maybe, shipment: maybe }).strict();

/** Either a catalog of rates or an enumeration. */
const vat = z.object({
	set: maybe,
	name: maybe,
	/** Percent, as a number. */
	rate: maybe,
	/** Members of the enumeration by their percent; `none` for "without VAT". */
	members: z.record(z.string()),
	/** How names of rates say "without VAT". */
	withoutNames: z.array(z.string()),
}).strict();

const named = z.object({ set: field, name: field, code: maybe, inn: maybe, isFolder: maybe }).strict();
const currency = z.object({ set: field, /** Alphabetic, `RUB`. */ alpha: field, /** Numeric, `643`. */ numeric: maybe, name: maybe }).strict();

export const profileSchema = z.object({
	name: z.enum(['ut', 'bp', 'unf']),
	/** As people call the configuration. */
	title: z.string(),
	/** Decimals of the columns. */
	precision: z.object({ price: z.number().int().min(0).max(10), quantity: z.number().int().min(0).max(10), percent: z.number().int().min(0).max(10), amount: z.number().int().min(0).max(10) }).strict(),
	customer,
	partner: partner.optional(),
	contactPerson: contactPerson.optional(),
	contactInfo,
	contract: contract.optional(),
	agreement: agreement.optional(),
	product,
	unit,
	price: price.optional(),
	priceKind: priceKind.optional(),
	stock: stock.optional(),
	order,
	orderRows,
	orderStates,
	shipment,
	shipmentRows,
	payment,
	paymentRows,
	vat,
	currency,
	organization: named,
	warehouse: named.optional(),
}).strict();

export type Profile = z.output<typeof profileSchema>;
export type ProfileName = Profile['name'];
/** A profile as written down: a set may be a list, the newest name first. */
export type ProfileData = Readonly<Record<string, unknown>> & { readonly name: ProfileName };

/** Applies a JSON merge patch (RFC 7396): null removes, objects are merged, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
	if (!isRecord(patch)) return patch;
	const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
	for (const [name, value] of Object.entries(patch)) {
		if (value === null) delete merged[name];
		else merged[name] = mergePatch(merged[name], value);
	}
	return merged;
}

/**
 * The profile for a base.
 *
 * @param profiles every known one; the first of which the order document is published is taken for `auto`
 * @param published entity sets by name (reference 10: names differ between releases, the service document tells)
 * @param overrides JSON merge patch over the profile, e.g. `{"product":{"code":"Code"}}`
 * @throws Failure `rejected` when no profile fits, or when an override names something unknown
 */
export function chooseProfile(profiles: readonly ProfileData[], chosen: ProfileName | 'auto', published: ReadonlySet<string>, overrides?: unknown): Profile {
	const data = chosen === 'auto' ? detect(profiles, published) : profiles.find(({ name }) => name === chosen);
	if (!data) throw new Failure('rejected', nothingFits(profiles, published), { advice: 'Publish the documents for the standard OData interface in 1C (form "Настройка автоматического REST-сервиса"), or choose the configuration profile in the credential' });
	checkPatch(overrides);
	const patched = mergePatch(resolveSets(data, published), overrides ?? {});
	const result = profileSchema.safeParse(patched);
	if (result.success) return result.data;
	const issue = result.error.issues[0]!;
	throw new Failure('rejected', `Configuration Overrides: ${issue.path.join('.')} ${issue.message.toLowerCase()}`, { advice: 'Correct this field of the credential' });
}

function detect(profiles: readonly ProfileData[], published: ReadonlySet<string>): ProfileData | undefined {
	return profiles.find((data) => isRecord(data.order) && candidates(data.order.set).some((set) => published.has(set)));
}

function nothingFits(profiles: readonly ProfileData[], published: ReadonlySet<string>): string {
	const names = profiles.flatMap((data) => (isRecord(data.order) ? candidates(data.order.set).slice(0, 1) : []));
	return published.size === 0 ? 'The infobase publishes nothing over OData' : `The infobase publishes none of ${names.join(', ')}: its configuration cannot be told`;
}

function candidates(set: unknown): string[] {
	return Array.isArray(set) ? set.map(String) : typeof set === 'string' ? [set] : [];
}

/** Of each role's names the first that is published, else the first: so that a message can name it. */
function resolveSets(data: ProfileData, published: ReadonlySet<string>): Record<string, unknown> {
	const entries = Object.entries(data).map(([role, value]): [string, unknown] => {
		if (!isRecord(value)) return [role, value];
		const named = Object.entries(value).map(([name, inner]): [string, unknown] => [name, isSetName(name) && Array.isArray(inner) ? (inner.find((set) => published.has(String(set))) ?? inner[0]) : inner]);
		return [role, Object.fromEntries(named)];
	});
	return Object.fromEntries(entries);
}

function isSetName(name: string): boolean {
	return name === 'set' || name.endsWith('Set');
}

/** @throws Failure naming the path of an unknown key and the known key nearest to it */
function checkPatch(patch: unknown): void {
	if (patch === undefined || patch === null) return;
	if (!isRecord(patch)) throw new Failure('rejected', 'Configuration Overrides: a JSON object is expected', { advice: 'e.g. {"product":{"code":"Code"}} in the credential' });
	walk(patch, profileSchema, []);
}

function walk(patch: Record<string, unknown>, schema: z.ZodTypeAny, path: readonly string[]): void {
	const shape = shapeOf(schema);
	if (!shape) return;
	for (const [name, value] of Object.entries(patch)) {
		const inner = Object.prototype.hasOwnProperty.call(shape, name) ? shape[name] : undefined;
		const where = [...path, name];
		if (!inner) throw new Failure('rejected', `Configuration Overrides: "${where.join('.')}" is not known`, { advice: adviceFor(name, Object.keys(shape), path) });
		if (isRecord(value)) walk(value, inner, where);
	}
}

function adviceFor(name: string, known: readonly string[], path: readonly string[]): string {
	const near = nearest(name, known);
	return near ? `Did you mean "${[...path, near].join('.')}"?` : `Known there: ${known.join(', ')}`;
}

/** The keys of an object schema; undefined where anything goes. */
function shapeOf(schema: z.ZodTypeAny): Record<string, z.ZodTypeAny> | undefined {
	if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return shapeOf(schema.unwrap() as z.ZodTypeAny);
	if (schema instanceof z.ZodDefault) return shapeOf(schema.removeDefault() as z.ZodTypeAny);
	return schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodTypeAny>) : undefined;
}

/** The name most like the given one, when it is like enough to be meant: for messages. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
	let best: { name: string; distance: number } | undefined;
	for (const candidate of known) {
		const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
		if (!best || distance < best.distance) best = { name: candidate, distance };
	}
	return best && best.distance <= Math.max(2, Math.floor(name.length / 2)) ? best.name : undefined;
}

function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) current.push(Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
		previous = current;
	}
	return previous[b.length]!;
}
