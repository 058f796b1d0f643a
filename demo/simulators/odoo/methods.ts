// Owns the methods every model answers: their argument names as each version has them, and what they run.
// Must not know: transport.
import { attributeError, OdooError, userError, valueError } from './failure';
import { formattedReadGroup, readGroup } from './groups';
import type { Json, JsonObject } from './json';
import { isObject, str } from './json';
import { load } from './load';
import { defaultGet, fieldsGet } from './metadata';
import { nameOf, pair } from './names';
import { read, webRead } from './read';
import { copy, create, unlink, write } from './records';
import { checkRights, mayDo } from './rights';
import type { Operation } from './rights';
import { search } from './search';
import type { Profile } from './versions';
import { textMatches } from './domain.match';
import type { Env, Method, Param } from './world';
import { externalIds, keysOf } from './xids';

const need = (name: string): Param => ({ name });
const opt = (name: string, fallback: Json): Param => ({ name, fallback });

/** The generic methods of one version. */
export function genericMethods(profile: Profile): Record<string, Method> {
	const v = profile.version;
	const domain = v === 14 ? 'args' : 'domain';
	const paging = [opt('offset', 0), opt('limit', null), opt('order', null)];
	const methods: Record<string, Method> = {
		search: {
			level: 'model',
			needs: 'read',
			params: [need(domain), ...paging, ...(v === 14 ? [opt('count', false)] : [])],
			run: (env, m, _i, a) => searchIds(env, m, a, domain),
		},
		search_count: {
			level: 'model',
			needs: 'read',
			params: [need(domain), ...(v >= 17 ? [opt('limit', null)] : [])],
			run: (env, m, _i, a) => search(env, m, a[domain] ?? [], { limit: a['limit'] }).length,
		},
		search_read: {
			level: 'model',
			needs: 'read',
			params: [opt('domain', null), opt('fields', null), ...paging, ...(v >= 17 ? [opt('load', '_classic_read')] : [])],
			run: (env, m, _i, a) => read(env, m, search(env, m, a['domain'] ?? [], page(a)), a['fields'], bare(a)),
		},
		read: {
			level: 'record',
			needs: 'read',
			params: [opt('fields', null), opt('load', '_classic_read')],
			run: (env, m, ids, a) => read(env, m, ids, a['fields'], bare(a)),
		},
		create: { level: 'model', needs: 'create', params: [need('vals_list')], run: (env, m, _i, a) => createMany(env, m, a['vals_list'] ?? {}) },
		write: { level: 'record', needs: 'write', params: [need('vals')], run: (env, m, ids, a) => (write(env, m, ids, isObject(a['vals']) ? a['vals'] : {}), true) },
		unlink: { level: 'record', needs: 'unlink', params: [], run: (env, m, ids) => (unlink(env, m, ids), true) },
		copy: { level: 'record', needs: 'create', params: [opt('default', null)], run: copyAll },
		fields_get: {
			level: 'model',
			needs: 'read',
			params: [opt('allfields', null), opt('attributes', null)],
			run: (env, m, _i, a) => fieldsGet(env, m, a['allfields'] ?? null, a['attributes'] ?? null),
		},
		default_get: {
			level: 'model',
			params: [need(v >= 19 ? 'fields' : 'fields_list')],
			run: (env, m, _i, a) => defaultGet(env, m, a['fields'] ?? a['fields_list'] ?? []),
		},
		name_search: {
			level: 'model',
			needs: 'read',
			params: [opt('name', ''), opt(v >= 19 ? 'domain' : 'args', null), opt('operator', 'ilike'), opt('limit', 100)],
			run: (env, m, _i, a) => nameSearch(env, m, str(a['name']), a['domain'] ?? a['args'] ?? [], str(a['operator']), Number(a['limit'] ?? 100)),
		},
		name_create: { level: 'model', needs: 'create', params: [need('name')], run: (env, m, _i, a) => nameCreate(env, m, str(a['name'])) },
		load: { level: 'model', asynchronous: true, params: [need('fields'), need('data')], run: (env, m, _i, a) => load(env, m, a['fields'] ?? [], a['data'] ?? []) },
		get_external_id: { level: 'record', params: [], run: (env, m, ids) => externalIds(env, m, ids) },
		get_metadata: { level: 'record', params: [], run: (env, m, ids) => metadata(env, m, ids) },
		export_data: { level: 'record', params: [need('fields_to_export')], run: exportData },
		read_group: {
			level: 'model',
			needs: 'read',
			params: [need('domain'), need('fields'), need('groupby'), opt('offset', 0), opt('limit', null), opt('orderby', false), opt('lazy', true)],
			run: (env, m, _i, a) => readGroup(env, m, a),
		},
		check_access_rights: {
			level: 'model',
			params: [need('operation'), opt('raise_exception', true)],
			run: (env, m, _i, a) => {
				if (a['raise_exception'] !== false) checkRights(env, m, str(a['operation']) as Operation);
				return mayDo(env, m, str(a['operation']) as Operation);
			},
		},
		message_post: {
			level: 'record',
			needs: 'write',
			params: [opt('body', ''), opt('message_type', 'notification'), opt('subject', false), opt('subtype_xmlid', null)],
			run: messagePost,
		},
		...archiveMethods(),
		...versionMethods(v),
	};
	return methods;
}

function archiveMethods(): Record<string, Method> {
	const set = (active: boolean): Method => ({ level: 'record', needs: 'write', params: [], run: (env, m, ids) => (write(env, m, ids, { active }), undefined) });
	return { action_archive: set(false), action_unarchive: set(true), toggle_active: { ...set(false) } };
}

function versionMethods(v: number): Record<string, Method> {
	const methods: Record<string, Method> = {};
	const exists: Method = { level: 'record', params: [], run: (env, m, ids) => ids.filter((id) => env.store.get(m, id) !== undefined) };
	if (v <= 18) methods['exists'] = exists;
	if (v <= 17) methods['name_get'] = { level: 'record', needs: 'read', params: [], run: (env, m, ids) => ids.map((id) => pair(env, m, id)) };
	if (v === 14) methods['invalidate_cache'] = methods['flush'] = { level: 'model', params: [], run: () => undefined };
	if (v === 17)
		methods['invalidate_model'] = {
			level: 'record',
			params: [],
			run: () => {
				throw new OdooError('builtins.IndexError', 'tuple index out of range');
			},
		};
	if (v >= 17 && v <= 18) {
		methods['search_fetch'] = {
			level: 'model',
			needs: 'read',
			params: [need('domain'), need('field_names'), opt('offset', 0), opt('limit', null), opt('order', null)],
			run: (env, m, _i, a) => search(env, m, a['domain'] ?? [], page(a)),
		};
	}
	if (v >= 17) Object.assign(methods, webMethods());
	if (v >= 18) methods['has_access'] = { level: 'record', params: [need('operation')], run: (env, m, _i, a) => mayDo(env, m, str(a['operation']) as Operation) };
	if (v >= 19) {
		methods['formatted_read_group'] = {
			level: 'model',
			needs: 'read',
			params: [need('domain'), opt('groupby', []), opt('aggregates', []), opt('having', []), opt('offset', 0), opt('limit', null), opt('order', null)],
			run: (env, m, _i, a) => formattedReadGroup(env, m, a),
		};
	}
	return methods;
}

function webMethods(): Record<string, Method> {
	return {
		web_read: { level: 'record', needs: 'read', params: [need('specification')], run: (env, m, ids, a) => webRead(env, m, ids, a['specification'] ?? {}) },
		web_search_read: {
			level: 'model',
			needs: 'read',
			params: [need('domain'), need('specification'), opt('offset', 0), opt('limit', null), opt('order', null), opt('count_limit', null)],
			run: (env, m, _i, a) => {
				const all = search(env, m, a['domain'] ?? []);
				return { length: all.length, records: webRead(env, m, search(env, m, a['domain'] ?? [], page(a)), a['specification'] ?? {}) };
			},
		},
		web_save: {
			level: 'record',
			needs: 'write',
			params: [need('vals'), need('specification'), opt('next_id', null)],
			run: (env, m, ids, a) => {
				const vals = isObject(a['vals']) ? a['vals'] : {};
				if (ids.length > 0) write(env, m, ids, vals);
				return webRead(env, m, ids.length > 0 ? ids : [create(env, m, vals)], a['specification'] ?? {});
			},
		},
	};
}

/** Methods that exist on the server but not for remote callers of this version. */
export function isPrivate(profile: Profile, method: string): boolean {
	if (method.startsWith('_')) return true;
	const v = profile.version;
	if (v >= 19 && (method === 'exists' || method === 'search_fetch')) return true;
	return v >= 18 && ['invalidate_model', 'flush_model', 'invalidate_recordset'].includes(method);
}

const page = (a: Record<string, Json>) => ({ offset: a['offset'], limit: a['limit'], order: a['order'] });
const bare = (a: Record<string, Json>) => a['load'] !== undefined && a['load'] !== '_classic_read';

function searchIds(env: Env, model: string, a: Record<string, Json>, domain: string): Json {
	const ids = search(env, model, a[domain] ?? [], page(a));
	return a['count'] === true ? ids.length : ids;
}

/** A dict gives an id, a list a list. One transaction: one bad dict undoes all. */
function createMany(env: Env, model: string, values: Json): Json {
	if (Array.isArray(values)) return values.filter(isObject).map((v) => create(env, model, v));
	return create(env, model, isObject(values) ? values : {});
}

function copyAll(env: Env, model: string, ids: number[], args: Record<string, Json>): Json {
	const overrides = isObject(args['default']) ? args['default'] : {};
	if (!env.world.profile.copyReturnsList && ids.length !== 1) throw valueError(`Expected singleton: ${model}(${ids.join(', ')})`);
	const copies = ids.map((id) => copy(env, model, id, overrides));
	return env.world.profile.copyReturnsList ? copies : (copies[0] ?? false);
}

function nameSearch(env: Env, model: string, name: string, domain: Json, operator: string, limit: number): Json {
	const fields = env.rules(model).searchNames ?? [];
	const hit = (id: number) => {
		const row = env.row(model, id);
		return name === '' || [nameOf(env, model, row), ...fields.map((f) => str(env.value(model, row, f)))].some((text) => textMatches(operator, text, name));
	};
	return search(env, model, domain)
		.filter(hit)
		.slice(0, limit > 0 ? limit : undefined)
		.map((id) => pair(env, model, id));
}

/** `Name <mail>` is split for partners. */
function nameCreate(env: Env, model: string, name: string): Json {
	const mail = /^\s*(.*?)\s*<([^>]+)>\s*$/.exec(name);
	const values: JsonObject = model === 'res.partner' && mail ? { name: mail[1] ?? '', email: mail[2] ?? '' } : { name };
	return pair(env, model, create(env, model, values));
}

function metadata(env: Env, model: string, ids: number[]): Json {
	return ids.map((id) => {
		const row = env.row(model, id);
		const keys = keysOf(env, model, id).map((k) => ({ xmlid: str(k['complete_name']), noupdate: k['noupdate'] === true }));
		const base: JsonObject = {
			id,
			create_uid: pair(env, 'res.users', Number(row['create_uid'])),
			create_date: str(row['create_date']).slice(0, 19),
			write_uid: pair(env, 'res.users', Number(row['write_uid'])),
			write_date: str(row['write_date']).slice(0, 19),
			xmlid: keys[0]?.xmlid ?? false,
			noupdate: keys[0]?.noupdate ?? false,
		};
		return env.version >= 17 ? { ...base, xmlids: keys } : base;
	});
}

/** Asking for `id` gives the external id; `.id` the database id. Needs the export group. */
function exportData(env: Env, model: string, ids: number[], args: Record<string, Json>): Json {
	if (env.uid !== 2) throw userError("You don't have the rights to export data. Please contact an Administrator.");
	const paths = Array.isArray(args['fields_to_export']) ? args['fields_to_export'].map(String) : [];
	const cell = (id: number, path: string): Json => {
		const [head = '', tail] = path.split('/');
		if (head === '.id') return String(id);
		if (head === 'id') return str(keysOf(env, model, id).at(-1)?.['complete_name']);
		const value = env.value(model, env.row(model, id), head);
		const field = env.field(model, head);
		if (field?.relation && typeof value === 'number')
			return tail === 'id' ? str(keysOf(env, field.relation, value)[0]?.['complete_name']) : pair(env, field.relation, value)[1];
		return value === false ? (env.version === 14 ? false : '') : value;
	};
	return { datas: ids.map((id) => paths.map((p) => cell(id, p))) };
}

function messagePost(env: Env, model: string, ids: number[]): Json {
	if (ids.length !== 1) throw attributeError(`Expected singleton: ${model}`);
	const id = env.store.counter('mail.message');
	return env.version >= 19 ? [id] : id;
}
