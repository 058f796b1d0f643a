// Owns what counts as equal between a recorded Odoo answer and a simulated one, per exchange.
// Must not know: the simulator, the client.
import type { CompareOptions, Place } from './compare';
import { modelCallOf } from './odoo.fixture';
import type { Exchange, Version } from './odoo.fixture';

const STAMP = /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?$/;
/** Exchanges that are about time: their stamps are compared value for value. */
const ABOUT_TIME = /^(poll|late|arch-|del-|load-datetime)/;
/** Counts and lists that depend on records the recordings do not show being made. */
const HISTORY =
	/^(json2-(search-count|auth-uppercase-bearer|search|readonly-flag|web-search-read|multidb-header.*|formatted-read-group|read-group|search-read)|search-limit-0|search-limit-none|search-not|read-group.*|context-companies)$/;
/** Reads without a field list: some hundred computed fields nobody simulates; names and JSON types are compared. */
const ALL_FIELDS = /^(read-all-fields-one|search-read-no-fields|search-read-fields-empty)$/;
/** Ids of rows that unrecorded work took from the same sequence. */
const FREE_IDS = new Set(['ir.model.data', 'ir.attachment', 'ir.model.fields', 'ir.module.module', 'res.users.apikeys', 'sale.advance.payment.inv', 'mail.message']);
/** Texts that quote row ids, times, tokens or a piece of SQL. */
const NUMBERED = new Set(['load-wrong-model-xid', 'load-xid-with-space', 'err-m2o-wrong-type', 'json2-m2o-type', 'portal-url', 'portal-url-pdf']);
/** What fields_get says for people and for the ORM, not for a client. */
const DOCUMENTATION = new Set(['help', 'depends']);
/** Ids of views and actions inside a UI action. */
const UI_KEYS = new Set(['view_id', 'search_view_id', 'debug', 'access_token', 'default_mail_template_id', 'complete_traceback']);

export function optionsFor(version: Version, exchange: Exchange): CompareOptions {
	const aboutTime = ABOUT_TIME.test(exchange.name);
	const call = modelCallOf(exchange);
	const numbersOf = call?.method === 'message_post' ? 'mail.message' : call?.model;
	const html = typeof exchange.response.body === 'string';
	return {
		arrays: (place) => (isFreeList(exchange, place) ? 'alike' : 'ordered'),
		ignore: (place) => isCut(exchange, place) || (html && place.key === 'body') || DOCUMENTATION.has(place.key),
		equal: (place) => ((ALL_FIELDS.test(exchange.name) || HISTORY.test(exchange.name)) && isUnset(place)) || sameButNumbers(place, NUMBERED.has(exchange.name)),
		volatile: (place) =>
			isStamp(place, aboutTime) ||
			isUi(place) ||
			isFreeId(place, numbersOf) ||
			isTranslated(version, place) ||
			isLocalName(version, exchange, place) ||
			(HISTORY.test(exchange.name) && typeof place.expected === 'number'),
	};
}

/** Lists that depend on unrecorded history, and the lists inside a read of all fields except `[id, name]` pairs. */
function isFreeList(exchange: Exchange, place: Place): boolean {
	if (HISTORY.test(exchange.name)) return place.path === 'body' || place.path === 'body.result' || place.path === 'body.records';
	const expected = place.expected;
	const pair = Array.isArray(expected) && expected.length === 2 && typeof expected[0] === 'number' && typeof expected[1] === 'string';
	return ALL_FIELDS.test(exchange.name) && !pair && place.path !== 'body.result';
}

/** An HTML page is held against its status and content type only; a cut answer may hold more fields. */
function isCut(exchange: Exchange, place: Place): boolean {
	return exchange.cut === true && place.expected === undefined && /^body\.result\.\w+$/.test(place.path);
}

/** Unset here, set there: which of the unsimulated fields are filled depends on modules and jobs. */
function isUnset(place: Place): boolean {
	const free = (value: unknown) => value === false || value === 0 || value === '' || (Array.isArray(value) && value.length === 0);
	return place.path !== 'body' && place.expected !== undefined && place.actual !== undefined && (free(place.expected) || free(place.actual));
}

function isStamp(place: Place, aboutTime: boolean): boolean {
	return !aboutTime && typeof place.expected === 'string' && typeof place.actual === 'string' && STAMP.test(place.expected) && STAMP.test(place.actual);
}

function isUi(place: Place): boolean {
	return UI_KEYS.has(place.key) || /\.views\[\d+\]\[0\]$/.test(place.path) || /\.(view_id|search_view_id)\[0\]$/.test(place.path);
}

function isFreeId(place: Place, model: string | undefined): boolean {
	if (model === undefined || !FREE_IDS.has(model)) return false;
	return place.path === 'body.result' || place.path === 'body.result[0]' || place.key === 'id';
}

/** PostgreSQL's texts name ports, row ids and times of the recorded server. */
function sameButNumbers(place: Place, numbered: boolean): boolean {
	const bare = (value: unknown) =>
		typeof value !== 'string'
			? value
			: numbered
				? value
						.replace(/LINE 1:[\s\S]*$/, '')
						.replace(/\d+/g, 'N')
						.replace(/access_token=[\w-]+/, '')
				: value.replace(/port \d+/, 'port N');
	return typeof place.expected === 'string' && bare(place.expected) === bare(place.actual);
}

/** The servers of 14 and 19 speak Italian to these users; a client must not read such texts anyway. */
function isTranslated(version: Version, place: Place): boolean {
	if (version !== 14 && version !== 19) return false;
	const inError = /(^|\.)(message|arguments(\[\d+\])?)$/.test(place.path);
	return inError && typeof place.expected === 'string' && ITALIAN.test(place.expected);
}

/** Names the recorded servers made up in their company's language, and the name a person gave a key. */
function isLocalName(version: Version, exchange: Exchange, place: Place): boolean {
	if (place.key !== 'name') return false;
	return exchange.name === 'apikey-list' || ((version === 14 || version === 19) && exchange.name === 'downpay-lines');
}

const ITALIAN = /\b(non|consentit[ao]|Non|Impossibile|possibile|della|essere|ordine|campo)\b/;
