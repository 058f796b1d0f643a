// Owns the end of the tier: the server that it set up is stopped.
import type { RealOdoo } from './odoo14';

const kept = globalThis as typeof globalThis & { realOdooOfTheTier?: RealOdoo };

/** jest loads the beginning and the end of a run as separate modules: only what is global is seen by both. */
export function keepForEnd(server: RealOdoo): void {
	kept.realOdooOfTheTier = server;
}

export default async function end(): Promise<void> {
	await kept.realOdooOfTheTier?.stop();
}
