// Proves one effect with a fault at every call of this side; the suite is in `faults.ts`.
import { LOST, faultsAt } from './faults';

// The base gives ids of its own: what is there is found by the mark and the slot alone.
faultsAt('erp', 'onec-ut', { switches: { ownRefKey: 'ignored' } }, LOST);
