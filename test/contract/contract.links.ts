// Owns the promises of `transition`, `link` and `pending`: a document is moved once, carries what it was told, and
// stops asking for attention when it is handled.
import type { Document, Kind } from '../../nodes/core/documents';
import { tick } from './bench';
import type { Part } from './contract';
import { failureOf, outcome } from './results';

const STATUS: Record<string, string> = { won: 'won', confirmed: 'confirmed', cancelled: 'cancelled' };

export function linksContract(part: Part): void {
	for (const [kind, states] of Object.entries(part.capabilities.transitions) as Array<[Kind, readonly string[]]>) {
		for (const state of states) part.tally.test(`${kind}: moves to ${state}, once`, async () => await transition(part, kind, state), 60_000);
	}
	for (const kind of part.offering('link')) {
		part.tally.test(`${kind}: carries the other system's number, status and message`, async () => await link(part, kind), 60_000);
	}
	for (const [kind, states] of Object.entries(part.capabilities.pending) as Array<[Kind, readonly string[]]>) {
		for (const state of states) part.tally.test(`${kind}: ${state} ones are pending until they are linked`, async () => await pending(part, kind, state), 60_000);
	}
}

async function transition(part: Part, kind: Kind, state: string): Promise<void> {
	const bench = part.bench();
	const connector = bench.connect();
	const id = await bench.seed(kind, `to ${state}`);
	const document = await connector.get(kind, id);
	const moved = outcome(await connector.transition(kind, [document], state));
	expect({ outcome: moved.outcome, id: moved.ref.id }).toEqual({ outcome: 'updated', id });
	expect(await connector.get(kind, id)).toMatchObject({ status: STATUS[state] ?? state });
	await tick(bench);
	const before = await bench.modified(kind, id);
	expect(outcome(await bench.connect().transition(kind, [await connector.get(kind, id)], state)).outcome).toBe('unchanged');
	expect(await bench.modified(kind, id)).toBe(before);
	expect((await failureOf(async () => await connector.transition(kind, [document], 'no such state'))).message).toContain('no such state');
}

async function link(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	const connector = bench.connect();
	const id = await bench.seed(kind, 'link');
	const record = `${kind} under test`;
	const written = { key: 'erp:sale.order:42', number: "S00042 O'X", status: 'Ordered', message: '' };
	outcome(await connector.link([{ kind, id, record, link: written }]));
	const { link: first } = (await connector.get(kind, id)) as Document;
	expect(first).toMatchObject({ number: written.number, status: 'Ordered' });
	expect(first?.message ?? '').toBe('');
	await tick(bench);
	const before = await bench.modified(kind, id);
	const again = outcome(await connector.link([{ kind, id, record, link: { number: written.number, status: 'Ordered', message: '' }, current: first }]));
	expect(again.outcome).toBe('unchanged');
	expect(await bench.modified(kind, id)).toBe(before);

	const reason = `The tax "VAT 7 %" is not mapped & <nobody> knows why, Müller. ${'A long story. '.repeat(40)}`;
	outcome(await connector.link([{ kind, id, record, link: { status: 'Needs attention', message: reason } }]));
	const { link: told } = (await connector.get(kind, id)) as Document;
	expect(told).toMatchObject({ number: written.number, status: 'Needs attention' });
	expect(told?.message).toMatch(/^The tax "VAT 7 %" is not mapped & <nobody> knows why, Müller\. A long story\./);

	const failure = await failureOf(async () => await connector.link([{ kind, id: bench.noId(kind), record: 'quote QUO404', link: written }]));
	expect(failure.kind).toBe('missing');
	expect(failure.message).toContain('quote QUO404');
}

async function pending(part: Part, kind: Kind, state: string): Promise<void> {
	const bench = part.bench();
	const connector = bench.connect();
	const ids = [await bench.seed(kind, 'pending 1'), await bench.seed(kind, 'pending 2'), await bench.seed(kind, 'pending 3')];
	const mine = async (query: { limit?: number; skip?: string[] } = {}): Promise<string[]> => {
		const found = await bench.connect().pending(kind, state, { limit: query.limit ?? 1_000, skip: new Set(query.skip ?? []) });
		if (query.limit) expect(found.length).toBeLessThanOrEqual(query.limit);
		return found.map((document) => document.source!.id).filter((id) => ids.includes(id)).sort();
	};
	expect(await mine()).toEqual([]);
	for (const id of ids) await bench.bringTo(kind, id, state);
	expect(await mine()).toEqual([...ids].sort());
	expect(await mine({ skip: [ids[0]!] })).toEqual(ids.slice(1).sort());
	await mine({ limit: 1 });
	outcome(await connector.link([{ kind, id: ids[0]!, record: 'one', link: { key: 'erp:sale.order:1', number: 'S1', status: 'Ordered', message: '' } }]));
	outcome(await connector.link([{ kind, id: ids[1]!, record: 'two', link: { status: 'Needs attention', message: 'No product' } }]));
	expect(await mine()).toEqual([ids[2]]);
	// A person has mended it and clears the status.
	outcome(await connector.link([{ kind, id: ids[1]!, record: 'two', link: { status: '', message: '' } }]));
	expect(await mine()).toEqual(ids.slice(1).sort());
}
