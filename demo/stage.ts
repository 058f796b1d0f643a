// Owns putting the whole scene up: simulated CRM and ERP, a real n8n with the pack, credentials and templates.
// Must not know what happens on it.
import path from 'node:path';
import type { DemoErp } from './erp';
import type { Credential, StoredWorkflow } from './host/answers';
import { installHost, type Line } from './host/install';
import { N8nHost } from './host/n8n';
import { pollFast } from './host/workflow';
import { ADMIN, ADMIN_ACCESS_KEY, seedDemo as seedCrm, startVtiger, type VtigerSimulator } from './simulators/vtiger';

/** The templates of the main job; each ERP has its own of every one. */
export const TEMPLATES = ['quote-to-order', 'invoices-back', 'invoices-reconcile'] as const;
export type TemplateName = (typeof TEMPLATES)[number];

export interface StageOptions {
	n8n: Line;
	/** Starts the simulated ERP. */
	erp: () => Promise<DemoErp>;
	/** Poll every two seconds instead of every minute: for a walk that nobody watches in the editor. */
	hurry: boolean;
	progress: (text: string) => void;
}

export interface Stage {
	crm: VtigerSimulator;
	erp: DemoErp;
	host: N8nHost;
	workflows: Record<TemplateName, StoredWorkflow>;
	credentials: Credential[];
	/** Ids in the CRM of what the salesperson works on. */
	quoteId: string;
	opportunityId: string;
	accountId: string;
	stop(): Promise<void>;
}

const ROOT = path.join(__dirname, '..');

/** Starts everything on loopback; what was started is stopped again when a later step does not work. */
export async function setTheStage(options: StageOptions): Promise<Stage> {
	const { progress } = options;
	const installed = await installHost(options.n8n, progress);
	const started: Array<{ stop(): Promise<unknown> }> = [];
	const stop = async () => {
		for (const part of started.reverse()) await part.stop();
	};
	try {
		const crm = await startVtiger();
		started.push(crm);
		const erp = await options.erp();
		started.push(erp);
		const deal = await seedCrm(crm);
		erp.seed();
		progress(`Starting n8n ${installed.version} with the pack`);
		const host = new N8nHost({ ...installed, pack: { folder: ROOT, mode: 'link' } });
		started.push(host);
		await host.start();
		const credentials = await giveCredentials(host, crm, erp, progress);
		const workflows = await importTemplates(host, erp, credentials, options.hurry);
		return { crm, erp, host, credentials, workflows, quoteId: deal.quote, opportunityId: deal.opportunity, accountId: deal.account, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Credentials for both systems, each tested as the button in n8n does. */
async function giveCredentials(host: N8nHost, crm: VtigerSimulator, erp: DemoErp, progress: (text: string) => void): Promise<Credential[]> {
	const credentials = await host.importCredentials([
		{ name: 'vtiger (demo)', type: 'vtigerCrmErpApi', data: { url: crm.server.url, username: ADMIN, accessKey: ADMIN_ACCESS_KEY, installation: 'vtiger', timeZone: 'UTC' } },
		{ name: `${erp.title} (demo)`, ...erp.credential },
	]);
	for (const credential of credentials) {
		const { status, message } = await host.testCredential(credential.id);
		if (status !== 'OK') throw new Error(`The credential "${credential.name}" was refused: ${message}`);
		progress(`Credential "${credential.name}": ${message}`);
	}
	return credentials;
}

async function importTemplates(host: N8nHost, erp: DemoErp, credentials: Credential[], hurry: boolean): Promise<Record<TemplateName, StoredWorkflow>> {
	const workflows = {} as Record<TemplateName, StoredWorkflow>;
	for (const name of TEMPLATES) {
		const file = path.join(ROOT, 'workflows', `${name}${erp.suffix}.json`);
		workflows[name] = await host.importWorkflow(hurry ? pollFast(file) : file, { credentials });
	}
	return workflows;
}
