// Owns putting the vtiger simulator into the state that a recorded exchange met, sending the request, comparing.
// Must not know: any client code.
import * as http from 'node:http';
import { startVtiger, type Row as Record_, type StateLine, type Version, type VtigerSimulator } from '../../demo/simulators/vtiger';
import { type CompareOptions, type Difference, type Place, shapeDifferences } from './compare';
import { asked, type Asked, bodyOf, type Exchange, isRow, recordsIn, resultOf, type Row, topicOf } from './vtiger.fixture';
import { scenes } from './vtiger.scenes';

/** Which installation an exchange was recorded on: plain, with the ERP fields, with other custom fields, and so on. */
type Variant = 'plain' | 'erp' | 'custom' | 'private' | 'unpatched' | 'uncast' | 'sync';

interface Answer {
	status: number;
	body: unknown;
}

const BASE = Date.UTC(2026, 10, 22, 2, 21, 0);
/** Values that are made anew on every call. */
const FRESH = new Set(['token', 'serverTime', 'expireTime', 'sessionName', 'nextSyncToken', 'lastModifiedTime', 'key']);

export class VtigerReplay {
	private readonly simulators = new Map<Variant, Promise<{ simulator: VtigerSimulator; start: string }>>();
	private readonly snapshots = new Map<string, Row[]>();
	/** Which recorded `create` made a record, by topic and id. */
	private readonly makers = new Map<string, Exchange>();
	private nowMs = BASE;

	constructor(
		private readonly version: Version,
		private readonly exchanges: Exchange[],
	) {
		for (const exchange of exchanges)
			for (const row of recordsIn(exchange)) {
				const key = `${topicOf(exchange)}:${String(row['id'])}`;
				this.snapshots.set(key, [...(this.snapshots.get(key) ?? []), row]);
				if (asked(exchange).operation === 'create' && topicOf(exchange) !== 'flow') this.makers.set(key, exchange);
			}
	}

	/** Replays one exchange; an empty list means that the simulator answered as the real server did. */
	async differences(exchange: Exchange): Promise<Difference[]> {
		const { simulator, start } = await this.simulator(variantOf(exchange));
		const what = asked(exchange);
		if (topicOf(exchange) !== 'flow' || exchange.name.startsWith('flow.01')) simulator.restore(start);
		this.nowMs = timeOf(exchange) ?? BASE;
		await this.prepare(simulator, exchange, what);
		const session = what.parameters.get('sessionName') ?? /PHPSESSID=(\w+)/.exec(exchange.request.headers?.['Cookie'] ?? '')?.[1];
		if (session && !/^(deadbeef|\.\.)/.test(session)) simulator.sessions.open(exchange.user ?? 'admin', session);
		const request = await scenes(exchange, simulator, (ms) => (this.nowMs += ms));
		const answer = await send(simulator.url, request);
		return shapeDifferences(exchange.response, answer, optionsFor());
	}

	async stop(): Promise<void> {
		for (const started of this.simulators.values()) await (await started).simulator.stop();
	}

	private simulator(variant: Variant): Promise<{ simulator: VtigerSimulator; start: string }> {
		let started = this.simulators.get(variant);
		if (!started) this.simulators.set(variant, (started = this.start(variant)));
		return started;
	}

	private async start(variant: Variant): Promise<{ simulator: VtigerSimulator; start: string }> {
		const custom = this.exchanges.find((e) => e.name === 'describe.Accounts_with_custom_fields');
		const simulator = await startVtiger({
			version: this.version,
			customFields: variant === 'erp' ? ['Quotes', 'SalesOrder', 'Invoice', 'Accounts'] : false,
			unpatched: variant === 'unpatched',
			individualTaxCrashes: variant === 'unpatched' || variant === 'uncast',
			saveGapMs: 0,
			now: () => this.nowMs,
			privateModules: variant === 'private' ? ['Accounts'] : [],
			describes: variant === 'custom' && custom ? [resultOf(custom) as Extract<StateLine, { what: 'describe' }>['result']] : [],
			syncTypeRegistered: variant === 'sync',
		});
		return { simulator, start: simulator.snapshot() };
	}

	/** Gives the simulator what the exchange refers to, taken from the recorded answers. */
	private async prepare(simulator: VtigerSimulator, exchange: Exchange, what: Asked): Promise<void> {
		if (topicOf(exchange) === 'flow') return this.continueNumbers(simulator, exchange, what);
		const refused = isRow(exchange.response.body) && 'error' in exchange.response.body && !/missing_mandatory|twice/.test(exchange.name);
		for (const id of refused || what.operation === 'retrieve' ? [] : idsIn(what)) this.provide(simulator, exchange, id);
		if (what.operation === 'create') this.continueNumbers(simulator, exchange, what);
		else if (what.operation === 'update' || what.operation === 'revise') this.beforeChange(simulator, exchange, what);
		else
			for (const row of recordsIn(exchange))
				if (!(await this.made(simulator, exchange, row))) this.provide(simulator, exchange, String(row['id']), row);
		laterThanAsked(simulator, exchange, what);
	}

	/**
	 * A record that a recorded `create` of the topic made, and that was not changed since, is made by that request again:
	 * then reading it proves the saving, too.
	 */
	private async made(simulator: VtigerSimulator, exchange: Exchange, row: Row): Promise<boolean> {
		const maker = this.makers.get(`${topicOf(exchange)}:${String(row['id'])}`);
		const result = maker && resultOf(maker);
		if (!maker || !isRow(result) || result['modifiedtime'] === undefined || !this.untouched(exchange, row, result['modifiedtime'])) return false;
		const what = asked(maker);
		for (const id of idsIn(what)) this.provide(simulator, exchange, id);
		this.continueNumbers(simulator, maker, what);
		this.nowMs = timeOf(maker) ?? BASE;
		simulator.sessions.open(maker.user ?? 'admin', what.parameters.get('sessionName') ?? '');
		await send(simulator.url, maker);
		return simulator.retrieve(String(row['id'])) !== undefined;
	}

	/** Whether a record is still as it was made: by the time in the row, else by every time the topic shows for it. */
	private untouched(exchange: Exchange, row: Row, made: unknown): boolean {
		const seen = this.snapshots.get(`${topicOf(exchange)}:${String(row['id'])}`) ?? [];
		const times = ('modifiedtime' in row ? [row] : seen).map((one) => one['modifiedtime']).filter((time) => time !== undefined);
		return times.every((time) => time === made);
	}

	/** Makes sure a record is there: as an answer of its topic shows it, else empty. */
	private provide(simulator: VtigerSimulator, exchange: Exchange, id: string, shown?: Row): void {
		const known = (this.snapshots.get(`${topicOf(exchange)}:${id}`) ?? []).filter(
			(row) => row !== shown && 'createdtime' in row && !('discount_amount' in row),
		);
		const there = simulator.retrieve(id);
		if (!shown && there) return;
		const full = known.find((row) => row['modifiedtime'] === shown?.['modifiedtime']) ?? known[0];
		const row = { ...((there ?? full ?? {}) as Record_), ...((shown ?? {}) as Record_) };
		simulator.put(id, row);
		for (const value of Object.values(row))
			if (typeof value === 'string' && REFERENCE.test(value) && value !== id) this.provide(simulator, exchange, value);
	}

	/** For a refused change: whatever record of that number the topic shows, of any module. */
	private provideNumber(simulator: VtigerSimulator, exchange: Exchange, id: string): void {
		if (exchange.response.status === 500 && /^\d+x\d+$/.test(id) && !id.startsWith('33x')) this.provide(simulator, exchange, id);
		for (const key of this.snapshots.keys())
			if (key.startsWith(`${topicOf(exchange)}:`) && key.endsWith(`x${id.split('x')[1]}`))
				this.provide(simulator, exchange, key.split(':')[1] as string);
	}

	/** The next id, serial and line id are those that the recorded answer got. */
	private continueNumbers(simulator: VtigerSimulator, exchange: Exchange, what: Asked): void {
		const result = resultOf(exchange);
		if (what.operation !== 'create' || !isRow(result) || typeof result['id'] !== 'string') return;
		const module = what.parameters.get('elementType') ?? '';
		const serial = Object.entries(result).find(([key, value]) => key.endsWith('_no') && /^[A-Z]+\d+$/.test(String(value)))?.[1];
		const counters = serial === undefined ? {} : { [module]: Number(/\d+$/.exec(String(serial))?.[0]) - 1 };
		const line = isRow((result['LineItems'] as unknown[] | undefined)?.[0]) ? (result['LineItems'] as Row[])[0] : undefined;
		const lineId = Number(/x(\d+)$/.exec(String(line?.['id'] ?? (module === 'LineItem' ? result['id'] : '')))?.[1] ?? 0);
		const last = module === 'LineItem' ? undefined : Number(String(result['id']).split('x')[1]) - 1;
		simulator.continueFrom(last, counters, lineId > 0 ? lineId - 1 : undefined);
	}

	/** Before a change the record was as the answer shows it, except for what was sent. */
	private beforeChange(simulator: VtigerSimulator, exchange: Exchange, what: Asked): void {
		const id = String(what.element['id'] ?? '');
		const after = recordsIn(exchange)[0];
		if (!after) return this.provideNumber(simulator, exchange, id);
		this.provide(simulator, exchange, id, after);
		const before = { ...after };
		const other = (this.snapshots.get(`${topicOf(exchange)}:${id}`) ?? []).find((row) => row !== after && 'modifiedtime' in row);
		for (const key of Object.keys(what.element)) {
			if (key === 'id' || key === 'LineItems' || !(key in before)) continue;
			if (other && key in other) before[key] = other[key];
			else delete before[key];
		}
		before['modifiedtime'] = '2026-11-22 01:00:00';
		simulator.put(id, before as Record_);
		const lines = after['LineItems'];
		if (Array.isArray(lines) && isRow(lines[0]) && Array.isArray(what.element['LineItems']) && what.element['LineItems'].length > 0) {
			simulator.put(id, { ...before, LineItems: [] } as Record_);
			simulator.continueFrom(undefined, {}, Number(String(lines[0]['id']).split('x')[1]) - 1);
		}
	}
}

/** Rows that a query by time found had been changed since. */
function laterThanAsked(simulator: VtigerSimulator, exchange: Exchange, what: Asked): void {
	const since = /modifiedtime>'([^']+)'/.exec(what.parameters.get('query') ?? '')?.[1];
	for (const row of since ? recordsIn(exchange) : [])
		if (!('modifiedtime' in row)) simulator.patch(String(row['id']), { modifiedtime: '2026-11-22 23:00:00' });
}

/** An id of an entity that may have been made while recording. */
const REFERENCE = /^(?!19x|20x|2[1-3]x|3[345]x)\d+x\d{1,3}$/;

/** Ids that a request names and that must exist for its answer to make sense. */
function idsIn(what: Asked): string[] {
	const named = [
		...['id', 'sourceRecordId', 'relatedRecordId'].map((name) => what.parameters.get(name) ?? ''),
		...Object.entries(what.element)
			.filter(([k]) => k !== 'id')
			.map(([, v]) => String(v)),
	];
	return named.filter((id) => REFERENCE.test(id));
}

function variantOf(exchange: Exchange): Variant {
	const text =
		exchange.name +
		(typeof exchange.request.body === 'string' ? exchange.request.body : '') +
		exchange.request.path +
		JSON.stringify(exchange.response.body);
	// Recorded with the guard patched already, but not the arithmetic of individual taxes.
	if (exchange.name.startsWith('unpatched_php8')) return 'uncast';
	if (exchange.name.startsWith('unpatched')) return 'unpatched';
	if (topicOf(exchange) === 'flow') return 'erp';
	if (topicOf(exchange) === 'sync_with_synctype_param') return 'sync';
	if (/private|invisible|assign_to_other/.test(exchange.name)) return 'private';
	return /cf_/.test(text) ? 'custom' : 'plain';
}

/** The moment of an exchange, read off the times in its answer. */
function timeOf(exchange: Exchange): number | undefined {
	const row = recordsIn(exchange)[0];
	const text = exchange.request.method === 'POST' && row ? String(row['modifiedtime'] ?? row['createdtime'] ?? '') : '';
	const ms = Date.parse(`${text.replace(' ', 'T')}Z`);
	return Number.isNaN(ms) ? undefined : ms;
}

function optionsFor(): CompareOptions {
	return {
		volatile: (place) => FRESH.has(place.key),
		equal: (place) => oneSecondApart(place) || seeded(place) || stockOf(place),
	};
}

/** A save that crossed a second shows createdtime and modifiedtime one apart. */
function oneSecondApart({ key, expected, actual }: Place): boolean {
	if (key !== 'createdtime' && key !== 'modifiedtime') return false;
	return typeof expected === 'string' && typeof actual === 'string' && Math.abs(Date.parse(`${expected}Z`) - Date.parse(`${actual}Z`)) <= 1000;
}

/** Both versions were seeded within a minute; the simulator has one seed for both. */
function seeded({ key, expected, actual }: Place): boolean {
	const inSeed = (value: unknown): boolean => typeof value === 'string' && value.startsWith('2026-11-22 01:52');
	return (key === 'createdtime' || key === 'modifiedtime') && inSeed(expected) && inSeed(actual);
}

/** What is in stock depends on every document saved before, which the recordings do not show. */
function stockOf({ key, expected, actual }: Place): boolean {
	return /^qtyInStock\d|^qtyinstock$/.test(key) && typeof expected === typeof actual;
}

/** Sends a request exactly as it was recorded, unescaped characters included. */
function send(base: string, exchange: Exchange): Promise<Answer> {
	const url = new URL(base);
	const body = bodyOf(exchange);
	const type = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
	return new Promise((resolve, reject) => {
		const options = {
			host: url.hostname,
			port: url.port,
			method: exchange.request.method,
			path: exchange.request.path,
			headers: { ...type, ...exchange.request.headers },
		};
		const request = http.request(options, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('end', () => resolve({ status: response.statusCode ?? 0, body: decoded(Buffer.concat(chunks).toString('utf8')) }));
		});
		request.on('error', reject);
		request.end(body);
	});
}

function decoded(text: string): unknown {
	return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
}
