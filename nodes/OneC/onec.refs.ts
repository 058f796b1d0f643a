// Owns how a record of 1C is named to the rest of the flow: key and page. No network.
import type { Kind, Ref } from '../core/documents';
import { formatKey } from '../core/keys';
import { addressOf } from './onec.reading';

interface Place {
	installation: string;
	url: string;
}

export function refOf({ installation, url }: Place, kind: Kind, set: string, id: string, more: Partial<Pick<Ref, 'number' | 'status'>> = {}): Ref {
	return { system: installation, kind, id, key: formatKey({ installation, module: set, id }), number: undefined, url: addressOf(url, set, id), outcome: undefined, status: undefined, ...more };
}

/** For a record that is only planned: a dry run has no id to tell. */
export function plannedRef({ installation }: Place, kind: Kind): Ref {
	return { system: installation, kind, id: '', key: '', number: undefined, url: undefined, outcome: undefined, status: undefined };
}
