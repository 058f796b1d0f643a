// Owns the parameters of 1C's registers: slices, balances, turnovers, records. No logic.
import type { INodeProperties } from 'n8n-workflow';
import { limit, returnAll } from '../kit/properties';
import { setLocator } from './onec.properties.objects';

const REGISTERS = ['informationRegister', 'accumulationRegister', 'accountingRegister'];
const WITH_BALANCE = ['accumulationRegister', 'accountingRegister'];
const SLICES = ['sliceLast', 'sliceFirst'];
const OVER_TIME = ['turnovers', 'balanceAndTurnovers'];

const show = (resource: string[], ...operation: string[]): INodeProperties['displayOptions'] => ({ show: { resource, operation } });

const period: INodeProperties[] = [
	{ displayName: 'Moment', name: 'period', type: 'dateTime', default: '', displayOptions: show(REGISTERS, ...SLICES, 'balance'), description: 'As of when. Empty: now.' },
	{ displayName: 'From', name: 'periodFrom', type: 'dateTime', default: '', displayOptions: show(REGISTERS, ...OVER_TIME, 'registerRead'), description: 'Beginning of the period; empty for the very beginning, which takes long on a large register' },
	{ displayName: 'To', name: 'periodTo', type: 'dateTime', default: '', displayOptions: show(REGISTERS, ...OVER_TIME, 'registerRead'), description: 'End of the period; empty for now' },
];

const condition: INodeProperties = {
	displayName: 'Condition',
	name: 'condition',
	type: 'string',
	default: '',
	placeholder: "e.g. Номенклатура_Key eq guid'8d2f4c1a-5b7e-11ee-8c99-0242ac120002'",
	displayOptions: show(REGISTERS, ...SLICES, 'balance', ...OVER_TIME),
	description: 'OData condition over the dimensions, which 1C applies before it calculates. Without one a large register takes long.',
};

const dimensions: INodeProperties = {
	displayName: 'Dimensions',
	name: 'dimensions',
	type: 'string',
	default: '',
	placeholder: 'e.g. Номенклатура, Склад',
	displayOptions: show(WITH_BALANCE, 'balance', ...OVER_TIME),
	description: 'By which dimensions to group, separated by commas; empty for all',
};

const writing: INodeProperties[] = [
	{ displayName: 'Records', name: 'records', type: 'json', required: true, default: '[]', placeholder: 'e.g. [{"Period": "2026-01-31", "Валюта_Key": "…", "Курс": 91.5}]', displayOptions: show(['informationRegister'], 'registerWrite'), description: 'One record or a list of records as JSON. A record with the same dimensions as one that is there replaces it.' },
	{ displayName: 'Deletes for ever: records of a register have no deletion mark.', name: 'registerDeletionNotice', type: 'notice', default: '', displayOptions: show(['informationRegister'], 'registerDelete') },
	{ displayName: 'Record Key', name: 'recordKey', type: 'string', required: true, default: '', placeholder: "e.g. Period=datetime'2026-01-31T00:00:00',Валюта_Key=guid'8d2f…'", displayOptions: show(['informationRegister'], 'registerDelete'), description: 'Date and dimensions of the record, as OData writes them' },
	{ displayName: 'Confirmation', name: 'confirmation', type: 'string', required: true, default: '', displayOptions: show(['informationRegister'], 'registerDelete'), description: 'The same key once more; nothing is deleted when the two differ' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: show(['informationRegister'], 'registerWrite'),
		options: [
			{ displayName: 'Recorder ID', name: 'recorderId', type: 'string', default: '', placeholder: 'e.g. 8d2f4c1a-5b7e-11ee-8c99-0242ac120002', description: 'For a register whose records belong to documents: the reference of that document' },
			{ displayName: 'Recorder Type', name: 'recorderType', type: 'string', default: '', placeholder: 'e.g. Document_УстановкаЦенНоменклатуры', description: 'For a register whose records belong to documents: the kind of that document. All records of the document are replaced.' },
		],
	},
];

const select: INodeProperties = { displayName: 'Fields', name: 'select', type: 'string', default: '', placeholder: 'e.g. Номенклатура_Key, ВНаличииBalance', description: 'Only these fields of the result, separated by commas' };
const filter: INodeProperties = { displayName: 'Filter', name: 'filter', type: 'string', default: '', placeholder: 'e.g. ВНаличииBalance gt 0', description: 'OData condition over the result' };
const most: INodeProperties = { displayName: 'Limit', name: 'limit', type: 'number', typeOptions: { minValue: 1 }, default: 50, description: 'Max number of results to return' };

/** The optional parameters of what 1C calculates. */
const calculated: INodeProperties[] = [
	{ displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add Option', default: {}, displayOptions: { show: { resource: ['informationRegister', 'accumulationRegister'], operation: [...SLICES, 'balance', ...OVER_TIME] } }, options: [select, filter, most] },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: show(['accountingRegister'], 'balance', ...OVER_TIME),
		options: [
			{ displayName: 'Account Condition', name: 'accountCondition', type: 'string', default: '', placeholder: "e.g. Account/Code eq '41.01'", description: 'OData condition over the account' },
			{ displayName: 'Balanced Account Condition', name: 'balancedAccountCondition', type: 'string', default: '', displayOptions: { hide: { '/operation': ['balance'] } }, description: 'OData condition over the corresponding account' },
			{ displayName: 'Extra Dimensions', name: 'extraDimensions', type: 'string', default: '', description: 'References of the kinds of extra dimensions (виды субконто), separated by commas' },
			select,
			filter,
			most,
		],
	},
	{ displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add Option', default: {}, displayOptions: show(REGISTERS, 'registerRead'), options: [select, filter] },
];

export const registerProperties: INodeProperties[] = [
	setLocator('Register', 'register', ['informationRegister'], 'searchInformationRegisters', 'e.g. InformationRegister_ЦеныНоменклатуры25', 'The register to work on'),
	setLocator('Register', 'register', ['accumulationRegister'], 'searchAccumulationRegisters', 'e.g. AccumulationRegister_ТоварыНаСкладах', 'The register to work on'),
	setLocator('Register', 'register', ['accountingRegister'], 'searchAccountingRegisters', 'e.g. AccountingRegister_Хозрасчетный', 'The register to work on'),
	...period,
	condition,
	dimensions,
	returnAll(show(REGISTERS, 'registerRead')),
	limit({ show: { resource: REGISTERS, operation: ['registerRead'], returnAll: [false] } }),
	...writing,
	...calculated,
];
