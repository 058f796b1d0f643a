// Owns what single recorded vtiger exchanges need before them: a challenge, a logged-out session, a later hour.
// Must not know: how answers are compared.
import { createHash } from 'node:crypto';
import type { VtigerSimulator } from '../../demo/simulators/vtiger';
import { asked, bodyOf, type Exchange, isRow, resultOf } from './vtiger.fixture';

type Store = VtigerSimulator['crm']['store'];

const hash = (token: string, key: string): string =>
	createHash('md5')
		.update(token + key)
		.digest('hex');

/** Prepares one exchange and returns it with what cannot be recorded (the hash of a fresh token) filled in. */
export async function scenes(exchange: Exchange, simulator: VtigerSimulator, later: (ms: number) => void): Promise<Exchange> {
	const what = asked(exchange);
	if (what.operation === 'login' || /login/.test(exchange.name)) return login(exchange, simulator, later);
	if (exchange.name === 'errors.delete_twice') simulator.remove(what.parameters.get('id') ?? '');
	if (/^crud\.Calendar\.(?!create)/.test(exchange.name)) taskThatIsAnEvent(exchange, simulator);
	STAGED[exchange.name]?.(simulator.crm.store, exchange);
	deletedSince(exchange, simulator);
	// The unpatched server had another seed.
	if (exchange.name.startsWith('unpatched_php8')) simulator.patch('14x3', { productname: 'Widget' });
	// 8.0.0 cannot log out, so there the session lives on.
	if (/session\.(after_logout|logout_twice)/.test(exchange.name) && simulator.crm.version === '8.4.0') simulator.sessions.expireAll();
	return exchange;
}

/** Records that a `sync` reports as deleted. */
function deletedSince(exchange: Exchange, simulator: VtigerSimulator): void {
	const result = resultOf(exchange);
	const ids = isRow(result) && Array.isArray(result['deleted']) ? result['deleted'].map(String) : [];
	for (const id of ids) {
		simulator.put(id, { assigned_user_id: '19x1', modifiedtime: '2026-11-22 02:23:05' });
		stored(simulator.crm.store, id).deleted = true;
	}
}

/** Past events that the records in the answers do not show. */
const STAGED: Record<string, (store: Store, exchange: Exchange) => void> = {
	'inventory.retrieve_with_deleted_product': (store, exchange) => {
		for (const line of stored(store, asked(exchange).parameters.get('id')).lines) line.values['productid'] ||= '14x4';
		stored(store, '14x4').deleted = true;
	},
	'convertlead.twice': (store) => void (stored(store, '10x47').converted = true),
	'related.retrieve_related_products': (store) => void (stored(store, '13x46').related = ['14x2']),
	'files.files_retrieve': (store) => {
		const document = store.put({ module: 'Documents', id: '15x61', fields: {} });
		document.file = { number: 62, name: 'hello.txt', type: 'text/plain', base64: 'aGVsbG8gd29ybGQK' };
	},
	'lineitem.retrieve': (store, exchange) => {
		const line = resultOf(exchange) as Record<string, string>;
		store.put({ module: 'Quotes', id: line['parent_id'] as string, fields: {}, lines: [line] });
	},
};

function stored(store: Store, id: string | null): NonNullable<ReturnType<Store['get']>> {
	const row = store.get(id ?? '');
	if (!row) throw new Error(`the scene lacks ${id}`);
	return row;
}

/** What `create` of a Calendar record without the type Task leaves behind. */
function taskThatIsAnEvent(exchange: Exchange, simulator: VtigerSimulator): void {
	const what = asked(exchange);
	const id = what.parameters.get('id') ?? String(what.element['id']);
	simulator.remove(id);
	simulator.put(`18x${id.split('x')[1]}`, { subject: 'Crud task' });
}

/** Which key the log-in is made with; the recorded hash of a wrong one stays. */
async function login(exchange: Exchange, simulator: VtigerSimulator, later: (ms: number) => void): Promise<Exchange> {
	const body = new URLSearchParams(bodyOf(exchange) ?? '');
	const username = body.get('username') ?? '';
	const key = simulator.users[username]?.accessKey;
	if (!key || /login_(via_get|expired_token|unknown)/.test(exchange.name)) {
		if (/expired/.test(exchange.name)) simulator.sessions.challenge(username);
		later(400_000);
		return exchange;
	}
	const { token } = simulator.sessions.challenge(username) as { token: string };
	if (/superseded/.test(exchange.name)) simulator.sessions.challenge(username);
	if (/bad_key|plain_key/.test(exchange.name)) return exchange;
	const accessKey = /uppercase/.test(exchange.name) ? hash(token, key).toUpperCase() : hash(token, key);
	body.set('accessKey', accessKey);
	return { ...exchange, request: { ...exchange.request, body: body.toString() } };
}
