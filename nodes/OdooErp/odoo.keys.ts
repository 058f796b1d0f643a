// Owns external ids: which record carries which key, and giving a key to a record that has none.
// Reading `ir.model.data` needs more rights from Odoo 15 on; two public look-ups work for everybody (section 4).
import { z } from 'zod';
import { asFailure, Failure } from '../core/failure';
import { chunks } from '../core/batches';
import { ODOO_MODULE } from '../core/keys';
import { READ, WRITE } from '../core/retry';
import { expected, type OdooSession } from './odoo.session';
import { type Row, text } from './odoo.values';

/** Keys asked for in one call. */
const LARGEST_QUESTION = 5_000;

const referenceSchema = z.tuple([z.string(), z.union([z.number().int(), z.literal(false)])]);
const externalIdsSchema = z.record(z.string());

export class ExternalIds {
	/** False once the user was seen to lack the right to read `ir.model.data`. */
	private readable?: boolean;

	constructor(private readonly session: OdooSession) {}

	/** The record under a key; one call, any user. */
	async find(model: string, externalId: string): Promise<number | undefined> {
		const [module, name] = split(externalId);
		const call = { model: 'ir.model.data', method: 'check_object_reference', args: { module, xml_id: name } };
		try {
			const [foundModel, id] = await this.session.call(call, READ, expected(referenceSchema, 'ir.model.data/check_object_reference'));
			if (foundModel !== model) throw new Failure('rejected', `The external id ${externalId} belongs to a ${foundModel}`, { advice: 'Remove that external id in Odoo (Settings > Technical > External Identifiers)' });
			if (id === false) return await this.findHidden(externalId);
			return id;
		} catch (error) {
			if (asFailure(error).code === 'builtins.ValueError') return undefined;
			throw error;
		}
	}

	/** The key exists but a plain search does not show its record: archived, or not for this user. */
	private async findHidden(externalId: string): Promise<number> {
		const [module, name] = split(externalId);
		const call = { model: 'ir.model.data', method: 'check_object_reference', args: { module, xml_id: name }, context: { active_test: false } };
		const [, id] = await this.session.call(call, READ, expected(referenceSchema, 'ir.model.data/check_object_reference'));
		if (id !== false) return id;
		throw new Failure('denied', `The record with the external id ${externalId} is hidden from the Odoo user of the credential`, { advice: 'Give the user access to it, e.g. to its company, or delete the record and its external id' });
	}

	/** The records under many keys; undefined when this user may not read them that way. */
	async findMany(model: string, externalIds: readonly string[]): Promise<Map<string, number> | undefined> {
		const found = new Map<string, number>();
		for (const part of chunks([...new Set(externalIds)], LARGEST_QUESTION)) {
			const rows = await this.tryRead(model, ['name', 'in', part.map((externalId) => split(externalId)[1])]);
			if (!rows) return undefined;
			for (const row of rows) if (typeof row.res_id === 'number' && row.res_id > 0) found.set(`${ODOO_MODULE}.${String(row.name)}`, row.res_id);
		}
		return found;
	}

	/** The keys of records: all of ours, or, where that may not be read, the oldest one of each record. */
	async ofRecords(model: string, ids: Iterable<number>): Promise<Map<number, string[]>> {
		const keys = new Map<number, string[]>();
		const add = (id: number, key: string): void => void keys.set(id, [...(keys.get(id) ?? []), key]);
		for (const part of chunks([...new Set(ids)], LARGEST_QUESTION)) {
			const rows = await this.tryRead(model, ['res_id', 'in', part]);
			if (rows) {
				for (const row of rows) add(Number(row.res_id), `${ODOO_MODULE}.${String(row.name)}`);
				continue;
			}
			const found = await this.session.call({ model, method: 'get_external_id', ids: part }, READ, expected(externalIdsSchema, `${model}/get_external_id`));
			for (const [id, key] of Object.entries(found)) if (text(key)) add(Number(id), key);
		}
		return keys;
	}

	/** Whether all keys of a record can be seen; otherwise only its oldest. */
	get seesAll(): boolean {
		return this.readable !== false;
	}

	private async tryRead(model: string, condition: unknown[]): Promise<Row[] | undefined> {
		if (this.readable === false) return undefined;
		try {
			return await this.session.searchRead('ir.model.data', [['module', '=', ODOO_MODULE], ['model', '=', model], condition], ['name', 'res_id']);
		} catch (error) {
			if (asFailure(error).kind !== 'denied') throw error;
			this.readable = false;
			return undefined;
		}
	}

	/** Gives keys to records that were found another way. False when this user may not: they are found that way again. */
	async attach(model: string, pairs: ReadonlyArray<{ externalId: string; id: number }>): Promise<boolean> {
		if (pairs.length === 0) return true;
		const values = pairs.map(({ externalId, id }) => ({ module: ODOO_MODULE, name: split(externalId)[1], model, res_id: id }));
		try {
			await this.session.call({ model: 'ir.model.data', method: 'create', args: { vals_list: values } }, WRITE, (result) => result);
			return true;
		} catch (error) {
			const failure = asFailure(error);
			if (failure.kind === 'denied' && failure.code === 'odoo.exceptions.AccessError') return false;
			// Somebody was faster, or the answer was lost: what counts is whom the keys belong to now.
			if (failure.kind === 'rejected' || failure.kind === 'unknown') return await this.belong(model, pairs);
			throw failure;
		}
	}

	private async belong(model: string, pairs: ReadonlyArray<{ externalId: string; id: number }>): Promise<boolean> {
		for (const { externalId, id } of pairs) {
			if ((await this.find(model, externalId)) !== id) throw new Failure('conflict', `The external id ${externalId} was given to another record meanwhile`);
		}
		return true;
	}
}

function split(externalId: string): [module: string, name: string] {
	const dot = externalId.indexOf('.');
	return [externalId.slice(0, dot), externalId.slice(dot + 1)];
}
