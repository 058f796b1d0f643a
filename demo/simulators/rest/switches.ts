// Owns how the simulated APIs may deviate. Must not know: records, HTTP.

export interface Switches {
	/** ledger: a second record with the same external_id is refused. */
	unique: boolean;
	/** ledger: so long a new record is not found by its external_id, as where a search index lags behind. */
	indexSeconds: number;
	/** ledger: decimals are JSON numbers in answers, not texts. */
	numbers: boolean;
	/** ledger, keyed: how long a log-in lasts. */
	sessionSeconds: number;
	/** jsonapi: ids are bare JSON numbers in answers, beyond what a JavaScript number holds. */
	bareIds: boolean;
	/** jsonapi: `forgets` the result of a call once its record is deleted; `replays` it all the same; `ignored`: takes no notice of the header. */
	idempotency: 'forgets' | 'replays' | 'ignored';
	/** keyed: refusals of the business come with status 200. */
	okRefusals: boolean;
	/** keyed: before so many changes by the API a person changes the same record first. */
	meddling: number;
	/** The largest page, whatever is asked for. */
	pageSize: number;
}

export function defaultSwitches(): Switches {
	return { unique: true, indexSeconds: 0, numbers: false, sessionSeconds: 1200, bareIds: true, idempotency: 'forgets', okRefusals: true, meddling: 0, pageSize: 100 };
}
