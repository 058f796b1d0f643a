// Owns the walk of the whole job as a host and two people make it: baseline, acceptance, order, bill, payment.
// Each step is repeated as the host would until it took; must not know which fault or switch makes that needed.
import type { Scene } from './scene';

const MOST_RUNS = 6;

/** The whole job once. What it came to is for the caller to look at. */
export async function walk(scene: Scene): Promise<void> {
	await tolerant(scene, async () => await scene.invoices());
	scene.accept();
	await until(scene, async () => void (await scene.order()), () => scene.crmField(scene.quote(), 'erp_status') === 'Ordered');
	scene.erp.pay(scene.erp.bill(scene.erpOrder()), 100);
	await tolerant(scene, async () => await scene.invoices());
	// The last run may still have the reason on the quote to take away, also where an earlier one brought the payment.
	await until(scene, async () => void (await scene.reconcile()), () => scene.crm.records('Invoice').some((row) => Number(row.received) === 100) && scene.crmField(scene.quote(), 'erp_message') === '');
}

async function until(scene: Scene, step: () => Promise<void>, done: () => boolean): Promise<void> {
	for (let i = 0; i < MOST_RUNS; i++) {
		await tolerant(scene, step);
		if (done()) return;
		// A person reads the reason on the quote and clears the status.
		if (scene.crmField(scene.quote(), 'erp_status') === 'Needs attention') scene.clearStatus();
	}
}

/**
 * A poll or run that throws is an execution in error: the host goes on with the next one. That comes a minute later, when
 * a server that refused connections takes them again.
 */
async function tolerant(scene: Scene, step: () => Promise<unknown>): Promise<void> {
	await step().catch(() => undefined);
	await scene.ready();
}

/** The first part of two end states that is not the same, in words. */
export function firstDifference(actual: unknown, expected: unknown): string | undefined {
	const [a, b] = [actual, expected].map((state) => Object.entries(state as Record<string, unknown>).map(([name, part]) => `${name} ${JSON.stringify(part)}`));
	const at = b!.findIndex((part, i) => part !== a![i]);
	return at < 0 ? undefined : `${a![at]} instead of ${b![at]}`;
}
