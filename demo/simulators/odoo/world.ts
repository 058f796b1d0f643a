// Owns one simulated database: profile, schema, store, models, time; and the environment of one call.
// Must not know: HTTP, the models' rules (they register themselves).
import { dateOf, microStamp } from './clock';
import { missingRecord, OdooError, userError } from './failure';
import type { Json, JsonObject, Row } from './json';
import { idList } from './json';
import { nameOf } from './names';
import type { Field, ModelSchema, Schema } from './schema';
import type { Store } from './store';
import type { Profile } from './versions';

export interface Param {
	name: string;
	/** Undefined: required. */
	fallback?: Json;
}

export interface Method {
	/** A record method takes ids first; a model method does not. */
	level: 'model' | 'record';
	params: Param[];
	/** What the rights table must allow. */
	needs?: 'read' | 'write' | 'create' | 'unlink';
	/** Waits inside and opens its own transaction. */
	asynchronous?: boolean;
	/** `undefined` is Python's None. */
	run: (env: Env, model: string, ids: number[], args: Record<string, Json>) => Json | undefined | Promise<Json | undefined>;
}

/** The rules of one model. Every hook is optional; the generic ORM does the rest. */
export interface ModelRules {
	order?: string;
	defaults?: (env: Env, values: JsonObject) => JsonObject;
	/** Computed fields, read instead of stored values. */
	computed?: Record<string, (env: Env, row: Row) => Json>;
	displayName?: (env: Env, row: Row) => string;
	/** Fields a name search looks into besides the display name. */
	searchNames?: string[];
	beforeCreate?: (env: Env, values: JsonObject) => JsonObject;
	afterCreate?: (env: Env, id: number) => void;
	beforeWrite?: (env: Env, rows: Row[], values: JsonObject) => JsonObject;
	afterWrite?: (env: Env, before: Row, values: JsonObject) => void;
	beforeUnlink?: (env: Env, rows: Row[]) => void;
	afterUnlink?: (env: Env, rows: Row[]) => void;
	/** Children removed together with a record: `model.field`. */
	cascade?: Array<[string, string]>;
	copyName?: boolean;
	methods?: Record<string, Method>;
	/** Stored as given, without the decimal precision. */
	digits?: Record<string, number>;
	/** Rows of a wizard are not listed anywhere else. */
	transient?: boolean;
}

export interface World {
	profile: Profile;
	schema: Schema;
	store: Store;
	models: Map<string, ModelRules>;
	methods: Record<string, Method>;
	/** Display names of records whose model is not simulated. */
	labels: Record<string, Record<string, string>>;
	now: () => number;
	micros: () => number;
	/** Waits inside a transaction; makes races reproducible. */
	gap: () => Promise<void>;
	/** What a test makes slow: waits after the transaction began and before it does its work. */
	delay: (call: { model: string; method: string }) => Promise<void>;
}

/** Who asks, in which context, at which moment: the `env` of one call. */
export class Env {
	readonly stamp: string;
	readonly lang: string;
	/** The language of messages: the context's; in 19 without one the user's own. */
	readonly messageLanguage: string;

	constructor(
		readonly world: World,
		readonly uid: number,
		readonly context: JsonObject,
		stamp?: string,
	) {
		this.stamp = stamp ?? microStamp(world.now(), world.micros());
		this.lang = this.checkedLanguage(context['lang']);
		this.messageLanguage = typeof context['lang'] === 'string' || world.profile.version < 19 ? this.lang : this.ownLanguage();
	}

	/** The same call with other context values. */
	with(context: JsonObject): Env {
		return new Env(this.world, this.uid, { ...this.context, ...context }, this.stamp);
	}

	get version(): number {
		return this.world.profile.version;
	}

	get store(): Store {
		return this.world.store;
	}

	get today(): string {
		return this.stamp.slice(0, 10) || dateOf(this.world.now());
	}

	/** Allowed companies: those of the context, else all of the user's. */
	get companies(): number[] {
		const given = idList(this.context['allowed_company_ids'] ?? []);
		if (given.length > 0) return given;
		return idList(this.store.get('res.users', this.uid)?.['company_ids']);
	}

	/** The current company: the first of the context, else the user's own. */
	get company(): number {
		const given = idList(this.context['allowed_company_ids'] ?? []);
		const own = this.store.get('res.users', this.uid)?.['company_id'];
		return given[0] ?? (typeof own === 'number' ? own : 1);
	}

	schema(model: string): ModelSchema {
		const schema = this.world.schema.get(model);
		if (!schema) throw new OdooError('odoo.exceptions.UserError', `Object ${model} doesn't exist`);
		return schema;
	}

	field(model: string, name: string): Field | undefined {
		return this.schema(model).fields.get(name);
	}

	rules(model: string): ModelRules {
		return this.world.models.get(model) ?? {};
	}

	/** The row, or MissingError. */
	row(model: string, id: number): Row {
		const row = this.store.get(model, id);
		if (!row) throw missingRecord(model, [id], this.uid);
		return row;
	}

	/** The stored or computed value of a field, not yet formatted for the wire. */
	value(model: string, row: Row, name: string): Json {
		const compute = this.rules(model).computed?.[name];
		if (compute) return compute(this, row);
		if (name === 'id') return row.id;
		if (name === 'display_name') return nameOf(this, model, row);
		const field = this.field(model, name);
		if (field?.inverse && field.relation && field.type === 'one2many') return this.children(field, row.id);
		const stored = row[name];
		if (stored !== undefined) return stored;
		return field ? emptyValue(field) : false;
	}

	/** Ids on the other side of a one2many, in that model's order of ids; archived ones are left out. */
	private children(field: Field, id: number): number[] {
		const model = field.relation ?? '';
		const ids = this.store.by(model, field.inverse ?? '', id);
		if (!this.schema(model).fields.has('active') || this.context['active_test'] === false) return ids;
		return ids.filter((child) => this.store.get(model, child)?.['active'] !== false);
	}

	private ownLanguage(): string {
		const partner = this.store.get('res.partner', Number(this.store.get('res.users', this.uid)?.['partner_id'] ?? 0));
		return typeof partner?.['lang'] === 'string' ? partner['lang'] : 'en_US';
	}

	private checkedLanguage(lang: Json | undefined): string {
		const { languages, strictLanguage } = this.world.profile;
		if (typeof lang !== 'string') return 'en_US';
		if (languages.includes(lang)) return lang;
		if (strictLanguage) throw userError(`Invalid language code: ${lang}`);
		return 'en_US';
	}
}

/** What an unset field answers. */
export function emptyValue(field: Field): Json {
	switch (field.type) {
		case 'integer':
		case 'float':
		case 'monetary':
		case 'many2one_reference':
			return 0;
		case 'one2many':
		case 'many2many':
		case 'properties':
			return [];
		default:
			return false;
	}
}
