// Owns the records the demo begins with. (First version: none yet.)
// Must not know: the OData interface.
import type { OnecSimulator } from '.';

export function seedDemo(_simulator: OnecSimulator): { products: Record<string, string> } {
	return { products: {} };
}
