// Owns the registry: one line per system. Everything else finds a system here.
import { odoo } from './OdooErp/odoo.system';
import { onec } from './OneC/onec.system';
import { rest } from './RestErp/rest.system';
import { vtiger } from './Vtiger/vtiger.system';
import type { System } from './core/port';

export const systems = {
	vtiger: { system: vtiger, credential: 'vtigerCrmErpApi' },
	odoo: { system: odoo, credential: 'odooErpApi' },
	onec: { system: onec, credential: 'oneCApi' },
	rest: { system: rest, credential: 'restErpApi' },
} as const satisfies Record<string, { system: System; credential: string }>;
