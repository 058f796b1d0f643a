// Proves what the editor's pickers offer, all of it asked through the port, and how they say that it did not work.
import { Failure } from '../../nodes/core/failure';
import { choiceMethods } from '../../nodes/kit/choices';
import { FakeConnector, optionsContext, quote, systemOf } from './fakes';

function pickers(connector = new FakeConnector()) {
	return choiceMethods(systemOf(connector), 'fakeApi');
}

it('fields: those that can be written, custom ones marked', async () => {
	expect(await pickers().loadOptions.getFields.call(optionsContext({ resource: 'quote' }))).toEqual([
		{ name: 'Colour (cf_1)', value: 'cf_1', description: 'Custom field' },
		{ name: 'Subject (subject)', value: 'subject', description: 'text' },
	]);
});

it('taxes and product codes', async () => {
	expect(await pickers().loadOptions.getTaxes.call(optionsContext({}))).toEqual([{ name: 'All of taxes', value: '1' }]);
	expect(await pickers().loadOptions.getProductCodes.call(optionsContext({}))).toEqual([{ name: 'All of productCodes', value: '1' }]);
});

it('documents of the chosen resource, filtered as people type', async () => {
	const connector = new FakeConnector();
	connector.documents = [quote('1', { subject: 'Widgets' }), quote('2', { subject: 'Ropes' })];
	const search = async (resource: string, filter?: string) => (await pickers(connector).listSearch.searchDocuments.call(optionsContext({ resource }), filter)).results;
	expect(await search('quote')).toEqual([{ name: 'quote QUO1 "Widgets"', value: '1' }, { name: 'quote QUO2 "Ropes"', value: '2' }]);
	expect(await search('quote', 'rOPE')).toMatchObject([{ value: '2' }]);
	expect(await search('record')).toEqual([]);
});

it('modules, by label and name', async () => {
	const search = async (filter?: string) => (await pickers().listSearch.searchModules.call(optionsContext({}), filter)).results;
	expect(await search()).toEqual([{ name: 'Leads', value: 'Leads' }, { name: 'Tickets (HelpDesk)', value: 'HelpDesk' }]);
	expect(await search('helpd')).toMatchObject([{ value: 'HelpDesk' }]);
});

it('say in words that it did not work', async () => {
	const connector = new FakeConnector();
	connector.choices = async () => await Promise.reject(new Failure('denied', 'The access key is wrong', { advice: 'Enter it again' }));
	await expect(pickers(connector).loadOptions.getTaxes.call(optionsContext({}))).rejects.toMatchObject({ message: 'The access key is wrong', description: 'Enter it again' });
});
