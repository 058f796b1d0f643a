// Proves that a document has one effect where the caller chooses the id and the server refuses it a second time: with the
// id in the body of a POST, or by PUT with a revision in the record; and that what is refused is looked up, not sent again.
import type { Writer } from '../../../nodes/RestErp/rest.writing';
import { customer, isCreate, one, writerAt } from './writing.documents';
import { profileFor } from './writing.profile';
import { WritingServer, type Json, type Reply, type Seen } from './writing.server';

let server: WritingServer;
let url: string;

beforeEach(async () => {
	server = new WritingServer('chosenId');
	url = await server.start();
});

afterEach(async () => {
	await server.stop();
});

const POSTED: Json = { create: { method: 'POST', path: '/customers', body: '$merge([body, {"id": id}])' } };
const PUT: Json = { version: undefined, update: { method: 'PUT', path: '/customers/{id}', body: '$merge([record, body])' } };
const STYLES: Array<[string, Json, Reply]> = [
	['POST, refused with 409', POSTED, [409, { message: 'it exists' }]],
	['POST, refused with 500 and no word', POSTED, [500, {}]],
	['PUT, refused without the revision', PUT, [409, { error: 'conflict' }]],
];

const writer = (style: Json, address = url): Writer => writerAt(address, profileFor('chosenId', { customer: style }));

/** A record that is there is refused unless what is sent is built on it. */
function refusing(reply: Reply): void {
	server.refuse = ({ method, path, body }: Seen) => {
		const id = method === 'POST' ? body.id : path.split('/')[2];
		const row = method === 'GET' ? undefined : server.tables.customers!.find((one) => one.id === id);
		return row && body.version !== row.version ? reply : undefined;
	};
}

describe.each(STYLES)('%s', (_name, style, reply) => {
	beforeEach(() => refusing(reply));

	test('two writers at once make one, and each sends it once', async () => {
		server.pause = (call) => (isCreate(call) ? 20 : 0);
		const both = await Promise.all([url, url.replace('127.0.0.1', 'localhost')].map(async (address) => await one(writer(style, address), customer(1))));
		expect(server.tables.customers).toHaveLength(1);
		expect(both.map(({ ref }) => ref.id)).toEqual([0, 1].map(() => server.tables.customers![0]!.id));
		expect(server.writes()).toHaveLength(2);
	});

	test('a lost answer is looked up', async () => {
		let lost = 0;
		server.lose = (call) => isCreate(call) && lost++ === 0;
		expect(await one(writer(style), customer(1))).toMatchObject({ ref: { id: server.tables.customers![0]!.id } });
		expect(server.tables.customers).toHaveLength(1);
		// By PUT it may be sent once more: the server itself tells what came of the first.
		expect(server.writes().length).toBeLessThanOrEqual(style === PUT ? 2 : 1);
	});
});

test('what was changed meanwhile is read again before the whole record is replaced', async () => {
	refusing([409, { error: 'conflict' }]);
	const w = writer(PUT);
	await one(w, customer(1));
	let faster = 0;
	const refuse = server.refuse;
	server.refuse = (call) => {
		if (call.method === 'PUT' && faster++ === 0) Object.assign(server.tables.customers![0]!, { colour: 'red', version: 7 });
		return refuse(call);
	};
	expect(await one(w, customer(1, { phone: '+49 1' }))).toMatchObject({ outcome: 'updated' });
	expect(server.tables.customers).toEqual([expect.objectContaining({ phone: '+49 1', colour: 'red', version: 8 })]);
});

describe('a twin that was made at once', () => {
	const searched = (remove: Json): Json => profileFor('searchField', { customer: { remove } });
	const removed = (call: Seen): boolean => call.method === 'DELETE';

	test.each<[string, Json, (call: Seen, version: unknown) => boolean]>([
		['names its revision in If-Match', { path: '/customers/{id}' }, ({ headers }, version) => headers['if-match'] === `"${String(version)}"`],
		['names its revision as a parameter', { path: '/customers/{id}', query: { rev: 'record.version' } }, ({ query }, version) => query.rev === String(version)],
	])('is removed where the server wants its revision: %s', async (_how, remove, right) => {
		let once = true;
		server.refuse = (call) => {
			const row = server.tables.customers!.find(({ id }) => id === call.path.split('/')[2]);
			if (removed(call)) return right(call, row?.version) ? undefined : [409, { error: 'conflict' }];
			if (isCreate(call) && once) server.add('customers', { ...call.body });
			if (isCreate(call)) once = false;
			return undefined;
		};
		const first = await one(writerAt(url, searched(remove)), customer(1));
		expect(server.tables.customers).toEqual([expect.objectContaining({ id: first.ref.id })]);
		expect(server.calls.filter(removed)).toHaveLength(1);
	});
});
