// Owns the list of known configurations. Data only.
import type { ProfileData } from './onec.profile.schema';
import { bp } from './onec.profiles.bp';
import { unf } from './onec.profiles.unf';
import { ut } from './onec.profiles.ut';

/** In the order in which they are tried. */
export const PROFILES: readonly ProfileData[] = [ut, unf, bp];
