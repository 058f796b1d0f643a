// Owns the simulated 1C infobase as tests and the demo see it: start, records, posting, shipments, payments, snapshots.
// Must not know: any client of it.
import type { SimulatorServer } from '../server';
import * as desk from './desk';
import { CONFIGURATIONS, Infobase, PASSWORD, USER } from './start';
import { type Switches, defaultSwitches } from './switches';
import type { Row } from './values';

export { PASSWORD, USER, defaultSwitches };
export { seedDemo } from './seed';
export type { Switches } from './switches';
export type { Row } from './values';

export type ProfileName = 'ut' | 'bp';

export interface OnecOptions {
	/** Default `ut`: УТ 11; `bp`: БП 3.0. */
	profile?: ProfileName;
	/** 0 or nothing: a free port. */
	port?: number;
	/** The base's clock; its zone is UTC. Default the machine's. */
	clock?: { now(): number };
	switches?: Partial<Switches>;
}

/** Starts a simulated infobase with its initial records on loopback. */
export async function startOnec(options: OnecOptions = {}): Promise<OnecSimulator> {
	const simulator = new OnecSimulator(options);
	await simulator.server.start();
	return simulator;
}

/** Everything below `url` works as a person at the 1C desktop does: no OData rules, but the configuration's own. */
export class OnecSimulator {
	readonly profile: ProfileName;
	readonly base: Infobase;
	/** Mutable at any time. */
	readonly switches: Switches;

	constructor({ profile = 'ut', port = 0, clock = Date, switches = {} }: OnecOptions) {
		this.profile = profile;
		this.switches = { ...defaultSwitches(), ...switches };
		this.base = new Infobase(CONFIGURATIONS[profile](), { port, now: () => clock.now(), switches: this.switches });
	}

	/** Call log and faults. Operations: `GET Document_ЗаказКлиента`, `POST Document_ЗаказКлиента/Post`, `GET $metadata`, `GET /`. */
	get server(): SimulatorServer {
		return this.base.server;
	}

	/** The infobase's URL without a trailing slash, e.g. `http://127.0.0.1:1234/ut11`. */
	get url(): string {
		return this.base.url;
	}

	/** Full rows with table parts, in the order of their first writing. */
	records(set: string): Row[] {
		return this.base.store.rows(set);
	}

	get(set: string, refKey: string): Row | undefined {
		return this.base.store.get(set, refKey);
	}

	insert(set: string, fields: Row): Row {
		return this.base.objects.create(set, fields);
	}

	patch(set: string, refKey: string, fields: Row): Row {
		return this.base.objects.change(set, refKey, fields);
	}

	post(set: string, refKey: string): void {
		this.base.objects.post(set, refKey);
	}

	unpost(set: string, refKey: string): void {
		this.base.objects.unpost(set, refKey);
	}

	/** Physical deletion. */
	remove(set: string, refKey: string): void {
		this.base.objects.remove(set, refKey);
	}

	/** A posted shipment for the order: all that is open, or the quantities given by the order's `LineNumber`. Gives its `Ref_Key`. */
	ship(orderRef: string, quantities?: Record<string, string>): string {
		return desk.ship(this, orderRef, quantities);
	}

	/** A posted incoming payment for the order. Gives its `Ref_Key`. */
	pay(orderRef: string, amount: number | string): string {
		return desk.pay(this, orderRef, amount);
	}

	/** Unposts the shipment and marks it for deletion. */
	cancelShipment(ref: string): void {
		desk.cancelShipment(this, ref);
	}

	snapshot(): string {
		return this.base.store.snapshot();
	}

	restore(text: string): void {
		this.base.store.restore(text);
	}

	/** Back to the initial records; the call log and the planned faults are cleared too. */
	reset(): void {
		this.base.reset();
	}

	stop(): Promise<void> {
		return this.server.stop();
	}
}
