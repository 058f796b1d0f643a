// Owns the shape of a configuration profile: which 1C objects and fields stand for the trade's words. The profiles
// themselves are data in onec.profiles.ts.
import { z } from 'zod';
import { field, fixed, maybe, order, orderRows, orderStates, payment, paymentRows, shipment, shipmentRows } from './onec.profile.documents';

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
