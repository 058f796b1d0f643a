// Measures in a process of its own what polling a large packet of changes costs: transport, session, parser, hashes, rows
// and state. Prints one line of JSON. Run with --expose-gc; arguments: megabytes, rows to hand over.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport } from '../../../nodes/kit/http';
import { readCredential, readEndpoint } from '../../../nodes/OneC/onec.credential';
import { OnecMetadata } from '../../../nodes/OneC/onec.metadata';
import type { Services } from '../../../nodes/OneC/onec.services';
import { OnecSession } from '../../../nodes/OneC/onec.session';
import { streams } from '../../../nodes/OneC/onec.streams';
import { TestClock } from '../send';

const MB = 1024 * 1024;
const [size = '28', limit = '50'] = process.argv.slice(2);
const COLUMNS = ['Номенклатура_Key', 'Характеристика_Key', 'Количество', 'КоличествоУпаковок', 'Цена', 'Сумма', 'СтавкаНДС_Key', 'СуммаНДС', 'СуммаСНДС', 'КодСтроки', 'Склад_Key', 'ИдентификаторСтроки'];

/** About as heavy as the captured ones: some 20 KB an object. */
function entry(object: number): string {
	const key = `00000000-0000-4000-8000-${String(object).padStart(12, '0')}`;
	const rows = Array.from({ length: 18 }, (_, i) => `<d:element m:type="StandardODATA.Document_ЗаказКлиента_Товары_RowType"><d:LineNumber>${i + 1}</d:LineNumber>${COLUMNS.map((name, j) => `\n\t\t\t<d:${name}>${name.endsWith('_Key') ? `${object}-${i}-${j}-abcdefgh` : `${object}${i}.${j}5`}</d:${name}>`).join('')}</d:element>`).join('');
	return `<entry><id>http://onec.test/odata/standard.odata/Document_ЗаказКлиента(guid'${key}')</id><category term="StandardODATA.Document_ЗаказКлиента"/><content type="application/xml"><m:properties><d:Ref_Key>${key}</d:Ref_Key><d:Posted>true</d:Posted><d:DeletionMark>false</d:DeletionMark><d:Комментарий>${'x'.repeat(500)}</d:Комментарий><d:Товары m:type="Collection(StandardODATA.Document_ЗаказКлиента_Товары_RowType)">${rows}</d:Товары></m:properties></content></entry>`;
}

const HEAD = '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">';

const ROW = 'Document_ЗаказКлиента_Товары_RowType';
const property = (name: string, type: string) => `<Property Name="${name}" Type="${type}"/>`;
/** Types of what is in the packet: its values are given as JSON would give them. */
const METADATA = `<?xml version="1.0"?><edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices><Schema Namespace="StandardODATA" xmlns="http://schemas.microsoft.com/ado/2009/11/edm"><EntityType Name="Document_ЗаказКлиента"><Key><PropertyRef Name="Ref_Key"/></Key>${property('Ref_Key', 'Edm.Guid')}${property('Posted', 'Edm.Boolean')}${property('Комментарий', 'Edm.String')}${property('Товары', `Collection(StandardODATA.${ROW})`)}</EntityType><ComplexType Name="${ROW}">${property('LineNumber', 'Edm.Int64')}${COLUMNS.map((name) => property(name, name.endsWith('_Key') ? 'Edm.Guid' : 'Edm.Double')).join('')}</ComplexType><EntityContainer Name="EnterpriseV8"><EntitySet Name="Document_ЗаказКлиента" EntityType="StandardODATA.Document_ЗаказКлиента"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

/** A server that makes the packet while it is being read, so that it holds none of it. */
let megabytes = 1;
let sent = 0;
let objects = 0;
const server = createServer((request, response) => {
	if (/(\$|%24)metadata/.test(request.url ?? '')) {
		response.setHeader('content-type', 'application/xml;charset=utf-8');
		return void response.end(METADATA);
	}
	if (!request.url?.includes('SelectChanges')) {
		response.setHeader('content-type', 'application/json');
		return void response.end(JSON.stringify({ value: [{ Ref_Key: '11111111-0000-4000-8000-000000000001', Code: 'N8N', Description: 'n8n', ReceivedNo: '1', SentNo: '1' }] }));
	}
	response.setHeader('content-type', 'application/atom+xml;type=feed;charset=utf-8');
	response.write(HEAD);
	[sent, objects] = [0, 0];
	const more = (): void => {
		while (sent < megabytes * MB) {
			const text = entry(objects++);
			sent += Buffer.byteLength(text);
			if (!response.write(text)) return void response.once('drain', more);
		}
		response.end('</feed>');
	};
	more();
});

async function main(): Promise<void> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const fields = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base`, username: 'n8n', password: 'secret' };
	const credential = readCredential(fields);
	const clock = new TestClock();
	const session = new OnecSession(credential, { send: createTransport(readEndpoint(fields)), clock });
	const services: Services = { credential, session, metadata: new OnecMetadata(session, clock), clock, profile: async () => await Promise.reject(new Error('not needed')) };
	const query = { parameters: { event: 'exchangePlan', plan: 'ExchangePlan_X', node: 'code:N8N' }, state: undefined, limit: Number(limit) };
	const { exchangePlan } = streams(services);
	// Everything that is loaded and compiled once.
	await exchangePlan(query);
	megabytes = Number(size);
	const { gc } = globalThis as { gc?: () => void };
	gc?.();
	const use = () => ({ rss: process.memoryUsage.rss(), heap: process.memoryUsage().heapUsed + process.memoryUsage().external });
	const before = use();
	const peak = { ...before };
	const timer = setInterval(() => {
		const now = use();
		peak.rss = Math.max(peak.rss, now.rss);
		peak.heap = Math.max(peak.heap, now.heap);
	}, 2);
	const started = Date.now();
	const { rows, state } = await exchangePlan(query);
	const now = use();
	clearInterval(timer);
	server.close();
	server.closeAllConnections();
	console.log(JSON.stringify({ bytes: sent, objects, rows: rows.length, state: JSON.stringify(state).length, peakHeap: Math.max(peak.heap, now.heap) - before.heap, peakRss: Math.max(peak.rss, now.rss) - before.rss, ms: Date.now() - started }));
}

void main();
