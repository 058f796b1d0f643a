// Owns the pages a person sees in the browser. (First version: none yet.)
// Must not know: the OData interface.
import type { SimRequest, SimResponse } from '../server';
import type { Service } from './http';

export function demoPage(_service: Service, _request: SimRequest): SimResponse | undefined {
	return undefined;
}
