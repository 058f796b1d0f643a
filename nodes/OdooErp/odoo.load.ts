// Owns `load`, the only write of Odoo that is keyed, repeatable and safe against a second writer (reference odoo.md,
// section 4): chunks of whole items, its in-band messages as failures of the items they belong to.
// Must not know documents.
import { z } from 'zod';
import type { Settled } from '../core/batches';
import { asFailure, Failure } from '../core/failure';
import { KEYED_WRITE, READ, type RetryPolicy } from '../core/retry';
import type { Cell } from './odoo.cells';
import { isConflictText, loadFailure } from './odoo.failures';
import type { OdooMetadata } from './odoo.metadata';
import { expected, type OdooSession } from './odoo.session';

/** One row of the table; columns that a row lacks are sent empty. */
export type LoadRow = Record<string, string>;

/** What is written or refused as a whole, e.g. a company with its contacts, or an order with its lines. */
export interface LoadItem {
	/** The first row is the item's main record. */
	rows: LoadRow[];
	/** Whether further rows belong to the same record (lines of an order) or are records themselves (contacts). */
	oneRecord?: boolean;
}

interface Entry {
	item: LoadItem;
	row: LoadRow;
	/** Gets an id of its own in the answer. */
	begins: boolean;
}

/** A longer transaction nears the time limits of common proxies (section 7). */
const LARGEST_CHUNK_ITEMS = 100;
const LARGEST_CHUNK_ROWS = 600;
/** Many rows take a while; the user's own limit wins. */
const LOAD_TIMEOUT_MS = 180_000;

const messageSchema = z.object({
	type: z.string().optional(),
	message: z.string().catch(''),
	field: z.string().optional().catch(undefined),
	rows: z.object({ from: z.number() }).optional().catch(undefined),
});
const answerSchema = z.object({ ids: z.union([z.array(z.union([z.number().int(), z.literal(false)])), z.literal(false)]), messages: z.array(messageSchema) });
type Message = z.output<typeof messageSchema>;

/** Row of a record as `load` takes it. */
export function rowOf(cells: readonly Cell[], more: LoadRow = {}): LoadRow {
	return { ...more, ...Object.fromEntries(cells.map((cell) => [cell.column, cell.text])) };
}

export class Loader {
	constructor(
		private readonly session: OdooSession,
		private readonly metadata: OdooMetadata,
	) {}

	/**
	 * Writes the items, each under its own key, and gives the ids of each one's records. An item that Odoo refuses
	 * does not hold up the others.
	 *
	 * @param policy when a call is sent again; by default whatever happened to the first
	 */
	async load(model: string, items: readonly LoadItem[], policy: RetryPolicy = KEYED_WRITE): Promise<Array<Settled<number[]>>> {
		const results: Array<Settled<number[]>> = [];
		for (const chunk of chunksOf(items)) results.push(...(await this.loadChunk(model, chunk, policy)));
		return results;
	}

	/** All or nothing on the server: what its messages name is taken out, and the rest is sent again. */
	private async loadChunk(model: string, items: readonly LoadItem[], policy: RetryPolicy): Promise<Array<Settled<number[]>>> {
		const entries = entriesOf(items);
		const columns = [...new Set(entries.flatMap(({ row }) => Object.keys(row)))];
		const data = entries.map(({ row }) => columns.map((column) => row[column] ?? ''));
		try {
			const timeoutMs = this.session.credential.timeoutMs ?? LOAD_TIMEOUT_MS;
			const answer = await this.session.call({ model, method: 'load', args: { fields: columns, data }, timeoutMs }, policy, (result) => readAnswer(result, model));
			if (answer.ids) return idsOf(items, entries, answer.ids);
			return await this.withoutRefused(model, items, entries, answer.messages, policy);
		} catch (error) {
			const failure = asFailure(error);
			return items.map(() => ({ ok: false as const, failure }));
		}
	}

	private async withoutRefused(model: string, items: readonly LoadItem[], entries: readonly Entry[], messages: readonly Message[], policy: RetryPolicy): Promise<Array<Settled<number[]>>> {
		const errors = messages.filter((message) => message.type !== 'warning');
		if (errors.some((message) => message.field === undefined)) await this.checkRights(model);
		const failures = failuresOf(entries, errors, model);
		if (failures.size > 0) {
			const left = items.filter((item) => !failures.has(item));
			const written = left.length > 0 ? await this.loadChunk(model, left, policy) : [];
			return items.map((item) => {
				const failure = failures.get(item);
				return failure ? { ok: false as const, failure } : written[left.indexOf(item)]!;
			});
		}
		if (items.length === 1) return [{ ok: false, failure: loadFailure(messages[0]?.message ?? '', undefined, `${model}/load`) }];
		// The message names no row: halve until the bad item stands alone.
		const half = Math.ceil(items.length / 2);
		return [...(await this.loadChunk(model, items.slice(0, half), policy)), ...(await this.loadChunk(model, items.slice(half), policy))];
	}

	/** Missing rights come as a translated message without a class from Odoo 17 on: only asking tells. */
	private async checkRights(model: string): Promise<void> {
		for (const operation of ['create', 'write']) {
			const args = { operation, raise_exception: false };
			const allowed = await this.metadata.cached(`rights ${model} ${operation}`, async () =>
				await this.session.call({ model, method: 'check_access_rights', args }, READ, expected(z.boolean(), `${model}/check_access_rights`)),
			);
			if (!allowed) throw new Failure('denied', `The Odoo user of the credential may not ${operation} records of ${model}`, { advice: 'Give the user the rights in Odoo, or use another user' });
		}
	}
}

/** A lost race is reported inside a success; the server does not try again by itself, so the caller must. */
function readAnswer(result: unknown, model: string): z.output<typeof answerSchema> {
	const answer = expected(answerSchema, `${model}/load`)(result);
	const lost = answer.ids === false ? answer.messages.find((message) => isConflictText(message.message)) : undefined;
	if (lost) throw loadFailure(lost.message, undefined, `${model}/load`);
	return answer;
}

/** Main records come before the others, so that Odoo makes all of them at once before a contact asks for its company. */
function entriesOf(items: readonly LoadItem[]): Entry[] {
	const entries = items.flatMap((item) => item.rows.map((row, i) => ({ item, row, first: i === 0, begins: i === 0 || !item.oneRecord })));
	if (items.some((item) => item.oneRecord)) return entries;
	return [...entries.filter((entry) => entry.first), ...entries.filter((entry) => !entry.first)];
}

function idsOf(items: readonly LoadItem[], entries: readonly Entry[], ids: ReadonlyArray<number | false>): Array<Settled<number[]>> {
	const found = new Map<LoadItem, number[]>(items.map((item) => [item, []]));
	entries.filter((entry) => entry.begins).forEach(({ item }, i) => {
		const id = ids[i];
		if (typeof id === 'number') found.get(item)!.push(id);
	});
	return items.map((item) => {
		const own = found.get(item)!;
		if (own.length > 0) return { ok: true as const, value: own };
		return { ok: false as const, failure: new Failure('unknown', 'Odoo gave no id for the record that was written') };
	});
}

function failuresOf(entries: readonly Entry[], messages: readonly Message[], model: string): Map<LoadItem, Failure> {
	const failures = new Map<LoadItem, Failure>();
	for (const message of messages) {
		const item = message.rows ? entries[message.rows.from]?.item : undefined;
		if (item && !failures.has(item)) failures.set(item, loadFailure(message.message, message.field, `${model}/load`));
	}
	return failures;
}

function chunksOf(items: readonly LoadItem[]): LoadItem[][] {
	const result: LoadItem[][] = [];
	let rows = Infinity;
	for (const item of items) {
		const current = result[result.length - 1];
		if (!current || current.length >= LARGEST_CHUNK_ITEMS || rows + item.rows.length > LARGEST_CHUNK_ROWS) {
			result.push([item]);
			rows = item.rows.length;
		} else {
			current.push(item);
			rows += item.rows.length;
		}
	}
	return result;
}
