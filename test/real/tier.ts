// Owns the beginning of the tier: which servers it runs on. An Odoo that the environment names, else an Odoo 14 of its
// own; a vtiger that the environment names, else a simulated one. Told to the tests by the same variables.
import { namedOdoo, namedVtiger } from '../contract/named';
import { VtigerUser } from '../contract/vtigerUser';
import { INTEGRATION } from './seed';
import { readVersion } from './jsonrpc';
import { CannotSetUp } from './debian';
import { setUpOdoo14 } from './odoo14';
import { keepForEnd } from './tierEnd';

export default async function begin(): Promise<void> {
	const servers: string[] = [];
	const crm = namedVtiger();
	const erp = namedOdoo();
	servers.push(`odoo ${erp ? await readVersion(erp.url) : await setUpOwn()}`);
	if (crm) servers.push(`vtiger ${(await VtigerUser.login(crm.url, crm.username, crm.accessKey)).version}`);
	process.env.CRM_ERP_REAL_SERVERS = servers.join(' and ');
}

async function setUpOwn(): Promise<string> {
	try {
		const server = await setUpOdoo14((text) => process.stderr.write(`${text}\n`));
		keepForEnd(server);
		Object.assign(process.env, { ODOO_URL: server.url, ODOO_DB: server.database, ODOO_LOGIN: INTEGRATION.login, ODOO_PASSWORD: INTEGRATION.password, CRM_ERP_OWN_ODOO: '1' });
		return server.version;
	} catch (error) {
		if (error instanceof CannotSetUp) error.message += '\nA server of your own can be named instead: ODOO_URL, ODOO_DB, ODOO_LOGIN, ODOO_PASSWORD.';
		throw error;
	}
}
