// Owns the registry: one line per system. Everything else finds a system here.
import { odoo } from './OdooErp/odoo.system';
import { vtiger } from './Vtiger/vtiger.system';
import type { System } from './core/port';

export const systems = {
	vtiger: { system: vtiger, credential: 'vtigerCrmErpApi' },
	odoo: { system: odoo, credential: 'odooErpApi' },
} as const satisfies Record<string, { system: System; credential: string }>;
