// Owns the configuration УТ 11.5: its objects' code, numbering, registers, initial records.
// Must not know: the OData interface.
import { metadataText } from './metadata';
import { taxInvoices, withDocumentRules } from './posting.rules';
import { taskActions } from './posting.tasks';
import { plans, registerChanges } from './plans';
import { accumulationTables, virtualRows } from './registers';
import { keepJournal } from './registers.journals';
import type { Configuration, Handlers } from './store.configuration';
import { noFunction } from './errors';
import { catalogCode } from './posting';
import { FACETS, SYNONYMS } from './ut.facts';
import { installUt } from './ut.initial';
import { ORDER, orders } from './ut.orders';
import { PAYMENT, PRICING, SURPLUS, payments, pricing, surplus } from './ut.payments';
import { SHIPMENT, shipments } from './ut.shipments';
import { ZERO_GUID } from './values';

const TAX_INVOICE = 'Document_СчетФактураВыданный';

const coded = (set: string): Handlers => ({ number: (store) => catalogCode(store, set, 'ЦБ', 8) });

const CATALOGS: Readonly<Record<string, Handlers>> = {
	Catalog_Партнеры: { ...coded('Catalog_Партнеры'), defaults: (store) => ({ ДатаРегистрации: `${new Date(store.now()).toISOString().slice(0, 10)}T00:00:00` }) },
	Catalog_Номенклатура: coded('Catalog_Номенклатура'),
	Catalog_СоглашенияСКлиентами: coded('Catalog_СоглашенияСКлиентами'),
	Catalog_ДоговорыКонтрагентов: coded('Catalog_ДоговорыКонтрагентов'),
	// A counterparty without a head office is its own, as in the captured records.
	Catalog_Контрагенты: {
		beforeWrite: ({ row }) => {
			if (row['ГоловнойКонтрагент_Key'] === ZERO_GUID) row['ГоловнойКонтрагент_Key'] = row['Ref_Key'] ?? ZERO_GUID;
		},
	},
};

const DOCUMENTS: Readonly<Record<string, Handlers>> = {
	[ORDER]: orders,
	[SHIPMENT]: shipments,
	[PAYMENT]: payments,
	[PRICING]: pricing,
	[SURPLUS]: surplus,
	[TAX_INVOICE]: taxInvoices(TAX_INVOICE, 'ЦБ', { Организация_Key: 'Организация', Контрагент_Key: 'Контрагент' }),
};

export function configuration(): Configuration {
	const metadata = metadataText('ut');
	const tables = accumulationTables(metadata);
	return {
		path: 'ut11',
		metadata,
		facets: FACETS,
		handlers: { ...CATALOGS, ...withDocumentRules(DOCUMENTS, SYNONYMS) },
		synonyms: SYNONYMS,
		virtual: (store, call) => {
			const rows = virtualRows(store, tables, call);
			if (!rows) throw noFunction();
			return rows;
		},
		actions: taskActions,
		plans,
		install: (store) => {
			installUt(store);
			keepJournal(store, { set: 'DocumentJournal_ДокументыПродажи', documents: { [ORDER]: 'Валюта_Key', [SHIPMENT]: 'Валюта_Key', [PAYMENT]: 'Валюта_Key' } });
			registerChanges(store, 'ExchangePlan_ДляODATA');
		},
	};
}
