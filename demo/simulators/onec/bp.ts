// Owns the configuration БП 3.0: its objects' code, numbering, registers, initial records.
// Must not know: the OData interface.
import { FACETS, SYNONYMS } from './bp.facts';
import { installBp } from './bp.initial';
import { INVOICE, PAYMENT, invoices } from './bp.invoices';
import { OPERATION, PRICING, operations, payments, pricing } from './bp.payments';
import { LEDGER, SHIPMENT, shipments } from './bp.shipments';
import { noFunction } from './errors';
import { metadataText } from './metadata';
import { plans, registerChanges } from './plans';
import { catalogCode } from './posting';
import { taxInvoices, withDocumentRules } from './posting.rules';
import { taskActions } from './posting.tasks';
import { accumulationTables, virtualRows } from './registers';
import { keepJournal } from './registers.journals';
import { accountCondition, ledgerRows } from './registers.ledger';
import type { Configuration, Handlers } from './store.configuration';
import { ZERO_GUID, text } from './values';

const TAX_INVOICE = 'Document_СчетФактураВыданный';

const coded = (set: string, digits: number): Handlers => ({ number: (store) => catalogCode(store, set, '00', digits) });

const CATALOGS: Readonly<Record<string, Handlers>> = {
	Catalog_Контрагенты: {
		...coded('Catalog_Контрагенты', 6),
		// Shown beside the plain numbers; a counterparty without a head office is its own.
		beforeWrite: ({ row, before, now }) => {
			if (row['IsFolder'] === true) return;
			if (row['ГоловнойКонтрагент_Key'] === ZERO_GUID) row['ГоловнойКонтрагент_Key'] = row['Ref_Key'] ?? ZERO_GUID;
			row['РасширенноеПредставлениеИНН'] = text(row, 'ИНН');
			row['РасширенноеПредставлениеКПП'] = text(row, 'КПП');
			row['ИННВведенКорректно'] = /^(\d{10}|\d{12})$/.test(text(row, 'ИНН'));
			row['КППВведенКорректно'] = /^\d{9}$/.test(text(row, 'КПП'));
			if (!before) row['ДатаСоздания'] = now;
		},
	},
	Catalog_ДоговорыКонтрагентов: coded('Catalog_ДоговорыКонтрагентов', 6),
	Catalog_БанковскиеСчета: coded('Catalog_БанковскиеСчета', 6),
	Catalog_Номенклатура: coded('Catalog_Номенклатура', 8),
};

const DOCUMENTS: Readonly<Record<string, Handlers>> = {
	[INVOICE]: invoices,
	[SHIPMENT]: shipments,
	[PAYMENT]: payments,
	[PRICING]: pricing,
	[OPERATION]: operations,
	[TAX_INVOICE]: taxInvoices(TAX_INVOICE, '00', { Организация_Key: 'Организация', Контрагент_Key: 'Контрагент' }),
};

export function configuration(): Configuration {
	const metadata = metadataText('bp');
	const tables = accumulationTables(metadata);
	return {
		path: 'bp30',
		metadata,
		facets: FACETS,
		handlers: { ...CATALOGS, ...withDocumentRules(DOCUMENTS, SYNONYMS) },
		synonyms: SYNONYMS,
		virtual: (store, call) => {
			const rows = call.set === LEDGER ? ledgerRows(store, call, accountCondition(store, call)) : virtualRows(store, tables, call);
			if (!rows) throw noFunction();
			return rows;
		},
		actions: taskActions,
		plans,
		install: (store) => {
			installBp(store);
			keepJournal(store, { set: 'DocumentJournal_ЖурналОпераций', documents: { [INVOICE]: 'ВалютаДокумента_Key', [SHIPMENT]: 'ВалютаДокумента_Key', [PAYMENT]: 'ВалютаДокумента_Key' } });
			registerChanges(store, 'ExchangePlan_ДляODATA');
		},
	};
}
