import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { connectionProperties } from '../nodes/kit/connection';

/** A profile of one's own may log in in any way: it shows every field. */
const shownFor = (...profiles: string[]): INodeProperties['displayOptions'] => ({ show: { profile: [...profiles, 'custom'] } });

/** Where the API begins, as each system calls it. */
const URLS: Array<[profiles: string[], placeholder: string, description: string]> = [
	[['erpnext'], 'e.g. https://mysite.example.com', 'The address at which you open ERPNext in the browser'],
	[['odata-v4', 'custom'], 'e.g. https://erp.example.com/api/v1', 'Where the API begins. Calls never leave it.'],
	[['sap-b1'], 'e.g. https://server.example.com:50000/b1s/v2', 'Address of the Service Layer, up to and including its version'],
	[['sap-s4'], 'e.g. https://s4.example.com/sap/opu/odata/sap', 'Up to and including /sap/opu/odata/sap'],
	[['business-central', 'laudus', 'netsuite', 'salesap'], 'Leave empty for the vendor\'s own service', 'Only for a server of your own; the address of the vendor\'s service is known'],
];

const urls = URLS.map(([profile, placeholder, description]): INodeProperties => ({ displayName: 'Base URL', name: 'url', type: 'string', default: '', placeholder, displayOptions: { show: { profile } }, description }));

/** What differs between installations, as fields of their own: `<profile>_<setting>`. Titles and defaults are the profiles'. */
const SETTINGS: Record<string, Array<[setting: string, title: string, standard: string, placeholder: string, description: string]>> = {
	'business-central': [
		['tenant', 'Tenant', '', 'e.g. 11111111-2222-3333-4444-555555555555', 'Directory (tenant) ID of Microsoft Entra'],
		['environment', 'Environment', 'production', '', 'As in the admin center'],
		['company', 'Company', '', 'e.g. 11111111-2222-3333-4444-555555555555', 'ID of the company, a GUID'],
	],
	erpnext: [
		['company', 'Company', '', '', 'For new orders; empty: the default company of the user'],
		['customerGroup', 'Customer Group', 'All Customer Groups', '', 'For new customers'],
		['territory', 'Territory', 'All Territories', '', 'For new customers'],
		['timeZone', 'Time Zone', '', 'e.g. Europe/Berlin', 'Of the site, as its System Settings say; changes are lost where it is wrong'],
	],
	laudus: [
		['companyVATId', 'Company RUT', '', 'e.g. 12345678-9', 'With hyphen and check digit, as for the login'],
		['timeZone', 'Time Zone', 'America/Santiago', '', 'In which Laudus tells its times'],
		['receipts', 'Read Receipts', 'yes', '', 'Of each invoice, for what is paid; "no": every invoice reads as unpaid'],
	],
	netsuite: [
		['account', 'Account ID', '', 'e.g. 1234567-sb1', 'As in the address of NetSuite'],
		['subsidiary', 'Subsidiary', '', '', 'Internal ID, for new customers (OneWorld); empty: none is sent'],
		['currencies', 'Currencies', '', 'e.g. EUR=4, USD=1', 'Internal IDs by ISO code, for orders in another currency than the customer\'s'],
	],
	'odata-v4': [['namespace', 'Namespace', 'ErpService', '', 'Of the service\'s bound actions, as $metadata has it']],
	salesap: [
		['keyField', 'Field for the Key', '', 'e.g. custom-12', 'Name of a field of your own'],
		['numberField', 'Field for the ERP Number', '', 'e.g. custom-13', 'Name of a field of your own'],
		['statusField', 'Field for the ERP Status', '', 'e.g. custom-14', 'Name of a field of your own'],
		['messageField', 'Field for the ERP Message', '', 'e.g. custom-15', 'Name of a field of your own'],
		['wonStage', 'Stage of Won Deals', '', '', 'ID of a deal stage'],
		['acceptedStage', 'Stage of Accepted Orders', '', '', 'ID of an order stage'],
		['currency', 'Currency', 'RUB', 'e.g. RUB', 'ISO code of the currency that the amounts are in'],
	],
	'sap-b1': [
		['company', 'Company Database', '', 'e.g. SBODEMOUS', 'Name of the company database (CompanyDB)'],
		['timeZone', 'Time Zone', 'UTC', 'e.g. Europe/Berlin', 'Of the server'],
		['priceList', 'Price List', '1', 'e.g. 1', 'Number of the list of product prices'],
	],
	'sap-s4': [
		['salesOrganization', 'Sales Organization', '1010', '', 'To which new customers and orders belong'],
		['distributionChannel', 'Distribution Channel', '10', '', 'Of that sales organization, for new customers and orders'],
		['division', 'Division', '00', '', 'Of that sales organization, for new customers and orders'],
		['orderType', 'Sales Order Type', 'OR', '', 'Of new orders; OR is the standard order'],
		['deliveryBlock', 'Delivery Block', '01', '', 'Reason that holds back a new order until its totals agree with the quote; it is taken away then'],
		['priceCondition', 'Price Condition', 'PPR0', '', 'Condition type that takes a net price entered by hand'],
		['grouping', 'Business Partner Grouping', 'BP02', '', 'Of new customers; one whose numbers SAP gives itself'],
	],
};

const settings = Object.entries(SETTINGS).flatMap(([profile, list]) =>
	list.map(([setting, displayName, standard, placeholder, description]): INodeProperties => ({ displayName, name: `${profile}_${setting}`, type: 'string', default: standard, ...(placeholder ? { placeholder } : {}), displayOptions: { show: { profile: [profile] } }, ...(description ? { description } : {}) })),
);

export class RestErpApi implements ICredentialType {
	name = 'restErpApi';

	displayName = 'REST CRM/ERP API';

	documentationUrl = 'https://github.com/n8n-nodes-crm-erp/n8n-nodes-crm-erp/blob/main/docs/rest.md';

	icon: Icon = { light: 'file:../nodes/RestErp/rest.svg', dark: 'file:../nodes/RestErp/rest.dark.svg' };

	properties: INodeProperties[] = [
		{
			displayName: 'System',
			name: 'profile',
			type: 'options',
			options: [
				{ name: 'ERPNext', value: 'erpnext' },
				{ name: 'Laudus ERP', value: 'laudus' },
				{ name: 'Microsoft Dynamics 365 Business Central', value: 'business-central' },
				{ name: 'OData V4, Plain', value: 'odata-v4' },
				{ name: 'Oracle NetSuite', value: 'netsuite' },
				{ name: 'Own Profile (JSON)', value: 'custom' },
				{ name: 'SalesapCRM', value: 'salesap' },
				{ name: 'SAP Business One', value: 'sap-b1' },
				{ name: 'SAP S/4HANA', value: 'sap-s4' },
			],
			default: 'odata-v4',
			description: 'Which system the server runs: each has a profile that comes with these nodes. A system that is not in the list needs a profile of its own; the documentation shows how one is written.',
		},
		{ displayName: 'Profile JSON', name: 'profileJson', type: 'json', typeOptions: { rows: 10 }, default: '{}', displayOptions: { show: { profile: ['custom'] } }, description: 'The whole profile, as the documentation describes it' },
		...urls,
		{ displayName: 'User Name', name: 'username', type: 'string', default: '', placeholder: 'e.g. integration', displayOptions: shownFor('laudus', 'odata-v4', 'sap-b1', 'sap-s4'), description: 'A user of its own for the integration is best, with the rights to read and write what the workflow needs' },
		{ displayName: 'Password', name: 'password', type: 'string', typeOptions: { password: true }, default: '', displayOptions: shownFor('laudus', 'odata-v4', 'sap-b1', 'sap-s4'), description: 'The password of that user' },
		{ displayName: 'API Key or Token', name: 'token', type: 'string', typeOptions: { password: true }, default: '', displayOptions: shownFor('erpnext', 'salesap'), description: 'For ERPNext the API key and the API secret of a user, joined by a colon' },
		{ displayName: 'Client ID', name: 'clientId', type: 'string', default: '', displayOptions: shownFor('business-central', 'netsuite'), description: 'Of the application that was registered for this workflow (OAuth 2 client credentials)' },
		{ displayName: 'Client Secret', name: 'clientSecret', type: 'string', typeOptions: { password: true }, default: '', displayOptions: shownFor('business-central'), description: 'The secret of that application. Its value, not its ID' },
		{ displayName: 'Private Key', name: 'privateKey', type: 'string', typeOptions: { password: true, rows: 4 }, default: '', placeholder: '-----BEGIN PRIVATE KEY-----', displayOptions: shownFor('netsuite'), description: 'The key (PEM) whose certificate is registered with the server' },
		{ displayName: 'Key ID', name: 'keyId', type: 'string', typeOptions: { password: true }, default: '', displayOptions: shownFor('netsuite'), description: 'How the server calls the certificate of the private key' },
		{ displayName: 'Token URL', name: 'tokenUrl', type: 'string', default: '', placeholder: 'e.g. https://login.example.com/oauth2/token', displayOptions: shownFor(), description: 'Where an access token is got, when that is another server than the base URL (OAuth 2)' },
		...settings,
		{ displayName: 'Settings', name: 'settings', type: 'string', typeOptions: { rows: 2 }, default: '', placeholder: '{"company": "CRONUS"}', displayOptions: { show: { profile: ['custom'] } }, description: 'Values by the names that the profile lists under <code>settings</code>, as a JSON object' },
		{ displayName: 'Installation Name', name: 'installation', type: 'string', required: true, default: 'erp', description: 'Short name that becomes part of the keys written into the other system, e.g. "erp". Never change it later: records would not be recognised any more.' },
		{ displayName: 'Profile Overrides', name: 'profileOverrides', type: 'string', typeOptions: { rows: 2 }, default: '', placeholder: 'e.g. {"kinds": {"order": {"read": {"reference": "record.PONumber"}}}}', description: 'Only where your installation differs from the profile: the keys to change, as a JSON merge patch; null removes one. To log in another way than the profile does, choose "Own Profile (JSON)" and paste the changed profile: all fields for logging in are shown there.' },
		{ displayName: 'Requests at Once', name: 'maxConcurrent', type: 'number', typeOptions: { minValue: 1, maxValue: 20 }, default: 4, description: 'At most so many requests at the same time; the profile may ask for fewer' },
		...connectionProperties('the server'),
	];
}
