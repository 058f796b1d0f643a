// Owns which rules belong to which model.
// Must not know: the rules themselves, transport.
import { countryName } from '../countries';
import { constraint, userError, validationError } from '../failure';
import { createHash } from 'node:crypto';
import { isObject, ref, str } from '../json';
import type { JsonObject, Row } from '../json';
import type { Field, Schema } from '../schema';
import type { Profile } from '../versions';
import type { Env, ModelRules } from '../world';
import { modelDataRules } from '../xids';
import { leadRules } from './crm';
import { invoiceLineRules, moveRules } from './invoice';
import { advancePaymentRules, reversalRules } from './invoicing';
import { partnerRules, userRules } from './partner';
import { paymentRules, registerRules } from './payment';
import { productRules, templateRules } from './product';
import { orderRules } from './sale';
import { orderLineRules } from './sale.line';
import { pickingRules, quantRules, wizardRules } from './stock';
import { taxRules } from './tax';

/** The rules of every model that has any. */
export function buildModels(profile: Profile, schema: Schema): Map<string, ModelRules> {
	const named = (order: string): ModelRules => ({ order });
	return new Map<string, ModelRules>([
		['res.partner', partnerRules(profile.version)],
		['res.users', { ...userRules(), afterCreate: uniqueLogin }],
		['res.company', companyRules()],
		['res.country', { order: 'name', searchNames: ['code'], computed: { name: (env, row) => countryName(str(row['code']), env.lang, str(row['name'])) } }],
		['res.country.state', named('code')],
		['res.currency', { order: 'active desc, name', computed: { decimal_places: (_e, row) => (row['rounding'] === 1 ? 0 : 2) } }],
		['res.partner.category', named('name')],
		['product.template', templateRules(profile)],
		['product.product', productRules(profile, schema)],
		['product.category', named('complete_name')],
		['product.pricelist', { order: 'sequence, id', cascade: [['product.pricelist.item', 'pricelist_id']], displayName: pricelistName, defaults: pricelistDefaults }],
		['account.tax', taxRules()],
		['account.journal', named('sequence, type, code')],
		['account.payment.term', named('sequence, id')],
		['account.fiscal.position', named('sequence, id')],
		['account.account', { order: profile.version >= 18 ? 'code_store, id' : 'code, id', searchNames: ['code'], displayName: (env, row) => accountName(env, row) }],
		['sale.order', orderRules(profile)],
		['sale.order.line', orderLineRules(profile)],
		['account.move', moveRules(profile)],
		['account.move.line', invoiceLineRules(profile)],
		['account.payment', paymentRules()],
		['account.payment.register', registerRules()],
		['account.move.reversal', reversalRules()],
		['sale.advance.payment.inv', advancePaymentRules()],
		['stock.picking', pickingRules(profile)],
		['stock.backorder.confirmation', wizardRules('backorder')],
		['stock.immediate.transfer', wizardRules('immediate')],
		['stock.quant', quantRules()],
		['stock.location', { order: 'complete_name', displayName: (_env, row) => str(row['complete_name']) || str(row['name']) }],
		['stock.picking.type', { order: 'sequence, id', displayName: pickingTypeName }],
		['crm.lead', leadRules()],
		['crm.stage', named('sequence, name, id')],
		['crm.team', named('sequence, create_date desc, id desc')],
		['ir.model.data', modelDataRules(profile.version)],
		['ir.attachment', attachmentRules()],
		['ir.model.fields', manualFields()],
		[
			'res.users.apikeys.description',
			{
				transient: true,
				methods: {
					make_key: {
						level: 'record',
						params: [],
						run: (env) => {
							throw userError(env.messageLanguage === 'it_IT' ? 'È possibile accedere al metodo solo via HTTP' : 'This method can only be accessed over HTTP');
						},
					},
				},
			},
		],
	]);
}

/** A company's address and numbers are those of its partner. */
function companyRules(): ModelRules {
	const partner = (field: string) => (env: Env, row: Row) => env.store.get('res.partner', ref(row['partner_id']))?.[field] ?? false;
	const fields = ['country_id', 'street', 'street2', 'zip', 'city', 'state_id', 'vat', 'website'];
	return {
		order: 'sequence, name',
		computed: {
			...Object.fromEntries(fields.map((f) => [f, partner(f)])),
			account_fiscal_country_id: (env, row) => row['account_fiscal_country_id'] ?? partner('country_id')(env, row),
		},
	};
}

function pickingTypeName(env: Env, row: Row): string {
	const warehouse = env.store.get('stock.warehouse', ref(row['warehouse_id']));
	return warehouse ? `${str(warehouse['name'])}: ${str(row['name'])}` : str(row['name']);
}

/** Up to 18 the number stands before the name. */
function accountName(env: Env, row: Row): string {
	const code = str(row['code']) || str(row['code_store']);
	return code === '' || env.version >= 19 ? str(row['name']) : `${code} ${str(row['name'])}`;
}

function uniqueLogin(env: Env, id: number): void {
	const login = env.row('res.users', id)['login'] ?? false;
	if (env.store.by('res.users', 'login', login).some((other) => other !== id)) {
		throw constraint(env.world.profile.version, 'res_users_login_key', 'You can not have two users with the same login!');
	}
}

function pricelistName(env: Env, row: Row): string {
	const currency = env.store.get('res.currency', ref(row['currency_id']));
	return `${str(row['name'])} (${str(currency?.['name'])})`;
}

function pricelistDefaults(env: Env): JsonObject {
	const company = env.store.get('res.company', env.company);
	return { sequence: 16, currency_id: company?.['currency_id'] ?? false, ...(env.version >= 17 ? { company_id: env.company } : {}) };
}

function attachmentRules(): ModelRules {
	return {
		order: 'id desc',
		defaults: () => ({ type: 'binary' }),
		beforeCreate: (_env, values) => {
			const bytes = Buffer.from(str(values['datas']), 'base64');
			return { ...values, file_size: bytes.length, checksum: createHash('sha1').update(bytes).digest('hex') };
		},
	};
}

/** Manual fields: created over the API by administrators, no unique index. */
function manualFields(): ModelRules {
	return {
		order: 'name',
		defaults: () => ({ state: 'manual', ttype: 'char', store: true }),
		beforeCreate: (env, values) => {
			const model = str(env.store.get('ir.model', ref(values['model_id']))?.['model']) || str(values['model']);
			const name = str(values['name']);
			if (!name.startsWith('x_')) throw badManualName(env);
			if (env.field(model, name)) throw constraint(env.world.profile.version, 'ir_model_fields_name_unique', 'Field names must be unique per model.');
			addField(env, model, values);
			return { ...values, model };
		},
	};
}

function badManualName(env: Env): Error {
	if (env.version === 14) return validationError("Custom fields must have a name that starts with 'x_' !");
	return validationError("The operation cannot be completed: Custom fields must have a name that starts with 'x_'!");
}

function addField(env: Env, model: string, values: JsonObject): void {
	const field: Field = {
		name: str(values['name']),
		type: str(values['ttype'] ?? 'char') as Field['type'],
		label: str(values['field_description']),
		required: false,
		readonly: false,
		stored: true,
	};
	if (isObject(values) && typeof values['relation'] === 'string' && values['relation'] !== '') field.relation = values['relation'];
	env.schema(model).fields.set(field.name, field);
}
