// Owns the entry of profiled REST systems in the registry. Must not know n8n or another system.
import type { System } from '../core/port';
import { servicesFor } from './rest.assembly';
import { EVERYTHING } from './rest.capabilities';
import { RestConnector } from './rest.connector';
import { readEndpoint } from './rest.credential';

/** Any CRM or ERP with a REST or OData interface, by a profile. */
export const rest: System = {
	endpoint: readEndpoint,
	connect: (credential, deps) => new RestConnector(servicesFor(credential, deps)),
	capabilities: EVERYTHING,
	parameters: ['profileFrom', 'profile', 'profileJson', 'profileOverrides'],
};
