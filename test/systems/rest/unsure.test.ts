// Proves that a write whose answer cannot be used is never told as one that was not done: it would be made twice.
import { stopServers } from '../../kit/server';
import { READ, refusal, talk, WRITE } from './talk';

afterEach(stopServers);

test('an expression for errors that does not fit the answer', async () => {
	const { session } = await talk({ errors: { inside: 'answer.code > 0' } }, (_request, respond) => respond(201, { id: 7, code: 'none' }));
	expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'unknown', message: expect.stringContaining('errors.inside') as string });
	expect(await refusal(session.call(READ))).toMatchObject({ kind: 'rejected' });
});

test('an answer too large to be read', async () => {
	const { session, server } = await talk({}, (_request, respond) => respond(201, ' '.repeat(65 * 1024 * 1024), { 'Content-Type': 'application/json' }));
	expect(await refusal(session.call(WRITE))).toMatchObject({ kind: 'unknown', message: expect.stringContaining('64 MB') as string });
	expect(server.requests).toHaveLength(1);
	expect(await refusal(session.call(READ))).toMatchObject({ kind: 'rejected' });
}, 60_000);
