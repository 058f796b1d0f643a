import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { connectionProperties } from '../nodes/kit/connection';

export class VtigerCrmErpApi implements ICredentialType {
	name = 'vtigerCrmErpApi';

	displayName = 'Vtiger (CRM-ERP) API';

	documentationUrl = 'https://github.com/n8n-nodes-crm-erp/n8n-nodes-crm-erp/blob/main/docs/vtiger.md';

	icon: Icon = { light: 'file:../nodes/Vtiger/vtiger.svg', dark: 'file:../nodes/Vtiger/vtiger.dark.svg' };

	properties: INodeProperties[] = [
		{ displayName: 'URL', name: 'url', type: 'string', required: true, default: '', placeholder: 'e.g. https://crm.example.com', description: 'The address at which you open vtiger in the browser' },
		{ displayName: 'User Name', name: 'username', type: 'string', required: true, default: '', placeholder: 'e.g. integration', description: 'A user of its own for the integration is best: vtiger keeps one login token per user' },
		{ displayName: 'Access Key', name: 'accessKey', type: 'string', typeOptions: { password: true }, required: true, default: '', description: 'In vtiger under My Preferences, at the bottom: Access Key. It is not the password.' },
		{ displayName: 'Installation Name', name: 'installation', type: 'string', required: true, default: 'vtiger', description: 'Short name that becomes part of the keys written into the ERP, e.g. "vtiger". Never change it later: the ERP\'s records would not be recognised any more.' },
		{ displayName: 'Server Time Zone', name: 'timeZone', type: 'string', default: 'UTC', placeholder: 'e.g. Europe/Rome', description: 'Time zone of the vtiger server (not of the user): all its times are in it' },
		...connectionProperties('vtiger'),
	];
}
