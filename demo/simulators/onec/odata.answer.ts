// Owns what the service can answer, before it is written in a format.
// Must not know: HTTP, formats.
import type { EntitySet } from './edmx.model';
import type { Shown } from './odata.select';

export type Answer =
	| { kind: 'collection'; set: EntitySet; shown: Shown[]; count: number | undefined }
	/** A virtual table: records without keys. */
	| { kind: 'table'; set: EntitySet; returns: string; shown: Shown[]; count: number | undefined }
	| { kind: 'entity'; shown: Shown; status: 200 | 201; location?: string }
	| { kind: 'services'; names: string[] }
	| { kind: 'count'; count: number }
	/** `.../$value`, `$metadata`, change packets: written already. */
	| { kind: 'raw'; body: string | Buffer; type: string; status: number }
	| { kind: 'nothing'; status: 200 | 204 };
