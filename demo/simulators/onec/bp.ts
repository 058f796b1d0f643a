// Owns the configuration "bp". (First version: metadata only.)
// Must not know: the OData interface.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from './store.configuration';

export function configuration(): Configuration {
	return {
		path: 'bp30',
		metadata: readFileSync(join(__dirname, 'metadata', 'ut11-demo.xml'), 'utf8'),
		facets: {},
		handlers: {},
		synonyms: { Document_ЗаказКлиента: 'Заказ клиента' },
		virtual: () => [],
		plans: { select: () => [], acknowledge: () => undefined },
		install: () => undefined,
	};
}
