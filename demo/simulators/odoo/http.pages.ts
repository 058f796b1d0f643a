// Owns the answers that are not JSON: the HTML of 400, 404, 415 and the plain refusals.
// Must not know: calls, models.
import type { SimResponse } from '../server';
import type { Version } from './versions';

const HTML = { 'content-type': 'text/html; charset=utf-8' };

function errorPage(version: Version, status: number, title: string, text: string): SimResponse {
	const head = version === 14 ? '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">' : '<!doctype html>\n<html lang=en>';
	return { status, headers: HTML, body: `${head}\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>${text}</p>\n` };
}

/** The website's own 404 page; a client only has to see that it is HTML. */
export function notFoundPage(version: Version): SimResponse {
	const body = `<!DOCTYPE html>\n<html>\n    <head>\n        <meta charset="utf-8"/>\n        <title>Odoo</title>\n    </head>\n    <body>\n        <main>\n            <h1>Error 404</h1>\n            <p>We couldn't find the page you're looking for!</p>\n            <p><b>Don't panic.</b> If you think it's our mistake, please send us a message on <a href="/contactus">this page</a>.</p>\n        </main>\n    </body>\n</html>\n`;
	return { status: 404, headers: { 'content-type': version === 14 ? 'text/html;charset=utf-8' : 'text/html; charset=utf-8' }, body };
}

/** 14 answers an unknown path in JSON when the request was JSON. */
export function notFoundJson(id: string): SimResponse {
	const text = '404 Not Found: The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.';
	const data = { name: 'werkzeug.exceptions.NotFound', debug: '', message: text, arguments: [], context: {} };
	const body = `{"jsonrpc": "2.0", "id": ${id}, "error": ${JSON.stringify({ code: 404, message: '404: Not Found', data, http_status: 404 })}}`;
	return { status: 404, headers: { 'content-type': 'application/json' }, body };
}

export function plainNotFound(): SimResponse {
	return errorPage(19, 404, 'Not Found', 'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.');
}

export function invalidJson(version: Version, body: string): SimResponse {
	if (version > 14) return { status: 400, headers: HTML, body: 'Invalid JSON data' };
	const shown = body.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
	return errorPage(version, 400, 'Bad Request', `Invalid JSON data: '${shown}'`);
}

export function notAnObject(version: Version): SimResponse {
	if (version > 14) return { status: 400, headers: HTML, body: 'Invalid JSON-RPC data' };
	return errorPage(
		version,
		500,
		'Internal Server Error',
		'The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application.',
	);
}

/** A request to /jsonrpc that is not JSON: 400 up to 18, 415 in 19. */
export function wrongType(version: Version, isGet: boolean): SimResponse {
	if (version === 14) {
		return errorPage(
			version,
			400,
			'Bad Request',
			isGet
				? "&lt;function RPC.jsonrpc&gt;, /jsonrpc: Function declared as capable of handling request of type 'json' but called with a request of type 'http'"
				: 'Session expired (invalid CSRF token)',
		);
	}
	if (version < 19)
		return errorPage(version, 400, 'Bad Request', 'Request inferred type is compatible with [&#39;http&#39;] but &#39;/jsonrpc&#39; is type=&#39;json&#39;.');
	return unsupportedTypePage('/jsonrpc', 'jsonrpc', isGet);
}

export function unsupportedTypePage(route: string, type: string, both = false): SimResponse {
	const kinds = both ? '[&#39;http&#39;, &#39;json2&#39;]' : '[&#39;http&#39;]';
	return errorPage(
		19,
		415,
		'Unsupported Media Type',
		`Request inferred type is compatible with ${kinds} but &#39;${route}&#39; is type=&#39;${type}&#39;.<br><br>Please verify the Content-Type request header and try again.`,
	);
}

/** Several databases and none chosen, or a wrong name. */
export function noDatabasePage(): SimResponse {
	const body =
		'<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>No database is selected and the requested URL was not found in the server-wide controllers.</p>\n<p>Please verify the hostname, <a href=/web/login>login</a> and try again.</p>\n\n<!-- Alternatively, use the X-Odoo-Database header. -->\n';
	return { status: 404, headers: HTML, body };
}
