// Proves one effect with a fault at every call of this side; the suite is in `faults.ts`.
import { LOST, faultsAt } from './faults';

// A second POST of the same id replaces the first record in silence.
faultsAt('erp', 'onec-ut', { switches: { secondPost: 'overwrites' } }, LOST);
