// Owns the demo CRM's web pages: which address shows what, and the button that accepts a quote.
// Must not know: the API, faults.
import type { SimRequest, SimResponse } from '../server';
import { isBlank } from './records';
import type { Installation } from './installation';
import { changeDocument } from './inventory';
import { frame } from './page.layout';
import { navigation, overview } from './page.lists';
import { recordPage } from './page.record';
import type { User } from './session';

/** Answers a browser. `admin` is who presses the buttons. */
export async function page(crm: Installation, admin: User, request: SimRequest): Promise<SimResponse> {
	if (request.path === '/demo/accept' && request.method === 'POST') return await accept(crm, admin, request);
	if (request.path === '/favicon.ico') return { status: 204, body: '' };
	if (request.path === '/') return shown(crm, 'Overview', overview(crm));
	const row = request.path.startsWith('/record/') ? crm.store.get(decodeURIComponent(request.path.slice('/record/'.length))) : undefined;
	if (!row) return { ...shown(crm, 'Not found', '<h1>There is no such page.</h1>'), status: 404 };
	return shown(crm, 'Record', recordPage(crm, row));
}

/** What a salesperson does on the screen: the stage becomes Accepted, and nothing else. */
async function accept(crm: Installation, admin: User, request: SimRequest): Promise<SimResponse> {
	const id = new URLSearchParams(request.body).get('id');
	const quote = isBlank(id) ? undefined : crm.store.get(String(id));
	if (quote?.module !== 'Quotes') return { ...shown(crm, 'Not found', '<h1>There is no such quote.</h1>'), status: 404 };
	await changeDocument(crm, admin, { id: quote.id, quotestage: 'Accepted' }, 'revise');
	return { status: 303, headers: { location: comesFrom(request) }, body: '' };
}

function comesFrom(request: SimRequest): string {
	const path = /^https?:\/\/[^/]+(\/[^?#]*)/.exec(request.headers.referer ?? '')?.[1];
	return path ?? '/';
}

function shown(crm: Installation, title: string, content: string): SimResponse {
	const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
	return { status: 200, headers, body: frame(title, crm.version, navigation(crm), content) };
}
