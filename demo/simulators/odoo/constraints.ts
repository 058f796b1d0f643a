// Owns what the database refuses: required fields, foreign keys, unique values, records still in use.
// Must not know: transport, business rules.
import { constraint, validationError } from './failure';
import type { OdooError } from './failure';
import type { Json, JsonObject, Row } from './json';
import type { Field } from './schema';
import type { Env } from './world';

/** Fields the server requires although no default fills them when a client leaves them out. */
const REQUIRED: Record<string, string[]> = {
	'sale.order': ['partner_id'],
	'sale.order.line': ['order_id'],
	'account.tax': ['name'],
	'product.template': ['name'],
	'product.pricelist': ['name'],
	'crm.lead': ['name'],
	'account.journal': ['name', 'code', 'type'],
	'ir.model.data': ['module', 'name', 'model'],
	'ir.attachment': ['name'],
	'res.country.state': ['name', 'code', 'country_id'],
	'res.partner.category': ['name'],
	'product.category': ['name'],
	'account.fiscal.position': ['name'],
	'res.currency': ['name', 'symbol'],
};

/** Refuses a row without a required value. `only` limits the check to the fields just written. */
export function checkRequired(env: Env, model: string, row: Row, commands: Array<[Field, Json]>, only?: string[]): void {
	const isEmpty = (name: string) => row[name] === undefined || row[name] === false || row[name] === '';
	if (model === 'res.partner' && (!only || only.includes('name') || only.includes('type'))) {
		// The check constraint: every contact and every private person needs a name, an address of a parent does not.
		const addressOnly =
			['invoice', 'delivery', 'other', 'private'].includes(String(row['type'] ?? 'contact')) && row['parent_id'] !== undefined && row['parent_id'] !== false;
		if (isEmpty('name') && !addressOnly) throw constraint(env.world.profile.version, 'res_partner_check_name', 'Contacts require a name');
	}
	for (const name of REQUIRED[model] ?? []) {
		if (!isEmpty(name) || (only && !only.includes(name)) || commands.some(([f]) => f.name === name)) continue;
		throw missingRequired(env, model, name);
	}
}

export function missingRequired(env: Env, model: string, name: string): OdooError {
	const field = env.field(model, name);
	const label = env.schema(model).label;
	const text =
		env.version >= 19
			? `The operation cannot be completed: Missing required value for the field '${field?.label ?? name}' (${name}).\nModel: '${label}' (${model})\n- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n`
			: `The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n- Delete: another model requires the record being deleted. If possible, archive it instead.\n\nModel: ${label} (${model})${env.version >= 15 ? '\n' : ', '}Field: ${field?.label ?? name} (${name})${env.version >= 15 ? '\n' : ''}`;
	return Object.assign(validationError(text), { requiredField: name });
}

/** Refuses a many2one that points nowhere. */
export function checkReferences(env: Env, model: string, stored: JsonObject): void {
	for (const [name, value] of Object.entries(stored)) {
		const field = env.field(model, name);
		if (field?.type !== 'many2one' || typeof value !== 'number' || !field.relation) continue;
		if (!env.world.schema.has(field.relation) || env.store.get(field.relation, value)) continue;
		if (env.world.labels[field.relation]?.[String(value)] !== undefined) continue;
		throw foreignKey(env, model, name);
	}
}

function foreignKey(env: Env, model: string, name: string): OdooError {
	const label = env.schema(model).label;
	const key = `${model.replace(/\./g, '_')}_${name}_fkey`;
	if (env.version >= 19) {
		const field = env.field(model, name)?.label ?? name;
		return validationError(
			`The operation cannot be completed: Another model is using the record you are trying to delete.\n\nThe troublemaker is: '${label}' (${model})\nThanks to the following constraint: '${field}' (${name})\nHow about archiving the record instead?`,
		);
	}
	const tail = env.version >= 15 ? `Model: ${label} (${model})\nConstraint: ${key}\n` : `Model: ${label} (${model}), Constraint: ${key}`;
	return validationError(`The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.\n\n${tail}`);
}

/** Fields that keep the record they point at from being deleted. */
const KEEPERS: Record<string, Array<[string, string]>> = {
	'res.partner': [
		['res.company', 'partner_id'],
		['res.users', 'partner_id'],
		['sale.order', 'partner_id'],
		['sale.order', 'partner_invoice_id'],
		['sale.order', 'partner_shipping_id'],
		['account.move', 'partner_id'],
	],
	'product.product': [
		['sale.order.line', 'product_id'],
		['account.move.line', 'product_id'],
		['stock.move', 'product_id'],
	],
	'product.template': [['sale.order.line', 'product_template_id']],
	'res.currency': [
		['res.company', 'currency_id'],
		['product.pricelist', 'currency_id'],
	],
	'account.tax': [],
};

export function checkUnlink(env: Env, model: string, row: Row): void {
	for (const [user, field] of KEEPERS[model] ?? []) {
		if (env.world.schema.has(user) && env.field(user, field) && env.store.by(user, field, row.id).length > 0) throw foreignKey(env, user, field);
	}
}

/** Refuses a second record with the same value. */
export function checkUnique(env: Env, model: string, id: number, field: string, error: () => OdooError): void {
	const value = env.store.get(model, id)?.[field];
	if (value === undefined || value === false || value === '') return;
	if (env.store.by(model, field, value).some((other) => other !== id)) throw error();
}
