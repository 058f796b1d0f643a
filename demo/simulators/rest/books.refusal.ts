// Owns how the books say no. Must not know: how an API words or numbers it.

export type RefusalCode = 'not_found' | 'invalid' | 'duplicate' | 'unknown_customer' | 'unknown_product' | 'unknown_tax' | 'not_draft' | 'in_use' | 'changed_meanwhile' | 'key_reused';

/** Something the ERP does not do, in words for its users. */
export class Refusal extends Error {
	constructor(
		readonly code: RefusalCode,
		message: string,
		/** The record that stands in the way. */
		readonly other?: string,
	) {
		super(message);
	}
}
