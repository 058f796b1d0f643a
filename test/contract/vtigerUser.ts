// Owns plain calls to vtiger's web service for making, counting and removing records. Shares nothing with the pack's
// own client, so that neither can hide the other's mistakes.
import { createHash } from 'node:crypto';
import { z } from 'zod';

const answer = z.object({ success: z.boolean(), result: z.unknown().optional(), error: z.object({ code: z.unknown(), message: z.string() }).optional() });
const record = z.record(z.unknown());
const challenge = z.object({ token: z.string() });
const session = z.object({ sessionName: z.string(), vtigerVersion: z.string() });

export type CrmRow = Record<string, unknown>;

/** A logged-in user of vtiger's web service. */
export class VtigerUser {
	private constructor(
		private readonly url: string,
		private readonly sessionName: string,
		/** As the server says it, e.g. `8.4.0`. */
		readonly version: string,
	) {}

	static async login(url: string, username: string, accessKey: string): Promise<VtigerUser> {
		const { token } = challenge.parse(await ask(`${url}/webservice.php?${new URLSearchParams({ operation: 'getchallenge', username }).toString()}`));
		const key = createHash('md5').update(token + accessKey).digest('hex');
		const { sessionName, vtigerVersion } = session.parse(await ask(`${url}/webservice.php`, { operation: 'login', username, accessKey: key }));
		return new VtigerUser(url, sessionName, vtigerVersion);
	}

	/** One page of at most 100 rows; the query ends with `;`. */
	async query(query: string): Promise<CrmRow[]> {
		return z.array(record).parse(await this.get('query', { query }));
	}

	/** All rows of a condition. */
	async all(module: string, condition: string, columns = 'id'): Promise<CrmRow[]> {
		const rows: CrmRow[] = [];
		for (let last = '0x0'; ; ) {
			const page = await this.query(`select ${columns} from ${module} where ${condition}${last === '0x0' ? '' : ` and id>'${last}'`} order by id limit 100;`);
			rows.push(...page);
			if (page.length < 100) return rows;
			last = String(page.at(-1)!.id);
		}
	}

	async retrieve(id: string): Promise<CrmRow> {
		return record.parse(await this.get('retrieve', { id }));
	}

	/** The name of a field by its label. */
	async fieldOf(module: string, label: string): Promise<string | undefined> {
		const { fields } = z.object({ fields: z.array(z.object({ name: z.string(), label: z.string() })) }).parse(await this.get('describe', { elementType: module }));
		return fields.find((field) => field.label === label)?.name;
	}

	async create(module: string, element: CrmRow): Promise<CrmRow> {
		return record.parse(await this.post('create', { elementType: module, element: JSON.stringify({ assigned_user_id: '19x1', ...element }) }));
	}

	async revise(id: string, fields: CrmRow): Promise<CrmRow> {
		return record.parse(await this.post('revise', { element: JSON.stringify({ id, ...fields }) }));
	}

	async remove(id: string): Promise<void> {
		await this.post('delete', { id });
	}

	private async get(operation: string, parameters: Record<string, string>): Promise<unknown> {
		return await ask(`${this.url}/webservice.php?${new URLSearchParams({ operation, sessionName: this.sessionName, ...parameters }).toString()}`);
	}

	private async post(operation: string, parameters: Record<string, string>): Promise<unknown> {
		return await ask(`${this.url}/webservice.php`, { operation, sessionName: this.sessionName, ...parameters });
	}
}

async function ask(url: string, form?: Record<string, string>): Promise<unknown> {
	const response = await fetch(url, form ? { method: 'POST', body: new URLSearchParams(form) } : {});
	const text = await response.text();
	if (!response.ok || !text.startsWith('{')) throw new Error(`vtiger answered HTTP ${response.status} ${text.slice(0, 200)} to ${form?.operation ?? new URL(url).searchParams.get('operation')}`);
	const { success, result, error } = answer.parse(JSON.parse(text));
	if (!success) throw new Error(`vtiger refused ${form?.operation ?? new URL(url).searchParams.get('operation')}: ${String(error?.code)} ${error?.message ?? ''}`);
	return result;
}
