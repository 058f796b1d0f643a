// Owns Odoo's entry in the registry. Must not know n8n or another system.
import type { System } from '../core/port';
import { capabilities, OdooConnector } from './odoo.connector';
import { readCredential, readEndpoint } from './odoo.credential';

/** Odoo 14 to 19. */
export const odoo: System = {
	endpoint: readEndpoint,
	connect: (credential, deps) => new OdooConnector(readCredential(credential), deps),
	capabilities,
};
