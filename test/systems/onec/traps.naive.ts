// Owns a request as somebody sends it who knows none of 1C's traps: to prove that the simulated server has them.
import { basicAuth } from '../../../nodes/OneC/onec.wire';
import { PASSWORD, type Setting, USER } from './setting';

export interface Plain {
	status: number;
	text: string;
	headers: Headers;
	rows: Array<Record<string, unknown>>;
}

/** A request as somebody sends it who knows none of the traps. */
export async function naive({ sim }: Setting, method: string, address: string, headers: Record<string, string> = {}, body?: string): Promise<Plain> {
	const response = await fetch(`${sim.url}/odata/standard.odata/${address}`, { method, body, headers: { Authorization: basicAuth(USER, PASSWORD), Accept: 'application/json', ...headers } });
	const received = await response.text();
	let rows: Plain['rows'] = [];
	try {
		rows = (JSON.parse(received.replace(/^\ufeff/, '')) as { value?: Plain['rows'] }).value ?? [];
	} catch {
		// Not JSON: the text tells.
	}
	return { status: response.status, text: received, headers: response.headers, rows };
}
