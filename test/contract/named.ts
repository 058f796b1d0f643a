// Owns the servers that the environment names: see "Real servers of yours" in CONTRIBUTING.md.
import type { OdooServer } from './bench.odoo';
import type { VtigerServer } from './bench.vtiger';

/** The vtiger of VTIGER_URL and its companions; undefined when it is not set. */
export function namedVtiger(env: NodeJS.ProcessEnv = process.env): VtigerServer | undefined {
	if (!env.VTIGER_URL) return undefined;
	return { url: env.VTIGER_URL, username: needed(env, 'VTIGER_USERNAME'), accessKey: needed(env, 'VTIGER_ACCESS_KEY'), timeZone: env.VTIGER_TIME_ZONE, productCode: env.VTIGER_PRODUCT_CODE ?? 'W-1' };
}

/** The Odoo of ODOO_URL and its companions; undefined when it is not set. */
export function namedOdoo(env: NodeJS.ProcessEnv = process.env): OdooServer | undefined {
	if (!env.ODOO_URL) return undefined;
	return { url: env.ODOO_URL, database: needed(env, 'ODOO_DB'), login: needed(env, 'ODOO_LOGIN'), secret: needed(env, 'ODOO_PASSWORD'), productCode: env.ODOO_PRODUCT_CODE ?? 'W-1' };
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
	const value = env[name];
	if (!value) throw new Error(`${name} is not set; CONTRIBUTING.md lists what a server of yours needs`);
	return value;
}
