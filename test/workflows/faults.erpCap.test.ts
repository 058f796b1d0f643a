// Proves one effect with a fault at every call of this side; the suite is in `faults.ts`.
import { faultsAt } from './faults';

// A real server: what it does by itself takes its time, so only what could make a second record.
faultsAt('erp', 'cap', {}, ['reset-after']);
