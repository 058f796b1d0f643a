// Proves one effect with a fault at every call of this side; the suite is in `faults.ts`.
import { faultsAt } from './faults';

// The server takes the same key twice: what is there is found by looking before and after.
faultsAt('erp', 'rest-search');
