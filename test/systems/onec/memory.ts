// Measures in a process of its own what reading large texts costs: metadata of a whole configuration, or a large packet
// of changes. Prints one line of JSON. Run with --expose-gc.
import { EdmxReader } from '../../../nodes/OneC/onec.edmx';
import { FeedReader } from '../../../nodes/OneC/onec.plans.feed';

const MB = 1024 * 1024;
const PIECE = 64 * 1024;
const WORDS = ['Номенклатура', 'Характеристика', 'Склад', 'Организация', 'Контрагент', 'Валюта', 'Сумма', 'Количество', 'ВидОперации', 'Подразделение', 'Менеджер', 'Комментарий'];

const property = (name: string, type: string): string => `\t\t\t\t<Property Name="${name}"\r\n\t\t\t\t\t\tType="${type}"\r\n\t\t\t\t\t\tNullable="true"/>\r\n`;

/** Objects as a configuration has them: a document with table parts, each as a type and as rows, and its associations. */
function* metadata(bytes: number): Generator<string> {
	yield '\ufeff<?xml version="1.0" encoding="UTF-8"?>\r\n<edmx:Edmx xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx" Version="1.0"><edmx:DataServices><Schema xmlns="http://schemas.microsoft.com/ado/2009/11/edm" Namespace="StandardODATA">';
	let written = 0;
	const sets: string[] = [];
	for (let object = 0; written < bytes; object++) {
		const name = `Document_Объект_${object}`;
		const own = Array.from({ length: 60 }, (_, i) => property(`${WORDS[i % WORDS.length]}${object % 40}_${i}${i % 3 ? '_Key' : ''}`, i % 3 ? 'Edm.Guid' : 'Edm.Double')).join('');
		const rows = Array.from({ length: 25 }, (_, i) => property(`${WORDS[i % WORDS.length]}${i}`, 'Edm.String')).join('');
		const part = `<Property Name="Товары" Type="Collection(StandardODATA.${name}_Товары_RowType)"/>`;
		const navigations = Array.from({ length: 10 }, (_, i) => `<NavigationProperty Name="${WORDS[i]!}${object % 40}_${i}" Relationship="StandardODATA.${name}_${i}" FromRole="Begin" ToRole="End"/>`).join('');
		const associations = Array.from({ length: 10 }, (_, i) => `<Association Name="${name}_${i}"><End Role="Begin" Type="StandardODATA.${name}" Multiplicity="*"/><End Role="End" Type="StandardODATA.Catalog_${WORDS[i]!}" Multiplicity="0..1"/></Association>`).join('');
		const text = `<EntityType Name="${name}"><Key><PropertyRef Name="Ref_Key"/></Key>${own}${part}${navigations}</EntityType><EntityType Name="${name}_Товары"><Key><PropertyRef Name="Ref_Key"/><PropertyRef Name="LineNumber"/></Key>${rows}</EntityType><ComplexType Name="${name}_Товары_RowType">${rows}</ComplexType>${associations}`;
		sets.push(name, `${name}_Товары`);
		written += Buffer.byteLength(text);
		yield text;
	}
	yield `<EntityContainer Name="EnterpriseV8">${sets.map((set) => `<EntitySet Name="${set}" EntityType="StandardODATA.${set}"/>`).join('')}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;
}

/** Documents with many rows, each value once. */
function* packet(bytes: number): Generator<string> {
	yield '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">';
	let written = 0;
	for (let object = 0; written < bytes; object++) {
		const key = `00000000-0000-4000-8000-${String(object).padStart(12, '0')}`;
		const rows = Array.from({ length: 200 }, (_, i) => `<d:element m:type="StandardODATA.Document_ЗаказКлиента_Товары_RowType">${WORDS.map((word, j) => `\r\n\t\t<d:${word}>${object}.${i}.${j}</d:${word}>`).join('')}</d:element>`).join('');
		const text = `<entry><id>http://onec.test/base/odata/standard.odata/Document_ЗаказКлиента(guid'${key}')</id><category term="StandardODATA.Document_ЗаказКлиента"/><content type="application/xml"><m:properties><d:Ref_Key>${key}</d:Ref_Key><d:Комментарий>${'x'.repeat(2_000)}</d:Комментарий><d:Товары m:type="Collection(StandardODATA.Document_ЗаказКлиента_Товары_RowType)">${rows}</d:Товары></m:properties></content></entry>`;
		written += Buffer.byteLength(text);
		yield text;
	}
	yield '</feed>';
}

/** In pieces as a connection gives them, none of them ending where a tag ends. */
function* pieces(texts: Iterable<string>): Generator<string> {
	let rest = '';
	for (const text of texts) {
		rest += text;
		for (; rest.length >= PIECE; rest = rest.slice(PIECE)) yield rest.slice(0, PIECE);
	}
	yield rest;
}

interface Reading {
	write(text: string): void;
	/** How many things were read. */
	end(): number;
}

function reading(kind: string): Reading {
	if (kind === 'metadata') {
		const reader = new EdmxReader();
		return { write: (text) => reader.write(text), end: () => (kept = reader.end()).types.size };
	}
	let objects = 0;
	const reader = new FeedReader(() => objects++);
	return { write: (text) => reader.write(text), end: () => (reader.end(), objects) };
}

/** So that what was read is still there when it is weighed. */
let kept: { types: { size: number } } | undefined;

const [kind = 'metadata', size = '15'] = process.argv.slice(2);
const { gc } = globalThis as { gc?: () => void };
const inUse = (): number => process.memoryUsage().heapUsed + process.memoryUsage().external;
const reader = reading(kind);
gc?.();
const before = inUse();
const beforeRss = process.memoryUsage.rss();
let peak = before;
let peakRss = beforeRss;
let bytes = 0;
const started = Date.now();
for (const piece of pieces((kind === 'metadata' ? metadata : packet)(Number(size) * MB))) {
	bytes += Buffer.byteLength(piece);
	reader.write(piece);
	peak = Math.max(peak, inUse());
	peakRss = Math.max(peakRss, process.memoryUsage.rss());
}
const count = reader.end();
const ms = Date.now() - started;
gc?.();
console.log(JSON.stringify({ kind, bytes, count, peak: peak - before, peakRss: peakRss - beforeRss, kept: inUse() - before, held: kept?.types.size, ms }));
