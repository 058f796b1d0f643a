// Owns what a person at the desktop works with: the records and the objects' code.
// Must not know: configurations, the OData interface.
import type { Store } from './store';
import type { Objects } from './store.objects';

export interface Desk {
	store: Store;
	objects: Objects;
}
