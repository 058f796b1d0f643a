// Proves one effect with a fault at every call of this side; the suite is in `faults.ts`.
import { faultsAt } from './faults';

faultsAt('erp', 'rest-keyed');
