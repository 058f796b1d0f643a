// Owns every way in which one 1C server answers differently from another: a switch each, with the default of "УТ 11.5 on IIS".
// Must not know: how the answers are made.

/** Mutable while the simulator runs; each line names the reference's section. */
export interface Switches {
	/** 3: counter per object (8.5), counter of the table in the high word (file base), row version of SQL Server. */
	dataVersion: 'object' | 'table' | 'row';
	/** 5: without `$orderby` each answer starts at another row, so that pages repeat and lose rows. */
	rotateUnordered: boolean;
	/** 5: `$skip` on a virtual table. */
	virtualSkip: 'refused' | 'works';
	/** 5: `/$count`. */
	count: 'works' | 'unavailable';
	/** 5: `DeletionMark` in the filter of a document set (УНФ report). */
	deletionMarkFilter: 'works' | 'ignored';
	/** Not in the reference: whether `eq` on text sees upper and lower case; most databases under 1C do not. */
	textCase: 'seen' | 'ignored';
	/** 4: `Accept: application/json` without `$format`. */
	accept: 'honoured' | 'ignored';
	/** 6: `If-Match`. */
	ifMatch: 'ignored' | 'honoured';
	/** 6: `Ref_Key` in a POST. */
	ownRefKey: 'honoured' | 'ignored';
	/** 6: a second POST with the same `Ref_Key`. */
	secondPost: 'refused' | 'overwrites';
	/** 6: `Number` and `Code` in the answer to a POST; the record has it in any case. */
	createdNumber: 'filled' | 'empty';
	/** 6: `PATCH {"Posted": true}`. */
	patchPosted: 'posts' | 'flag-only';
	/** 7: language of the platform's texts; `lang` in the body says "ru" either way. */
	language: 'ru' | 'en';
	/** 7: how an error looks: `odata.error` (or Atom), the application server's exception, the platform's HTML page. */
	errorShape: 'odata' | 'exception' | 'html';
	/** 7: IIS puts its own page in place of the body of a 404. */
	iisReplaces404: boolean;
	/** 7: a gateway or a maintenance page answers everything with 200 and HTML. */
	htmlWith200: boolean;
	/** 3: a byte order mark before `/$count` and error bodies. */
	bom: boolean;
	/** 8: `autouse` pools by itself and sets no cookie; `explicit` answers `IBSession: start` with a cookie; `none` ignores the header. */
	sessions: 'autouse' | 'explicit' | 'none';
	/** 8: seconds an explicit session lives after its last call. */
	sessionMaxAge: number;
	/** 8: HTTP status for a cookie that is dead. */
	deadSession: 400 | 404 | 406 | 500;
	/** 8: how many explicit sessions can be open at once; 0: no limit; -1: others hold them all, nobody comes in. */
	licences: number;
	/** 8: HTTP status when there is no licence left. */
	licenceStatus: 406 | 400;
	/** 8: nobody can start a session ("scheduled work"): the platform's HTML page with 500, or text with 400. */
	sessionsForbidden: boolean;
	/** 7: sets the user has no right to: 401 with code 20. */
	forbiddenSets: string[];
	/** 5: rows hidden by a restriction, by set and key; a hit without `allowedOnly=true` is 401 with code 20. */
	hiddenRows: Record<string, string[]>;
	/** 5: fields a role may not filter by ("Операция не разрешена в предложении ГДЕ"), as `Set.Field`. */
	unfilterable: string[];
	/** 1, 2: sets that are not in the published composition; `*`: nothing is published. */
	unpublished: string[];
	/** 2: `$metadata`: works, answers 500, answers a login page with 200, or lacks the sets of `unpublished` only there. */
	metadata: 'works' | 'fails' | 'login-page';
	/** 9: `&$format=json` on SelectChanges. */
	changesJson: 'refused' | 'served';
	/** 9: physical deletions arrive as `at:deleted-entry`. */
	tombstones: boolean;
	/** 9, 13: blank characters added to every change packet, for packets of 28 MB. */
	packetPadding: number;
	/** 5: reading more rows than this at once is 500 "not enough memory"; 0: no limit. */
	memoryRows: number;
	/** 13: milliseconds the next call waits (the first call after idle); falls back to 0 by itself. */
	slowNext: number;
	/** 13: how many of the next answers are cut in the middle of their body. */
	truncateNext: number;
}

/** "УТ 11.5 on IIS". */
export function defaultSwitches(): Switches {
	return {
		dataVersion: 'object',
		rotateUnordered: false,
		virtualSkip: 'refused',
		count: 'works',
		deletionMarkFilter: 'works',
		textCase: 'seen',
		accept: 'honoured',
		ifMatch: 'ignored',
		ownRefKey: 'honoured',
		secondPost: 'refused',
		createdNumber: 'filled',
		patchPosted: 'posts',
		language: 'ru',
		errorShape: 'odata',
		iisReplaces404: false,
		htmlWith200: false,
		bom: false,
		sessions: 'autouse',
		sessionMaxAge: 20,
		deadSession: 400,
		licences: 0,
		licenceStatus: 406,
		sessionsForbidden: false,
		forbiddenSets: [],
		hiddenRows: {},
		unfilterable: [],
		unpublished: [],
		metadata: 'works',
		changesJson: 'refused',
		tombstones: false,
		packetPadding: 0,
		memoryRows: 0,
		slowNext: 0,
		truncateNext: 0,
	};
}
