// Owns the two ways in which vtiger's web service says no, and the JSON types that travel.
// Must not know: any operation.

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
/** Field values of one record by field name, as the wire shows them. */
export type Row = Record<string, Json>;

/** Answered as HTTP 200 with `{"success":false,"error":{...}}`. */
export class Refusal extends Error {
	constructor(
		readonly code: string | number,
		message: string,
	) {
		super(message);
	}
}

/** A fatal error of PHP: answered as HTTP 500 with an empty body, whatever was stored before stays stored. */
export class Crash extends Error {}

const DENIED = 'Permission to perform the operation is denied';

export const denied = (suffix = ''): Refusal => new Refusal('ACCESS_DENIED', DENIED + suffix);
export const unreadable = (): Refusal => new Refusal('ACCESS_DENIED', 'Permission to read given object is denied');
export const badId = (): Refusal => new Refusal('INVALID_ID_ATTRIBUTE', 'Id specified is incorrect');
export const missing = (field: string): Refusal => new Refusal('MANDATORY_FIELDS_MISSING', `${field} does not have a value`);
export const duplicate = (): Refusal => new Refusal(0, 'Duplicate(s) detected!');
export const internal = (): Refusal => new Refusal('INTERNAL_SERVER_ERROR', 'Unknown Error while processing request');
export const badSession = (): Refusal => new Refusal('INVALID_SESSIONID', 'Session Identifier provided is Invalid');
export const badReference = (field: string): Refusal => new Refusal('REFERENCE_INVALID', `Invalid reference specified for ${field}`);
