// Owns load(): create or update many records by external id, all or nothing, errors in-band, and its race.
// Must not know: transport.
import { OdooError, SERIALIZATION_TEXT } from './failure';
import type { Json, JsonObject } from './json';
import { CellError, plainCell, referenceCell } from './load.cells';
import { draftsOf } from './load.rows';
import type { Draft } from './load.rows';
import { create, write } from './records';
import { checkRights } from './rights';
import type { Field } from './schema';
import type { Env } from './world';
import { addKey, findKey, resolveKey } from './xids';

/** Undoes the transaction when any row failed. */
class Abort extends Error {}

interface Ready {
	/** Which record of the table it is, counted from 0. */
	index: number;
	draft: Draft;
	values: JsonObject;
}

/** The answer of the real method: `{ids, messages, nextrow}`; `ids: false` means nothing was kept. */
export async function load(env: Env, model: string, fields: Json, data: Json): Promise<Json> {
	const paths = (Array.isArray(fields) ? fields : []).map((f) => String(f).split('/'));
	const rows = (Array.isArray(data) ? data : []).filter((r): r is Json[] => Array.isArray(r));
	const started = env.store.commitNumber;
	// The window in which another load() of the same key can win.
	await env.world.gap();
	const run = new Run(env, model, started);
	try {
		env.store.transaction(() => {
			run.all(draftsOf(env, model, paths, rows));
			if (run.failed) throw new Abort();
		});
	} catch (error) {
		if (!(error instanceof Abort)) throw error;
	}
	return { ids: run.failed ? false : run.ids, messages: run.messages, nextrow: 0 };
}

class Run {
	readonly ids: number[] = [];
	readonly messages: JsonObject[] = [];
	failed = false;
	private pending: Ready[] = [];
	/** Changes committed after `started` and up to here were made by others while this call waited. */
	private readonly resumed: number;

	constructor(
		private readonly env: Env,
		private readonly model: string,
		private readonly started: number,
	) {
		this.resumed = env.store.commitNumber;
	}

	all(drafts: Draft[]): void {
		for (const [index, draft] of drafts.entries()) {
			// Converting may write what is pending, so the list is looked at only afterwards.
			const values = this.convert(draft, index);
			this.pending.push({ index, draft, values });
		}
		this.flush();
	}

	/** Converts a record; cells that cannot be converted are reported and left out. */
	private convert(draft: Draft, index: number): JsonObject {
		const values: JsonObject = {};
		this.guard(draft, index, '.id', () => this.checkDatabaseId(draft));
		for (const { field, how, cell } of draft.cells) {
			this.guard(
				draft,
				index,
				field.name,
				() => {
					values[field.name] = this.cell(field, how, cell, field.label);
				},
				field.label,
			);
		}
		for (const { field, drafts } of draft.children) {
			this.guard(
				draft,
				index,
				field.name,
				() => {
					values[field.name] = drafts.map((child) => this.childCommand(field, child));
				},
				field.label,
			);
		}
		return values;
	}

	private cell(field: Field, how: 'plain' | 'id' | '.id', cell: Json, label: string): Json {
		if (how === 'plain') return plainCell(this.env, field, cell, label);
		// A row may name a record of an earlier row of the same table: that one is written first.
		if (how === 'id' && this.pending.some((p) => p.draft.key !== '' && p.draft.key === cell)) this.flush();
		return referenceCell(this.env, field, how, cell, label);
	}

	private checkDatabaseId(draft: Draft): void {
		if (draft.databaseId === '' || this.env.store.get(this.model, Number(draft.databaseId))) return;
		const id = draft.databaseId;
		draft.databaseId = '';
		throw new CellError(`Unknown database identifier '${id}'`);
	}

	/** A line: linked and updated when its key or id is known, else created (with its key). */
	private childCommand(field: Field, draft: Draft): Json {
		const values: JsonObject = {};
		for (const { field: f, how, cell } of draft.cells) values[f.name] = this.cell(f, how, cell, `${field.label}/${f.label}`);
		for (const { field: f, drafts } of draft.children) values[f.name] = drafts.map((child) => this.childCommand(f, child));
		return [draft.key, draft.databaseId, values];
	}

	private guard(draft: Draft, index: number, name: string, work: () => void, label?: string): void {
		try {
			work();
		} catch (error) {
			if (!(error instanceof CellError)) throw error;
			const message: JsonObject = { rows: { from: draft.from, to: draft.to }, type: 'error', record: index, field: name, message: error.message };
			if (error.moreinfo !== undefined) message['moreinfo'] = error.moreinfo;
			if (this.env.version >= 17 && label !== undefined) message['field_name'] = label;
			this.messages.push(message);
			this.failed = true;
		}
	}

	/** Writes what is pending. A database error stops the table; other errors are collected. */
	private flush(): void {
		const batch = this.pending;
		this.pending = [];
		for (const ready of batch) {
			try {
				this.ids.push(this.env.store.transaction(() => this.save(ready)));
			} catch (error) {
				if (!(error instanceof OdooError) || error.errorName.startsWith('builtins.')) throw error;
				this.failed = true;
				this.messages.push(this.failure(error, ready.draft, ready.index));
				if (error.errorName.startsWith('psycopg2.')) return;
			}
		}
	}

	private save({ draft, values }: Ready): number {
		const { env, model } = this;
		const known = this.known(draft);
		checkRights(env, model, known === undefined ? 'create' : 'write');
		const { own, lines } = this.split(values, draft);
		if (known !== undefined) {
			this.refuseIfChanged(model, known);
			write(env, model, [known], { ...own, ...this.commands(lines, known) });
			if (draft.key !== '' && !findKey(env, draft.key)) addKey(env, draft.key, model, known);
			return known;
		}
		const id = create(env, model, { ...own, ...this.commands(lines, 0) });
		if (draft.key !== '') this.attachKey(draft.key, id);
		this.attachLineKeys(id, lines);
		return id;
	}

	private known(draft: Draft): number | undefined {
		if (draft.databaseId !== '') return Number(draft.databaseId);
		if (draft.key === '') return undefined;
		const row = findKey(this.env, draft.key);
		if (!row) return undefined;
		this.refuseIfChanged('ir.model.data', row.id);
		if (row['model'] !== this.model) return this.foreignKey(draft.key, row.id, Number(row['res_id']), String(row['model']));
		return this.env.store.get(this.model, Number(row['res_id'])) ? Number(row['res_id']) : undefined;
	}

	/** A key of another model: refused from 16; before that the record with the same number is overwritten and the key re-pointed. */
	private foreignKey(key: string, keyId: number, id: number, other: string): number | undefined {
		const { env, model } = this;
		if (env.world.profile.loadChecksModel) {
			throw new OdooError(
				'odoo.exceptions.ValidationError',
				`For external id ${key} when trying to create/update a record of model ${model} found record of different model ${other} (${keyId})`,
			);
		}
		write(env, 'ir.model.data', [keyId], { model });
		return env.store.get(model, id) ? id : undefined;
	}

	private attachKey(key: string, id: number): void {
		const row = findKey(this.env, key);
		if (row) write(this.env, 'ir.model.data', [row.id], { res_id: id, model: this.model });
		else addKey(this.env, key, this.model, id);
	}

	private split(values: JsonObject, draft: Draft): { own: JsonObject; lines: Map<Field, Json[]> } {
		const own = { ...values };
		const lines = new Map<Field, Json[]>();
		for (const { field } of draft.children) {
			const list = own[field.name];
			delete own[field.name];
			if (Array.isArray(list)) lines.set(field, list);
		}
		return { own, lines };
	}

	/** Commands for the lines; keys of created lines are attached afterwards, in the same order. */
	private commands(lines: Map<Field, Json[]>, owner: number): JsonObject {
		const found: JsonObject = {};
		for (const [field, list] of lines) {
			const model = field.relation ?? '';
			const commands: Json[] = [];
			for (const [key, databaseId, values] of list as Array<[string, string, JsonObject]>) {
				const id = databaseId !== '' ? Number(databaseId) : key !== '' ? resolveKey(this.env, key, model) : undefined;
				if (id !== undefined) {
					this.refuseIfChanged(model, id);
					commands.push([1, id, { ...values, ...(owner > 0 && field.inverse ? { [field.inverse]: owner } : {}) }]);
				} else if (owner > 0) {
					const created = create(this.env, model, { ...values, [field.inverse ?? '']: owner });
					if (key !== '') addKey(this.env, key, model, created);
				} else commands.push([0, 0, values]);
			}
			found[field.name] = commands;
		}
		return found;
	}

	private attachLineKeys(owner: number, lines: Map<Field, Json[]>): void {
		for (const [field, list] of lines) {
			const model = field.relation ?? '';
			const created = this.env.store.by(model, field.inverse ?? '', owner);
			const fresh = (list as Array<[string, string, JsonObject]>).filter(([key, id]) => id === '' && (key === '' || resolveKey(this.env, key, model) === undefined));
			for (const [i, [key]] of fresh.entries()) {
				const id = created[created.length - fresh.length + i];
				if (key !== '' && id !== undefined) addKey(this.env, key, model, id);
			}
		}
	}

	private refuseIfChanged(model: string, id: number): void {
		if (this.env.store.changedBetween(model, id, this.started, this.resumed)) throw conflict();
	}

	private failure(error: OdooError, draft: Draft, record: number): JsonObject {
		const info: JsonObject = { rows: { from: draft.from, to: draft.to }, record, type: 'error' };
		const extra = error as OdooError & { requiredField?: string; databaseText?: string };
		if (extra.requiredField !== undefined) return { ...info, message: requiredText(this.env, this.model, extra.requiredField), field: extra.requiredField };
		if (extra.databaseText !== undefined) return { ...info, message: extra.databaseText };
		const text = error.message.replace(/^The operation cannot be completed: /, '');
		if (text === 'Contacts require a name' || text === 'res_partner_check_name')
			return { ...info, message: this.env.version >= 19 ? 'Contacts require a name' : "'Contacts require a name'" };
		const unexpected = this.env.version === 14 && !error.errorName.startsWith('psycopg2.');
		if (!unexpected) return { ...info, message: error.message };
		return { ...info, message: `Unknown error during import: <class '${error.errorName}'>: ${error.message}`, moreinfo: 'Resolve other errors first' };
	}
}

function requiredText(env: Env, model: string, name: string): string {
	const head = `Missing required value for the field '${env.field(model, name)?.label ?? name}' (${name})`;
	if (env.version < 19) return head;
	return `${head}.\nModel: '${env.schema(model).label}' (${model})\n- create/update: a mandatory field is not set\n- delete: another model requires the record being deleted, you can archive it instead\n`;
}

function conflict(): OdooError {
	return new OdooError('psycopg2.errors.SerializationFailure', SERIALIZATION_TEXT);
}
