// A node for the tests of the n8n host: adds two amounts with a dependency of its pack, and answers every kind of list.
const Big = require('big.js');

class Probe {
	constructor() {
		this.description = {
			displayName: 'Probe',
			name: 'probe',
			group: ['transform'],
			version: 1,
			description: 'Adds 0.1 and 0.2',
			defaults: { name: 'Probe' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: 'probeApi', required: true }],
			properties: [{ displayName: 'Choice', name: 'choice', type: 'options', typeOptions: { loadOptionsMethod: 'choices' }, default: '' }],
		};
		this.methods = {
			loadOptions: { async choices() { return [{ name: 'One', value: 'one' }]; } },
			listSearch: { async search(filter) { return { results: [{ name: `Found ${filter}`, value: 'found' }] }; } },
			resourceMapping: { async fields() { return { fields: [{ id: 'name', displayName: 'Name', required: true, defaultMatch: false, display: true, type: 'string' }] }; } },
		};
	}
	async execute() {
		const { url } = await this.getCredentials('probeApi');
		return [[{ json: { sum: new Big('0.1').plus('0.2').toString(), url } }]];
	}
}
module.exports = { Probe };
