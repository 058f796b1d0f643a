// Owns who may do what: model rights by user, record rules, and the texts of refusals.
// Must not know: transport, the models' rules.
import { accessError } from './failure';
import type { OdooError } from './failure';
import type { Row } from './json';
import { nameOf } from './names';
import { hiddenText, refusalText, restrictedText } from './rights.texts';
import type { Env } from './world';

export type Operation = 'read' | 'write' | 'create' | 'unlink';

const ADMIN = 'admin';
const ALL: Operation[] = ['read', 'write', 'create', 'unlink'];

/** What a user without the named model here may do: everything. Patterns are matched in order. */
const DENIED: Record<string, Array<[RegExp, Operation[]]>> = {
	integration: [
		[/^ir\.model\.data$/, ALL],
		[/^ir\.model(\.fields|\.access)?$/, ALL],
		[/^base\.automation$/, ALL],
		[/^(res\.users|res\.company|account\.tax|account\.journal|res\.currency|product\.product|product\.template)$/, ['write', 'create', 'unlink']],
	],
	sales: [
		[/^ir\.model\.data$/, ALL],
		[/^ir\.model(\.fields|\.access)?$/, ALL],
		[/^base\.automation$/, ALL],
		[/^(res\.users|res\.company|account\..*|res\.currency|product\.product|product\.template|stock\..*)$/, ['write', 'create', 'unlink']],
	],
	nobody: [
		[/^ir\.model\.data$/, ALL],
		[/^ir\.model(\.fields|\.access)?$/, ALL],
		[/^base\.automation$/, ALL],
		[/^(sale\..*|account\.(move|move\.line|payment|payment\.register|journal)|stock\..*|crm\..*)$/, ALL],
		[/^/, ['write', 'create', 'unlink']],
	],
};

function login(env: Env): string {
	const value = env.store.get('res.users', env.uid)?.['login'];
	return typeof value === 'string' ? value : ADMIN;
}

/** Whether the user's groups give the operation on the model at all. */
export function mayDo(env: Env, model: string, operation: Operation): boolean {
	for (const [pattern, operations] of DENIED[login(env)] ?? []) {
		if (!pattern.test(model) || !operations.includes(operation)) continue;
		// Up to 14 any internal user may read and write external ids.
		if (model === 'ir.model.data' && env.world.profile.externalIdsReadable) continue;
		if (login(env) === 'integration' && model.startsWith('product.') && env.version === 14) continue;
		if (model === 'ir.model' && operation === 'read' && env.world.profile.externalIdsReadable) continue;
		return false;
	}
	return true;
}

export function checkRights(env: Env, model: string, operation: Operation): void {
	if (!mayDo(env, model, operation)) throw refusal(env, model, operation);
}

/** Record rules: other companies' records are invisible, a salesperson sees no invoices of others. */
export function isVisible(env: Env, model: string, row: Row): boolean {
	if (model === 'res.company' && login(env) !== ADMIN && !env.companies.includes(row.id)) return false;
	const company = row['company_id'];
	if (typeof company === 'number' && model !== 'res.users' && !env.companies.includes(company)) return false;
	return !(login(env) === 'sales' && (model === 'account.move' || model === 'account.move.line'));
}

/** A record the user may not see because of a rule. */
export function ruleRefusal(env: Env, model: string, operation: Operation, rows: Row[]): OdooError {
	const user = env.store.get('res.users', env.uid);
	const [shown] = rows;
	const partner = env.store.get('res.partner', Number(user?.['partner_id'] ?? 0));
	const label = env.messageLanguage === 'it_IT' && model === 'account.move' ? 'Registrazione contabile' : env.schema(model).label;
	if (env.version === 14 && shown)
		return accessError(restrictedText(nameOf(env, model, shown), shown.id, String(partner?.['name'] ?? ''), env.uid, model, env.schema(model).label));
	return accessError(hiddenText(env.messageLanguage, String(partner?.['name'] ?? ''), env.uid, operation, model, label));
}

function refusal(env: Env, model: string, operation: Operation): OdooError {
	// From 17 making a field first reads the model it belongs to.
	const seen = model === 'ir.model.fields' && operation === 'create' && env.version >= 17 ? 'ir.model' : model;
	const op = seen === model ? operation : 'read';
	return accessError(refusalText(env.world.profile.version, env.messageLanguage, op, seen, env.schema(seen).label));
}
