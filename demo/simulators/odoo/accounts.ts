// Owns who may log in: users, passwords and API keys of every simulated database.
// Must not know: rights, transport.
import { str } from './json';
import type { World } from './world';

export interface Account {
	login: string;
	password: string;
	apiKey: string;
}

/** May do everything, also on products, users and external ids. */
export const ADMIN: Account = { login: 'admin', password: 'admin', apiKey: 'odoo-key-of-admin-4f1c' };
/** What an integration should use: sales, contacts and invoicing, but no products, users or direct external ids. */
export const INTEGRATION: Account = { login: 'integration', password: 'integration', apiKey: 'odoo-key-of-integration-9b27' };
/** A salesperson: orders and contacts, sees no invoices. */
export const SALES: Account = { login: 'sales', password: 'sales', apiKey: 'odoo-key-of-sales-71d0' };
/** An internal user without any application right. */
export const NOBODY: Account = { login: 'nobody', password: 'nobody', apiKey: 'odoo-key-of-nobody-c3aa' };

/** The logins of a server. Passwords and keys can be changed by a test. */
export class Accounts {
	private readonly list: Account[] = [ADMIN, INTEGRATION, SALES, NOBODY].map((a) => ({ ...a }));

	/** The user id for a login with its password or an API key; `undefined` when one of them is wrong. */
	authenticate(world: World, login: string, secret: string): number | undefined {
		const account = this.list.find((a) => a.login === login);
		if (!account || !opens(account, secret)) return undefined;
		return userId(world, login);
	}

	/** Whether the secret belongs to the user. */
	knows(world: World, uid: number, secret: string): boolean {
		const login = str(world.store.get('res.users', uid)?.['login']);
		const account = this.list.find((a) => a.login === login);
		return account !== undefined && opens(account, secret);
	}

	/** The user of an API key; passwords do not count here. */
	byKey(world: World, key: string): number | undefined {
		const account = this.list.find((a) => a.apiKey === key);
		return account ? userId(world, account.login) : undefined;
	}

	/** Changes a password or revokes a key, as an administrator would. */
	change(login: string, changes: Partial<Account>): void {
		const account = this.list.find((a) => a.login === login);
		if (account) Object.assign(account, changes);
	}
}

function opens(account: Account, secret: string): boolean {
	return secret.trim() !== '' && (secret === account.password || secret === account.apiKey);
}

function userId(world: World, login: string): number | undefined {
	return world.store.by('res.users', 'login', login)[0];
}
