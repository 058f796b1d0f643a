// A credential for the tests of the n8n host: its test asks the given address.
class ProbeApi {
	constructor() {
		this.name = 'probeApi';
		this.displayName = 'Probe API';
		this.properties = [{ displayName: 'URL', name: 'url', type: 'string', default: '' }];
		this.test = { request: { baseURL: '={{$credentials.url}}', url: '/' } };
	}
}
module.exports = { ProbeApi };
