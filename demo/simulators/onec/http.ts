// Owns the front door: which part of the URL space a request is for, and what the call is named in the log.
// Must not know: the query language, records.
import type { SimRequest, SimResponse } from '../server';
import { demoPage } from './page';
import type { Sessions } from './session';
import type { Store } from './store';
import type { Configuration } from './store.configuration';
import type { Objects } from './store.objects';
import type { Switches } from './switches';

/** Everything an answer is made from. */
export interface Service {
	configuration: Configuration;
	store: Store;
	objects: Objects;
	switches: Switches;
	sessions: Sessions;
	/** The service root's URL without a trailing slash. */
	root: () => string;
	user: string;
	password: string;
}

/** `GET Document_ЗаказКлиента`; null for demo pages. */
export function operationOf(service: Service, request: SimRequest): string | null {
	return request.path.startsWith(`/${service.configuration.path}/odata/`) ? `${request.method} ?` : null;
}

export async function answer(service: Service, request: SimRequest): Promise<SimResponse> {
	return demoPage(service, request) ?? { status: 404, headers: { 'content-type': 'text/html' }, body: '' };
}
