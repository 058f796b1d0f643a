// Owns what every part of the 1C connector is given. Types only.
import type { Clock } from '../core/http';
import type { OnecCredential } from './onec.credential';
import type { OnecMetadata } from './onec.metadata';
import type { Profile } from './onec.profile';
import type { OnecSession } from './onec.session';

export interface Services {
	readonly credential: OnecCredential;
	readonly session: OnecSession;
	readonly metadata: OnecMetadata;
	readonly clock: Clock;
	/** Which sets and fields hold what in this infobase: asked once, then kept. */
	profile(): Promise<Profile>;
}
