import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { connectionProperties } from '../nodes/kit/connection';

export class OneCApi implements ICredentialType {
	name = 'oneCApi';

	displayName = '1C:Enterprise API';

	documentationUrl = 'https://github.com/n8n-nodes-crm-erp/n8n-nodes-crm-erp/blob/main/docs/onec.md';

	icon: Icon = { light: 'file:../nodes/OneC/onec.svg', dark: 'file:../nodes/OneC/onec.dark.svg' };

	properties: INodeProperties[] = [
		{ displayName: 'Infobase URL', name: 'url', type: 'string', required: true, default: '', placeholder: 'e.g. https://1c.example.com/trade', description: 'The address at which you open the infobase in the browser. "/odata/standard.odata" at its end may be left off.' },
		{ displayName: 'User Name', name: 'username', type: 'string', required: true, default: '', placeholder: 'e.g. Обмен CRM', description: 'The 1C user exactly as in the list of users, also in Cyrillic. A user of its own for the integration is best.' },
		{ displayName: 'Password', name: 'password', type: 'string', typeOptions: { password: true }, default: '', description: 'The password of that 1C user' },
		{ displayName: 'Installation Name', name: 'installation', type: 'string', required: true, default: 'onec', description: 'Short name that becomes part of the keys written into the CRM, e.g. "onec". Never change it later: records would not be recognised any more.' },
		{ displayName: 'Infobase Time Zone', name: 'timeZone', type: 'string', default: 'Europe/Moscow', placeholder: 'e.g. Asia/Yekaterinburg', description: '1C keeps dates as the clock on its wall shows them. This says which wall: the time zone in which the people who use the infobase work.' },
		{
			displayName: 'Configuration',
			name: 'profile',
			type: 'options',
			options: [
				{ name: 'Accounting (БП 3.0)', value: 'bp', description: 'Бухгалтерия предприятия: orders are invoices to the customer (Счет на оплату)' },
				{ name: 'Recognise by Itself', value: 'auto', description: 'From the objects that the infobase publishes' },
				{ name: 'Small Business (УНФ)', value: 'unf', description: 'Управление нашей фирмой' },
				{ name: 'Trade (УТ 11, КА, ERP 2)', value: 'ut', description: 'Управление торговлей, Комплексная автоматизация, ERP Управление предприятием' },
			],
			default: 'auto',
			description: 'Which 1C configuration the infobase runs. It decides in which objects customers, orders and invoices are kept.',
		},
		{ displayName: 'Configuration Overrides', name: 'profileOverrides', type: 'json', default: '{}', placeholder: 'e.g. {"order": {"set": "Document_ЗаказПокупателя"}}', description: 'For a changed configuration: objects and fields that have other names in your infobase, as JSON. The documentation lists the names that can be given.' },
		{ displayName: 'Organization', name: 'organization', type: 'string', default: '', placeholder: 'e.g. ООО Ромашка', description: 'Which of your own organizations (Организации) new documents belong to: its name, ИНН, code or ID. May stay empty when the infobase has only one.' },
		{ displayName: 'Use Own IDs for New Records', name: 'useOwnRefKeys', type: 'boolean', default: true, description: 'Whether a new record gets an ID that is calculated from the key of its source, so that 1C itself refuses a second one. Switch off only when your infobase does not keep such IDs: the connection test and the documentation say so.' },
		{
			displayName: 'Sessions',
			name: 'sessionMode',
			type: 'options',
			options: [
				{ name: 'Automatic', value: 'auto', description: 'The web server keeps sessions when its publication is set up so; nothing to do here' },
				{ name: 'None', value: 'none', description: 'Every request opens and closes its own session' },
				{ name: 'Opened and Closed by the Node', value: 'explicit', description: 'One session for many requests (IBSession): faster where the publication does not reuse sessions, and one licence is taken for it' },
			],
			default: 'auto',
			description: 'How sessions of 1C are used. Each open session takes a client licence.',
		},
		{ displayName: 'Requests at Once', name: 'maxConcurrent', type: 'number', typeOptions: { minValue: 1, maxValue: 10 }, default: 2, description: 'At most so many requests at the same time. Each may take a session and a licence; 2 to 5 is usual.' },
		...connectionProperties('1C'),
	];
}
