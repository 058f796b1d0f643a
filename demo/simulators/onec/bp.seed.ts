// Owns how the demo's records are entered into БП. (Walking version.)
// Must not know: the OData interface.
import type { OnecSimulator } from '.';
import type { SeedBook } from './seed.data';
export const bpBook = (_simulator: OnecSimulator): SeedBook => ({ product: () => '', pricesAndStock: () => undefined, counterparty: () => undefined });
