// Owns the promises about failures: each has its kind and words for a person, nothing crashes, and what a connector
// does not offer it refuses clearly.
import { KINDS, type Kind } from '../../nodes/core/documents';
import { VERBS, type Connector, type ItemResult, type Verb } from '../../nodes/core/port';
import { collect } from '../../nodes/core/pages';
import type { Bench } from './bench';
import type { Part } from './contract';
import { failureOf } from './results';

export function failuresContract(part: Part): void {
	part.tally.test('a credential with one wrong field is told so, each by name', async () => {
		for (const [field, { change, kinds, says }] of Object.entries(part.bench().wrong)) {
			const answer = await check(part.bench(), change).catch((error: unknown) => error);
			// Where a key alone opens the door, a wrong login beside it is told as a note.
			if (kinds.includes('told') && !(answer instanceof Error)) {
				expect((answer as { notes: string[] }).notes.join(' ')).toMatch(says);
				continue;
			}
			const failure = await failureOf(async () => await settled(answer));
			expect([field, failure.kind]).toEqual([field, expect.stringMatching(new RegExp(`^(${kinds.join('|')})$`))]);
			expect(failure.message).toMatch(says);
			for (const value of Object.values(change)) if (String(value).includes('not-the-') || String(value).startsWith('NotThe')) expect(failure.message).not.toContain(String(value));
		}
	}, 60_000);

	part.tally.test('two records that fit are never chosen between', async () => {
		const { kind, document, options, says } = await part.bench().ambiguous('amb');
		const before = await part.bench().count(kind, document);
		const failure = await failureOf(async () => await part.bench().connect().upsert(kind, [document], options ?? {}));
		expect(failure.kind).toBe('ambiguous');
		expect(failure.message).toMatch(says);
		expect(failure.advice).toBeTruthy();
		expect(await part.bench().count(kind, document)).toBe(before);
	}, 60_000);

	for (const kind of KINDS) {
		const lacking = VERBS.filter((verb) => !part.capabilities.kinds[kind]?.includes(verb));
		if (lacking.length === 0) continue;
		part.tally.test(`${kind}: ${lacking.join(', ')} are not offered and refused in words`, async () => {
			for (const verb of lacking) {
				const answer = await use(part.bench(), kind, verb).catch((error: unknown) => error);
				// A record without fields for a link is passed over, with a word about the fields that it lacks.
				if (verb === 'link' && Array.isArray(answer) && passedOver(answer as ItemResult[])) continue;
				const failure = await failureOf(async () => await settled(answer));
				expect([verb, failure.kind]).toEqual([verb, expect.stringMatching(/^(rejected|missing)$/)]);
			}
		}, 60_000);
	}

	for (const kind of part.offering('upsert')) {
		part.tally.test(`${kind}: a document of another kind is refused in words`, async () => {
			const bench = part.bench();
			const stranger = kind === 'product' ? { kind: 'customer', key: 'crm:Accounts:11x1', name: 'Nobody', isCompany: true, billing: {}, shipping: {}, contacts: [], refs: [] } : { kind: 'product', key: 'crm:Products:14x1', name: 'Nothing', type: 'product', active: true, taxes: [], refs: [] };
			const failure = await failureOf(async () => await bench.connect().upsert(kind, [stranger as never], bench.options(kind)));
			expect(failure.kind).toMatch(/rejected|missing/);
		});
	}
}

async function check(bench: Bench, change: Record<string, unknown>): Promise<unknown> {
	return await bench.connect(change).check();
}

function passedOver([result]: ItemResult[]): boolean {
	return result?.ok === true && result.value.outcome === 'skipped' && /has no field/.test(result.value.notes.join(' '));
}

async function settled(answer: unknown): Promise<unknown> {
	return answer instanceof Error ? await Promise.reject(answer) : await Promise.resolve(answer);
}

async function use(bench: Bench, kind: Kind, verb: Verb): Promise<unknown> {
	const connector: Connector = bench.connect();
	const document = { kind: 'customer', key: 'other:x:1', name: 'Nobody', isCompany: true, billing: {}, shipping: {}, contacts: [], refs: [] } as never;
	switch (verb) {
		case 'get':
			return await connector.get(kind, bench.noId(kind));
		case 'list':
			return await collect(connector.list(kind, { limit: 1 }));
		case 'upsert':
			return await connector.upsert(kind, [document], {});
		case 'transition':
			return await connector.transition(kind, [document], 'won');
		case 'link':
			return await connector.link([{ kind, id: bench.noId(kind), record: 'something', link: { status: 'Ordered' } }]);
		case 'changes':
			return await connector.changesSince(kind, { overlapMs: 0, budget: 1 });
		case 'pending':
			return await connector.pending(kind, 'accepted', { limit: 1, skip: new Set() });
	}
}
