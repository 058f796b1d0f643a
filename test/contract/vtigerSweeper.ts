// Owns taking away what a run made in a vtiger: everything whose name carries the run's. It goes to the recycle bin,
// which is as far as the web service can remove.
import type { CrmRow, VtigerUser } from './vtigerUser';

/** The field that holds a record's name; children before parents, since an organization takes its quotes with it. */
const NAMES = { Invoice: 'subject', SalesOrder: 'subject', Quotes: 'subject', Potentials: 'potentialname', Contacts: 'lastname', Accounts: 'accountname', Products: 'productname' } as const;

export class VtigerSweeper {
	constructor(
		private readonly user: VtigerUser,
		private readonly run: string,
	) {}

	async sweep(): Promise<void> {
		for (const module of modules()) {
			for (const row of await this.mine(module)) await this.user.remove(String(row.id)).catch(tolerateGone);
		}
	}

	async remains(): Promise<Record<string, number>> {
		const counts: Record<string, number> = {};
		for (const module of modules()) counts[module] = (await this.mine(module)).length;
		return counts;
	}

	private async mine(module: keyof typeof NAMES): Promise<CrmRow[]> {
		return await this.user.all(module, `${NAMES[module]} like '%${this.run}%'`);
	}
}

function modules(): Array<keyof typeof NAMES> {
	return Object.keys(NAMES) as Array<keyof typeof NAMES>;
}

/** What cannot be told from "gone" by vtiger's answer: somebody was faster. */
function tolerateGone(error: unknown): void {
	if (!String(error).includes('ACCESS_DENIED')) throw error;
}
