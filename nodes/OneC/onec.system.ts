// Owns 1C's entry in the registry. Must not know n8n or another system.
import type { System } from '../core/port';
import { capabilities, OnecConnector } from './onec.connector';
import { readCredential, readEndpoint } from './onec.credential';

/** 1C:Enterprise through its standard OData interface. */
export const onec: System = {
	endpoint: readEndpoint,
	connect: (credential, deps) => new OnecConnector(readCredential(credential), deps),
	capabilities,
};
