// Owns the few lines that call the simulated vtiger over HTTP in these tests.
// Must not know: the product's client code.
import { createHash } from 'node:crypto';
import type { VtigerSimulator } from '../../../demo/simulators/vtiger';

export interface Reply {
	status: number;
	success: boolean;
	/** Whatever `result` was; tests look into it with `toMatchObject`. */
	result: unknown;
	error?: { code: string | number; message: string };
	text: string;
}

type Fields = Record<string, string>;

export class Api {
	session = '';

	constructor(private readonly sim: VtigerSimulator) {}

	get(operation: string, fields: Fields = {}): Promise<Reply> {
		return this.call(`?${new URLSearchParams({ operation, ...(this.session ? { sessionName: this.session } : {}), ...fields })}`);
	}

	post(operation: string, fields: Fields = {}): Promise<Reply> {
		return this.call('', new URLSearchParams({ operation, ...(this.session ? { sessionName: this.session } : {}), ...fields }));
	}

	query(text: string): Promise<Reply> {
		return this.get('query', { query: text });
	}

	save(operation: 'create' | 'update' | 'revise', element: object, elementType = ''): Promise<Reply> {
		return this.post(operation, { ...(elementType ? { elementType } : {}), element: JSON.stringify(element) });
	}

	async login(username = 'admin', key = this.sim.users[username]?.accessKey ?? ''): Promise<Reply> {
		const challenge = await this.get('getchallenge', { username });
		return await this.answer(username, String((challenge.result as { token: string }).token), key);
	}

	async answer(username: string, token: string, key: string): Promise<Reply> {
		const reply = await this.post('login', {
			username,
			accessKey: createHash('md5')
				.update(token + key)
				.digest('hex'),
		});
		if (reply.success) this.session = (reply.result as { sessionName: string }).sessionName;
		return reply;
	}

	private async call(query: string, body?: URLSearchParams): Promise<Reply> {
		const response = await fetch(`${this.sim.url}/webservice.php${query}`, body ? { method: 'POST', body } : {});
		const text = await response.text();
		const parsed = text.startsWith('{') ? (JSON.parse(text) as Partial<Reply>) : {};
		return {
			status: response.status,
			text,
			success: parsed.success === true,
			result: parsed.result,
			...(parsed.error ? { error: parsed.error } : {}),
		};
	}
}

/** A logged-in caller, its session opened without the two calls. */
export function caller(sim: VtigerSimulator, username = 'admin'): Api {
	const api = new Api(sim);
	api.session = sim.sessions.open(username).name;
	return api;
}

/** A quote's element with one line for each quantity. */
export function quote(quantities: number[], more: object = {}): object {
	return {
		subject: 'Test',
		quotestage: 'Created',
		account_id: '11x8',
		assigned_user_id: '19x1',
		bill_street: 'b',
		ship_street: 's',
		productid: '14x2',
		currency_id: '21x1',
		conversion_rate: '1',
		hdnTaxType: 'group',
		LineItems: quantities.map((quantity) => ({ productid: '14x2', quantity, listprice: 10, tax2: 10 })),
		...more,
	};
}
