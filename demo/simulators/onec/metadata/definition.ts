// Owns the short notation in which objects of a configuration are written down here, and what each kind of object has by itself.
// Must not know: EDMX text, any configuration.

/**
 * An object of a configuration. `fields` and each table part are names divided by spaces; a sign after the name
 * gives the type: none = text or enum, `_Key` = reference, `#` number, `&` whole number, `%` small whole number,
 * `?` boolean, `@` date, `*` composite (with its `_Type`), `~` value storage.
 * A register's `dimensions` and `resources` are written the same way.
 */
export interface Definition {
	/** Name of the entity set, `Catalog_Партнеры`. */
	name: string;
	fields?: string;
	parts?: Readonly<Record<string, string>>;
	dimensions?: string;
	resources?: string;
	/** Catalogs: numbering, hierarchy, owner. */
	code?: boolean;
	parent?: boolean;
	/** The set of the owners; 'many' = composite. */
	owner?: string;
	/** Registers. `recorder`: 'none' = written by hand; 'one' = `Recorder_Key`; 'many' = `Recorder` and `Recorder_Type`. */
	recorder?: 'none' | 'one' | 'many';
	periodic?: boolean;
	/** Accumulation registers without balances. */
	turnoversOnly?: boolean;
}

export interface Field {
	name: string;
	/** `Edm.String` and so on. */
	type: string;
	required?: boolean;
}

const TYPES: Readonly<Record<string, string>> = { '#': 'Edm.Double', '&': 'Edm.Int64', '%': 'Edm.Int16', '?': 'Edm.Boolean', '@': 'Edm.DateTime' };

const typed = (name: string, type: string, required = false): Field => ({ name, type, required });

/** Names in the short notation as fields; composite fields' `_Type` stand apart, since 1C puts them last. */
export function fieldsOf(text = ''): { fields: Field[]; types: Field[] } {
	const fields: Field[] = [];
	const types: Field[] = [];
	for (const word of text.split(/\s+/).filter((w) => w !== '')) {
		const sign = word.slice(-1);
		const name = word.slice(0, -1);
		if (sign === '*') {
			fields.push(typed(name, 'Edm.String'));
			types.push(typed(`${name}_Type`, 'Edm.String'));
		} else if (sign === '~') {
			fields.push(typed(name, 'Edm.Stream'), typed(`${name}_Type`, 'Edm.String'), typed(`${name}_Base64Data`, 'Edm.Binary'));
		} else if (TYPES[sign] !== undefined) fields.push(typed(name, TYPES[sign] ?? ''));
		else fields.push(typed(word, word.endsWith('_Key') ? 'Edm.Guid' : 'Edm.String'));
	}
	return { fields, types };
}

const CATALOG = 'Predefined? PredefinedDataName DataVersion Description';
const DOCUMENT = 'DataVersion Number Date@ DeletionMark? Posted?';

/** Fields that the platform gives every object of the kind, in the order of the captured metadata. */
export function standardFields(definition: Definition): string {
	const kind = definition.name.slice(0, definition.name.indexOf('_'));
	switch (kind) {
		case 'Document':
			return DOCUMENT;
		case 'Constant':
			return '';
		case 'BusinessProcess':
			return 'DataVersion DeletionMark? Number Date@ Completed? HeadTask_Key Started?';
		case 'Task':
			return 'DataVersion DeletionMark? Number Date@ Description BusinessProcess* RoutePoint Executed?';
		case 'ExchangePlan':
			return 'Code Description DataVersion DeletionMark?';
		default: {
			const owner = definition.owner === undefined ? '' : definition.owner === 'many' ? ' Owner*' : ' Owner_Key';
			return `${CATALOG}${definition.code === false ? '' : ' Code'}${owner}${definition.parent ? ' Parent_Key IsFolder?' : ''} DeletionMark?`;
		}
	}
}

/** Where a reference of this name leads in either configuration. */
const TARGETS: Readonly<Record<string, string>> = {
	Партнер: 'Catalog_Партнеры',
	Клиент: 'Catalog_Партнеры',
	Контрагент: 'Catalog_Контрагенты',
	ГоловнойКонтрагент: 'Catalog_Контрагенты',
	Плательщик: 'Catalog_Контрагенты',
	Организация: 'Catalog_Организации',
	Валюта: 'Catalog_Валюты',
	ВалютаДокумента: 'Catalog_Валюты',
	ВалютаВзаиморасчетов: 'Catalog_Валюты',
	ВалютаДенежныхСредств: 'Catalog_Валюты',
	Склад: 'Catalog_Склады',
	СтавкаНДС: 'Catalog_СтавкиНДС',
	Соглашение: 'Catalog_СоглашенияСКлиентами',
	Договор: 'Catalog_ДоговорыКонтрагентов',
	ДоговорКонтрагента: 'Catalog_ДоговорыКонтрагентов',
	ВидЦены: 'Catalog_ВидыЦен',
	ВидЦен: 'Catalog_ВидыЦен',
	ВалютаЦены: 'Catalog_Валюты',
	ВалютаDr: 'Catalog_Валюты',
	ВалютаCr: 'Catalog_Валюты',
	ОсновнаяВалюта: 'Catalog_Валюты',
	ВалютаРегламентированногоУчета: 'Catalog_Валюты',
	ВидНоменклатуры: 'Catalog_ВидыНоменклатуры',
	СтранаРегистрации: 'Catalog_СтраныМира',
	Страна: 'Catalog_СтраныМира',
	ВладелецФайла: 'Catalog_Номенклатура',
	ТипЦен: 'Catalog_ТипыЦенНоменклатуры',
	Номенклатура: 'Catalog_Номенклатура',
	ЕдиницаИзмерения: 'Catalog_УпаковкиЕдиницыИзмерения Catalog_КлассификаторЕдиницИзмерения',
	Упаковка: 'Catalog_УпаковкиЕдиницыИзмерения',
	Вид: 'Catalog_ВидыКонтактнойИнформации',
	КонтактноеЛицо: 'Catalog_КонтактныеЛицаПартнеров',
	БанковскийСчет: 'Catalog_БанковскиеСчета',
	БанковскийСчетОрганизации: 'Catalog_БанковскиеСчетаОрганизаций Catalog_БанковскиеСчета',
	ОсновнойБанковскийСчет: 'Catalog_БанковскиеСчета',
	Банк: 'Catalog_Банки',
	СчетНаОплату: 'Document_СчетНаОплатуПокупателю',
	СчетНаОплатуПокупателю: 'Document_СчетНаОплатуПокупателю',
	НоменклатурнаяГруппа: 'Catalog_НоменклатурныеГруппы',
	СчетУчета: 'ChartOfAccounts_Хозрасчетный',
	СчетДоходов: 'ChartOfAccounts_Хозрасчетный',
	СчетРасходов: 'ChartOfAccounts_Хозрасчетный',
	СчетУчетаНДСПоРеализации: 'ChartOfAccounts_Хозрасчетный',
	СчетУчетаРасчетовСКонтрагентом: 'ChartOfAccounts_Хозрасчетный',
	СчетУчетаРасчетовПоАвансам: 'ChartOfAccounts_Хозрасчетный',
	AccountDr: 'ChartOfAccounts_Хозрасчетный',
	AccountCr: 'ChartOfAccounts_Хозрасчетный',
	Account: 'ChartOfAccounts_Хозрасчетный',
};

/** Published set that a reference leads to: `Parent` and `Owner` by the object, the rest by its name. */
export function targetOf(set: string, field: string, owners: ReadonlyMap<string, string>, published: ReadonlySet<string>): string | undefined {
	if (!field.endsWith('_Key') || field === 'Ref_Key') return undefined;
	const name = field.slice(0, -'_Key'.length);
	if (name === 'Parent') return set;
	if (name === 'Owner') return owners.get(set);
	return TARGETS[name]?.split(' ').find((target) => published.has(target));
}
