// Owns the stage of the 1C connector's tests: a simulated infobase with the demo's records, and connectors, sessions and
// whole sets of services on it that share its clock. Must not know how the connector works inside.
import { type OnecOptions, type OnecSimulator, PASSWORD, seedDemo, startOnec, USER } from '../../../demo/simulators/onec';
import { type Customer, customerSchema, type Quote, quoteSchema } from '../../../nodes/core/documents';
import type { Failure } from '../../../nodes/core/failure';
import type { HttpRequest, HttpResponse, Send } from '../../../nodes/core/http';
import type { Connector, ItemResult, Outcome } from '../../../nodes/core/port';
import { createTransport } from '../../../nodes/kit/http';
import { readCredential } from '../../../nodes/OneC/onec.credential';
import { OnecMetadata } from '../../../nodes/OneC/onec.metadata';
import { chooseProfile, type Profile } from '../../../nodes/OneC/onec.profile';
import { PROFILES } from '../../../nodes/OneC/onec.profiles';
import type { Services } from '../../../nodes/OneC/onec.services';
import { OnecSession } from '../../../nodes/OneC/onec.session';
import { onec } from '../../../nodes/OneC/onec.system';
import { TestClock } from '../send';

export const PROFILE_NAMES = ['ut', 'bp'] as const;

/** Stands between connector and server. */
export type Between = (request: HttpRequest, send: Send) => Promise<HttpResponse>;

export interface Setting {
	sim: OnecSimulator;
	clock: TestClock;
	/** `Ref_Key` of the demo's products by code. */
	products: Record<string, string>;
	/** A new connector, as a new n8n process has: nothing is known yet. */
	connect(credential?: Record<string, unknown>, between?: Between): Connector;
	/** What the connector's parts are given, made anew. */
	services(credential?: Record<string, unknown>, between?: Between): Services;
	session(credential?: Record<string, unknown>, between?: Between): OnecSession;
	/** Records, switches, faults and the call log as they were at the beginning. */
	renew(): void;
	/** Calls since the last `sim.server.resetCalls()`, as `GET Document_ЗаказКлиента`. */
	calls(): string[];
	stop(): Promise<void>;
}

/** @param patienceMs how long a call waits for its answer */
export async function setUp(options: OnecOptions = {}, patienceMs = 5_000, clock = new TestClock()): Promise<Setting> {
	const sim = await startOnec({ clock, ...options });
	const { products } = seedDemo(sim);
	const beginning = { records: sim.snapshot(), switches: structuredClone(sim.switches) };
	const renew = (): void => {
		sim.restore(beginning.records);
		Object.assign(sim.switches, structuredClone(beginning.switches));
		sim.server.heal();
		sim.server.resetCalls();
	};
	const full = (credential: Record<string, unknown>): Record<string, unknown> => ({ ...credentialFor(sim), timeout: patienceMs / 1000, ...credential });
	const deps = (credential: Record<string, unknown>, between: Between | undefined): { send: Send; clock: TestClock } => {
		const send = createTransport(onec.endpoint(credential));
		return { send: between ? async (request) => await between(request, send) : send, clock };
	};
	const session = (credential: Record<string, unknown> = {}, between?: Between): OnecSession => new OnecSession(readCredential(full(credential)), deps(full(credential), between));
	const services = (credential: Record<string, unknown> = {}, between?: Between): Services => servicesOn(session(credential, between), clock);
	const connect = (credential: Record<string, unknown> = {}, between?: Between): Connector => onec.connect(full(credential), deps(full(credential), between));
	return { sim, clock, products, connect, services, session, renew, calls: () => sim.server.calls.map((call) => call.operation), stop: async () => await sim.stop() };
}

/** One infobase for all tests of a file or group, as at the beginning for each of them. */
export function shared(give: (stage: Setting) => void, ...options: Parameters<typeof setUp>): void {
	let stage: Setting;
	beforeAll(async () => give((stage = await setUp(...options))));
	beforeEach(() => stage.renew());
	afterAll(async () => await stage.stop());
}

function servicesOn(session: OnecSession, clock: TestClock): Services {
	const { credential } = session;
	const metadata = new OnecMetadata(session, clock);
	let flight: Promise<Profile> | undefined;
	const choose = async (): Promise<Profile> => chooseProfile(PROFILES, credential.profile, await metadata.sets(), credential.profileOverrides);
	return { credential, session, metadata, clock, profile: async () => await (flight ??= choose()) };
}

export function credentialFor(sim: OnecSimulator): Record<string, unknown> {
	return { url: sim.url, username: USER, password: PASSWORD, installation: 'onec', timeZone: 'UTC', sessionMode: 'auto', maxConcurrent: 4 };
}

/** `lines`: code, quantity, price and rates, briefly. */
export type BriefLine = [code: string, quantity: string, price: string, rates?: string[], more?: Record<string, unknown>];

export function customer(id = '8', more: Record<string, unknown> = {}): Customer {
	return customerSchema.parse({
		kind: 'customer',
		key: `vtiger:Accounts:11x${id}`,
		name: `Flow Ltd ${id}`,
		email: `info${id}@flow.test`,
		phone: '+39 06 1',
		billing: { street: '1 Main St', city: 'Rome', postalCode: '00100', country: 'Italy' },
		contacts: [{ key: `vtiger:Contacts:12x${id}`, firstName: 'Ann', lastName: 'Flow', email: `ann${id}@flow.test` }],
		...more,
	});
}

export function quote(lines: BriefLine[], more: Record<string, unknown> = {}): Quote {
	const id = String(more.id ?? '38');
	return quoteSchema.parse({
		kind: 'quote',
		key: `vtiger:Quotes:4x${id}`,
		source: { installation: 'vtiger', module: 'Quotes', id: `4x${id}`, number: `QUO${id}` },
		number: `QUO${id}`,
		subject: 'Widgets',
		currency: 'EUR',
		customer: customer(id === '38' ? '8' : id),
		lines: lines.map(([code, quantity, price, rates = [], rest = {}], i) => ({ key: String(i + 1), code, name: `Line ${code}`, quantity, price, taxes: rates.map((rate) => ({ name: 'VAT', rate })), ...rest })),
		...more,
	});
}

/** Five lines at 10 % VAT, one of them with a discount. */
export const FIVE_LINES: BriefLine[] = [
	['W-1', '10', '120', ['10'], { discountPercent: '10' }],
	['W-2', '2', '19.99', ['10']],
	['W-3', '10', '4.5', ['10']],
	['W-4', '1', '700', ['10']],
	['W-1', '3', '77.77', ['10']],
];

/** The outcome of the only result; a failure fails the test. */
export function done(results: ItemResult[]): Outcome {
	const [result] = results;
	if (!result?.ok) throw result?.failure ?? new Error('no result');
	return result.value;
}

/** The failure of the only result. */
export function refused(results: ItemResult[]): Failure {
	const [result] = results;
	if (!result || result.ok) throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
	return result.failure;
}

/** The failure a promise ends with. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
	try {
		await promise;
	} catch (error) {
		return error as Failure;
	}
	throw new Error('it was expected to fail');
}

export { USER, PASSWORD };
