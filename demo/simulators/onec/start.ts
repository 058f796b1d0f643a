// Owns building an infobase: a configuration's metadata, its records, the service in front of them.
// Must not know: what a configuration contains, how the service answers.
import { SimulatorServer } from '../server';
import * as bp from './bp';
import { parseEdmx } from './edmx.parse';
import { type Service, answer, operationOf } from './http';
import { Sessions } from './session';
import { Store } from './store';
import type { Configuration } from './store.configuration';
import { Objects } from './store.objects';
import type { Switches } from './switches';
import * as ut from './ut';

/** Cyrillic, as users of 1C are called: the header must be UTF-8. */
export const USER = 'Обмен сайт';
export const PASSWORD = 'пароль-1';

export interface InfobaseOptions {
	port: number;
	now: () => number;
	switches: Switches;
}

/** The configurations there are, by profile. */
export const CONFIGURATIONS: Readonly<Record<'ut' | 'bp', () => Configuration>> = { ut: ut.configuration, bp: bp.configuration };

export class Infobase {
	readonly store: Store;
	readonly objects: Objects;
	readonly server: SimulatorServer;
	private readonly service: Service;
	private readonly initial: string;

	constructor(
		readonly configuration: Configuration,
		{ port, now, switches }: InfobaseOptions,
	) {
		const { metadata, facets } = configuration;
		this.store = new Store(parseEdmx(metadata, facets), switches, now);
		this.objects = new Objects(this.store, configuration);
		configuration.install(this.store);
		this.initial = this.store.snapshot();
		const sessions = new Sessions(switches, now);
		this.service = { configuration, store: this.store, objects: this.objects, switches, sessions, root: () => `${this.url}/odata/standard.odata`, user: USER, password: PASSWORD };
		this.server = new SimulatorServer({
			port,
			operation: (request) => operationOf(this.service, request),
			handle: (request) => answer(this.service, request),
			expireSession: (request) => sessions.expire(request),
		});
	}

	get url(): string {
		return `${this.server.url}/${this.configuration.path}`;
	}

	reset(): void {
		this.store.restore(this.initial);
		this.server.resetCalls();
		this.server.heal();
	}
}
