// Owns plain calls to Odoo's /jsonrpc for setting a server up and for proving it. Shares nothing with the pack's own
// client, so that neither can hide the other's mistakes.

/** What may stand in a call or an answer. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
/** One record as read() gives it. */
export type Row = Readonly<Record<string, Json>>;

/** Odoo answered with an error; `name` is its class, e.g. `odoo.exceptions.AccessError`. */
export class OdooRefusal extends Error {
	constructor(
		override readonly name: string,
		message: string,
	) {
		super(message);
	}
}

interface Envelope {
	result?: Json;
	error?: { message: string; data?: { name: string; message: string } };
}

/** Calls one method of one service, e.g. `common`, `version`. No result at all (None) comes back as null. */
export async function callService(url: string, service: string, method: string, args: readonly Json[]): Promise<Json> {
	const body = JSON.stringify({ jsonrpc: '2.0', method: 'call', params: { service, method, args }, id: 1 });
	const response = await fetch(`${url}/jsonrpc`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, signal: AbortSignal.timeout(120_000) });
	if (!response.ok) throw new Error(`${service}.${method}: HTTP ${response.status}`);
	const { result = null, error } = (await response.json()) as Envelope;
	if (error) throw new OdooRefusal(error.data?.name ?? 'unknown', error.data?.message ?? error.message);
	return result;
}

/** The version a server says, e.g. `14.0`. */
export async function readVersion(url: string): Promise<string> {
	const answer = await callService(url, 'common', 'version', []);
	const version = answer !== null && typeof answer === 'object' && 'server_version' in answer ? answer.server_version : undefined;
	if (typeof version !== 'string') throw new Error(`common.version answered ${JSON.stringify(answer)}`);
	return version;
}

/** A logged-in user of one database. */
export class OdooUser {
	private constructor(
		private readonly url: string,
		private readonly database: string,
		private readonly password: string,
		readonly uid: number,
	) {}

	/** Logs in; throws when the server says no. */
	static async login(url: string, database: string, login: string, password: string): Promise<OdooUser> {
		const uid = await callService(url, 'common', 'authenticate', [database, login, password, {}]);
		if (typeof uid !== 'number') throw new Error(`${login} was refused by database ${database}`);
		return new OdooUser(url, database, password, uid);
	}

	/** Any method; English and UTC unless the context says otherwise. */
	async call(model: string, method: string, args: readonly Json[], context: Readonly<Record<string, Json>> = {}): Promise<Json> {
		const kwargs = { context: { lang: 'en_US', tz: 'UTC', ...context } };
		return await callService(this.url, 'object', 'execute_kw', [this.database, this.uid, this.password, model, method, args, kwargs]);
	}

	/** create() of one record: its id. */
	async create(model: string, values: Readonly<Record<string, Json>>, context: Readonly<Record<string, Json>> = {}): Promise<number> {
		const id = await this.call(model, 'create', [values], context);
		if (typeof id !== 'number') throw new Error(`create on ${model} answered ${JSON.stringify(id)}`);
		return id;
	}

	/** search_read(), by id. */
	async find(model: string, domain: readonly Json[], fields: readonly string[]): Promise<Row[]> {
		const rows = await this.call(model, 'search_read', [domain, fields, 0, 0, 'id']);
		if (!Array.isArray(rows)) throw new Error(`search_read on ${model} answered ${JSON.stringify(rows)}`);
		return rows as Row[];
	}

	/** The one record that a domain names. */
	async findOne(model: string, domain: readonly Json[], fields: readonly string[]): Promise<Row> {
		const rows = await this.find(model, domain, fields);
		const [row] = rows;
		if (!row || rows.length > 1) throw new Error(`${rows.length} records of ${model} match ${JSON.stringify(domain)}`);
		return row;
	}

	/** Database id behind an external id such as `base.main_company`. */
	async idOf(externalId: string): Promise<number> {
		const [module, ...name] = externalId.split('.');
		const answer = await this.call('ir.model.data', 'check_object_reference', [module ?? '', name.join('.')]);
		const id: Json | undefined = Array.isArray(answer) ? (answer as readonly Json[])[1] : undefined;
		if (typeof id !== 'number') throw new Error(`no record for ${externalId}`);
		return id;
	}
}
