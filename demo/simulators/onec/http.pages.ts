// Owns how errors look on the wire: OData's own shapes and what stands in front of 1C (reference 7).
// Must not know: why something failed.
import type { SimResponse } from '../server';
import { escape } from './atom';
import { OdataError, noMemory } from './errors';
import type { Format } from './odata.options';
import { platformPage } from './session';
import type { Switches } from './switches';

const HTML = { 'content-type': 'text/html;charset=utf-8' };

export const loginPage = '<!DOCTYPE html><html><head><title>1C:Fresh</title></head><body><form action="/login">Вход в приложение</form></body></html>';

/** A gateway's or a maintenance page: 200, and not what was asked for. */
export const gatewayPage = (): SimResponse => ({ status: 200, headers: HTML, body: loginPage });

export const invalidUrl = (): SimResponse => ({
	status: 400,
	headers: { 'content-type': 'text/html; charset=us-ascii' },
	body: '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n<HTML><HEAD><TITLE>Bad Request</TITLE></HEAD>\r\n<BODY><h2>Bad Request - Invalid URL</h2>\r\n<hr><p>HTTP Error 400. The request URL is invalid.</p>\r\n</BODY></HTML>\r\n',
});

export const lengthRequired = (): SimResponse => ({
	status: 411,
	headers: { 'content-type': 'text/html; charset=us-ascii' },
	body: '<HTML><HEAD><TITLE>Length Required</TITLE></HEAD>\r\n<BODY><h2>Length Required</h2>\r\n<hr><p>HTTP Error 411. The request must be chunked or have a content length.</p>\r\n</BODY></HTML>\r\n',
});

const NOT_FOUND = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>404 - File or directory not found.</title></head>
<body><h2>404 - File or directory not found.</h2></body></html>
`;

/** IIS's `httpErrors`: its own body for a 404. */
export const replaced = ({ iisReplaces404 }: Switches, response: SimResponse): SimResponse => (iisReplaces404 && response.status === 404 ? { status: 404, headers: HTML, body: NOT_FOUND } : response);

/** The error in the format of the request, or in the shape the switch asks for. */
export function errorAnswer(switches: Switches, format: Format, error: OdataError): SimResponse {
	const text = error.text[switches.language];
	const bom = switches.bom ? '\ufeff' : '';
	if (switches.errorShape === 'html') return platformPage(error.status, escape(text));
	// Running out of memory is not the service's own error, but the application server's.
	if (switches.errorShape === 'exception' || error.message === noMemory().message) return { status: error.status, headers: { 'content-type': 'application/json;charset=utf-8' }, body: bom + exception(text) };
	if (format === 'atom') return { status: error.status, headers: { 'content-type': 'application/xml;charset=utf-8' }, body: bom + atomError(error.code, text) };
	const body = { 'odata.error': { code: error.code, message: { lang: 'ru', value: text } } };
	return { status: error.status, headers: { 'content-type': 'application/json;charset=utf-8' }, body: bom + JSON.stringify(body, null, 1) };
}

const atomError = (code: string, text: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<m:error xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">
	<m:code>${code}</m:code>
	<m:message>${escape(text)}</m:message>
</m:error>
`;

const exception = (descr: string): string =>
	JSON.stringify({ exception: { clsid: '00000000-0000-0000-0000-000000000000', descr: 'HTTP: Forbidden. Ошибка при выполнении запроса GET к ресурсу /e1cib/…', creationStack: '…', inner: { descr } } }, null, 1);
