// Owns what is entered alike into every configuration: groups of catalogs, files of items.
// Must not know: configurations, the OData interface.
import type { OnecSimulator } from '.';
import { guidFrom, text } from './values';

/** A group of a catalog: a record like the others, but for `IsFolder`. Gives its `Ref_Key`. */
export function folder(simulator: OnecSimulator, set: string, name: string): string {
	const Ref_Key = guidFrom(`demo group ${set} ${name}`);
	return text(simulator.get(set, Ref_Key) ?? simulator.insert(set, { Ref_Key, IsFolder: true, Description: name }), 'Ref_Key');
}

/** A file attached to an item, kept in the base as БСП does. */
export function attach(simulator: OnecSimulator, item: string, name: string, content: Buffer): void {
	const set = 'Catalog_НоменклатураПрисоединенныеФайлы';
	const Ref_Key = guidFrom(`demo file ${item} ${name}`);
	if (simulator.get(set, Ref_Key)) return;
	const dot = name.lastIndexOf('.');
	simulator.insert(set, {
		Ref_Key,
		Description: name.slice(0, dot),
		ВладелецФайла_Key: item,
		Расширение: name.slice(dot + 1),
		Размер: content.length,
		ДатаСоздания: '2026-01-01T00:00:00',
		ТипХраненияФайла: 'ВИнформационнойБазе',
		ФайлХранилище_Type: 'text/plain',
		ФайлХранилище_Base64Data: content.toString('base64'),
	});
}
