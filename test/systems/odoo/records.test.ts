// Proves the records API where a user may read a model but not all of its fields, as an ordinary user of Odoo 19 may
// not read `res.partner.rtc_session_ids`. What works everywhere is in the contract suite.
import type { HttpRequest, HttpResponse, Send } from '../../../nodes/core/http';
import { collect } from '../../../nodes/core/pages';
import { setUp, type Setting } from './setting';

const CLOSED = ['category_id', 'bank_ids'];

/** The server's own refusal of a read that asks for a closed field. */
function refusal(version: number): HttpResponse {
	const data = { name: 'odoo.exceptions.AccessError', message: 'Failed to read field', arguments: ['Failed to read field'], context: {}, debug: '' };
	const body = version >= 19 ? data : { jsonrpc: '2.0', id: 1, error: { code: 200, message: 'Odoo Server Error', data } };
	return { status: version >= 19 ? 403 : 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(body) };
}

describe.each([18, 19] as const)('Odoo %s with fields that are closed to the user', (version) => {
	let setting: Setting;
	let refused = 0;
	beforeAll(async () => {
		setting = await setUp({ version });
	});
	afterAll(async () => await setting.stop());

	async function between(request: HttpRequest, send: Send): Promise<HttpResponse> {
		const text = JSON.stringify(request.json);
		const asks = CLOSED.some((field) => text.includes(`"${field}"`));
		if (!asks || text.includes('fields_get')) return await send(request);
		refused++;
		return refusal(version);
	}

	test('get and list leave them out, and look for them once', async () => {
		const { records } = setting.connect({}, between);
		const id = String(setting.sim.insert('res.partner', { name: 'Closed in part', city: 'Hamburg' }));
		const row = await records.get('res.partner', id);
		expect(row).toMatchObject({ name: 'Closed in part', city: 'Hamburg' });
		for (const field of CLOSED) expect(field in row).toBe(false);
		const before = refused;
		expect(await collect(records.list('res.partner', '[["city", "=", "Hamburg"]]', undefined))).toMatchObject([{ name: 'Closed in part' }]);
		expect(refused).toBe(before);
	});

	test('a model that is closed altogether is told so', async () => {
		// Up to 18 model and method stand in the body, from 19 on in the path.
		const said = (request: HttpRequest) => request.path + JSON.stringify(request.json);
		const shut = setting.connect({}, async (request, send) => (said(request).includes('res.partner') && !said(request).includes('fields_get') ? refusal(version) : await send(request)));
		await expect(shut.records.get('res.partner', '1')).rejects.toMatchObject({ kind: 'denied' });
	});
});
