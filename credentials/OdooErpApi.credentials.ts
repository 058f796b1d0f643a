import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { connectionProperties } from '../nodes/kit/connection';

export class OdooErpApi implements ICredentialType {
	name = 'odooErpApi';

	displayName = 'Odoo (CRM-ERP) API';

	documentationUrl = 'https://github.com/n8n-nodes-crm-erp/n8n-nodes-crm-erp/blob/main/docs/odoo.md';

	icon: Icon = { light: 'file:../nodes/OdooErp/odoo.svg', dark: 'file:../nodes/OdooErp/odoo.dark.svg' };

	properties: INodeProperties[] = [
		{ displayName: 'URL', name: 'url', type: 'string', required: true, default: '', placeholder: 'e.g. https://mycompany.odoo.com', description: 'The address at which you open Odoo in the browser' },
		{ displayName: 'Database', name: 'database', type: 'string', default: '', placeholder: 'e.g. mycompany', description: 'May stay empty when the server has only one database and tells its name' },
		{ displayName: 'Login', name: 'login', type: 'string', required: true, default: '', placeholder: 'e.g. integration@example.com', description: 'The name with which the user logs in to Odoo. A user of its own for the integration is best.' },
		{ displayName: 'Password or API Key', name: 'secret', type: 'string', typeOptions: { password: true }, required: true, default: '', description: 'An API key is best (Odoo 14 and up: Preferences > Account Security > New API Key). From Odoo 19 the key is used with the JSON-2 interface.' },
		{ displayName: 'Installation Name', name: 'installation', type: 'string', required: true, default: 'odoo', description: 'Short name that becomes part of the keys written into the CRM, e.g. "odoo". Never change it later.' },
		{ displayName: 'Language', name: 'language', type: 'string', default: 'en_US', placeholder: 'e.g. it_IT', description: 'Language of labels and translated fields; must be installed in Odoo' },
		{ displayName: 'Company ID', name: 'company', type: 'string', default: '', placeholder: 'e.g. 1', description: 'Which company to work in when the user has several; empty for the user\'s own' },
		...connectionProperties('Odoo'),
	];
}
