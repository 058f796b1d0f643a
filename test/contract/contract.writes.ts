// Owns the promises of `upsert`: one record per key whatever happens, nothing written when nothing differs, what was
// written comes back, money proved, one bad document costs one failure.
import type { Document, Kind } from '../../nodes/core/documents';
import { collect } from '../../nodes/core/pages';
import { tick } from './bench';
import type { Part } from './contract';
import { looks } from './looks';
import { failureOf, outcome, outcomes, speaking } from './results';

const AT_ONCE = 4;

export function writesContract(part: Part): void {
	for (const kind of part.offering('upsert')) {
		part.tally.test(`${kind}: creates, leaves alone, updates, and gives back what was written`, async () => await roundTrip(part, kind), 120_000);
		part.tally.test(`${kind}: ${AT_ONCE} at once make one`, async () => await parallel(part, kind), 120_000);
		part.tally.test(`${kind}: one bad document costs one failure`, async () => await batch(part, kind), 120_000);
		part.tally.test(`${kind}: what a person removed is made again`, async () => await removed(part, kind), 120_000);
		part.tally.test(`${kind}: a dry run compares and writes nothing`, async () => await dryRun(part, kind), 120_000);
	}
	if (part.capabilities.transitions.order?.includes('confirmed')) {
		part.tally.test('order: proves its totals as a draft, and confirms when asked', async () => await proof(part), 120_000);
	}
}

/** Whether the credential's user may not write the kind; then it must be told so in words. */
async function refused(part: Part, kind: Kind, suffix: string): Promise<boolean> {
	const bench = part.bench();
	if (!bench.forbidden.includes(kind)) return false;
	const sample = await bench.sample(kind, suffix);
	const failure = await failureOf(async () => await bench.connect().upsert(kind, [sample], bench.options(kind)));
	expect(failure.kind).toBe('denied');
	expect(await bench.count(kind, sample)).toBe(0);
	return true;
}

async function roundTrip(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	if (await refused(part, kind, 'rt')) return;
	const connector = bench.connect();
	const sample = await bench.sample(kind, 'rt');
	const options = bench.options(kind);

	const created = outcome(await connector.upsert(kind, [sample], options));
	expect(created.outcome).toBe('created');
	expect(created.ref).toMatchObject({ kind, id: expect.stringMatching(/./), key: expect.stringMatching(/^[^:]+:[^:]+:.+/), url: expect.stringMatching(/^https?:/) });
	expect(await bench.count(kind, sample)).toBe(1);
	const first = await connector.get(kind, created.ref.id);
	expect(looks(first)).toEqual(expectedLooks(sample, first));

	await tick(bench);
	const before = await bench.modified(kind, created.ref.id);
	const again = outcome(await bench.connect().upsert(kind, [sample], options));
	expect({ outcome: again.outcome, changed: again.changed, id: again.ref.id }).toEqual({ outcome: 'unchanged', changed: {}, id: created.ref.id });
	expect(await bench.modified(kind, created.ref.id)).toBe(before);

	await tick(bench);
	const other = bench.changed(sample);
	const updated = outcome(await connector.upsert(kind, [other], options));
	// Where the server would damage the record by a change, it is left alone and the reason is told.
	if (updated.outcome === 'skipped') {
		expect(updated.notes.join(' ')).toMatch(/left as it (is|was)/);
	} else {
		expect(updated.outcome).toBe('updated');
		expect(looks(await connector.get(kind, created.ref.id))).toEqual(expectedLooks(other, first));
		expect(await bench.modified(kind, created.ref.id)).not.toBe(before);
		expect(outcome(await connector.upsert(kind, [other], options)).outcome).toBe('unchanged');
	}
	expect(Object.keys(updated.changed).length).toBeGreaterThan(0);
	expect(await bench.count(kind, sample)).toBe(1);
}

/** How the sample must come back: a quote comes back as the order that was made of it. */
function expectedLooks(sample: Document, read: Document): Record<string, unknown> {
	const wanted = looks(sample);
	// Without totals of its own the system's are taken; the proof of totals has a test of its own.
	return 'totals' in sample && sample.totals === undefined ? { ...wanted, totals: looks(read).totals === undefined ? undefined : expect.anything() } : wanted;
}

async function parallel(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	if (await refused(part, kind, 'pa')) return;
	const sample = await bench.sample(kind, 'pa');
	const connectors = Array.from({ length: AT_ONCE }, () => bench.connect());
	// All have logged in, so that they really write at once.
	for (const connector of connectors) await collect<Document>(connector.list(kind, { limit: 1 }));
	const runs = await Promise.all(connectors.map(async (connector) => await connector.upsert(kind, [sample], bench.options(kind))));
	const results = runs.map((run) => outcome(run));
	expect(await bench.count(kind, sample)).toBe(1);
	const { id } = outcome(await bench.connect().upsert(kind, [sample], bench.options(kind))).ref;
	expect(results.map(({ ref }) => ref.id)).toEqual(results.map(() => id));
	expect(looks(await bench.connect().get(kind, id))).toEqual(looks(sample));
}

async function batch(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	if (await refused(part, kind, 'ba')) return;
	const bad = await bench.bad(kind, 'ba-bad');
	if (!bad) return;
	const good = [await bench.sample(kind, 'ba1'), await bench.sample(kind, 'ba2'), await bench.sample(kind, 'ba3')] as const;
	const results = await bench.connect().upsert(kind, [good[0], bad.document, good[1], good[2]], bench.options(kind));
	expect(results.map(({ ok }) => ok)).toEqual([true, false, true, true]);
	const [failed] = results.flatMap((result) => (result.ok ? [] : [result.failure]));
	expect(speaking(failed!).message).toMatch(bad.says);
	expect(failed!.record ?? '').toContain(kind === 'order' && bad.document.kind === 'quote' ? 'quote' : bad.document.kind);
	expect(['rejected', 'missing', 'ambiguous']).toContain(failed!.kind);
	for (const document of good) expect(await bench.count(kind, document)).toBe(1);
	expect(await bench.count(kind, bad.document)).toBe(0);
}

async function removed(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	if (bench.forbidden.includes(kind)) return;
	const connector = bench.connect();
	const sample = await bench.sample(kind, 'rm');
	const first = outcome(await connector.upsert(kind, [sample], bench.options(kind)));
	await (bench.destroy ? bench.destroy(kind, first.ref.id) : connector.records.remove(connector.moduleOf(kind), first.ref.id));
	expect(await bench.count(kind, sample)).toBe(0);
	const second = outcome(await connector.upsert(kind, [sample], bench.options(kind)));
	expect(second.outcome).toBe('created');
	expect(await bench.count(kind, sample)).toBe(1);
	expect(looks(await connector.get(kind, second.ref.id))).toEqual(looks(sample));
}

async function dryRun(part: Part, kind: Kind): Promise<void> {
	const bench = part.bench();
	if (bench.forbidden.includes(kind)) return;
	const sample = await bench.sample(kind, 'dr');
	const compared = outcome(await bench.connect().upsert(kind, [sample], { ...bench.options(kind), dryRun: true }));
	expect(compared.outcome).toBe('created');
	expect(await bench.count(kind, sample)).toBe(0);
}

async function proof(part: Part): Promise<void> {
	const bench = part.bench();
	const sample = await bench.sample('order', 'pr');
	if (!('totals' in sample) || !sample.totals) throw new Error('the sample has no totals');
	const connector = bench.connect();
	const draft = outcome(await connector.upsert('order', [sample], bench.options('order')));
	expect(draft.proof).toMatchObject({ agrees: true, difference: expect.stringMatching(/^0(\.0+)?$/) });
	expect((await connector.get('order', draft.ref.id)).status).toBe('draft');
	const confirmed = outcome(await connector.upsert('order', [sample], { ...bench.options('order'), confirm: true }));
	expect(confirmed.ref.id).toBe(draft.ref.id);
	expect((await connector.get('order', draft.ref.id)).status).toBe('confirmed');
	// What was confirmed is not changed behind people's backs.
	const failure = await failureOf(async () => await connector.upsert('order', [bench.changed(sample)], { ...bench.options('order'), confirm: true }));
	expect(['rejected', 'conflict']).toContain(failure.kind);
	const wrong = await bench.sample('order', 'pr-wrong');
	const tampered = { ...wrong, totals: { net: '1', tax: '0', total: '1' } } as Document;
	const refusal = await failureOf(async () => await connector.upsert('order', [tampered], { ...bench.options('order'), confirm: true }));
	expect(refusal.message).toMatch(/totals do not agree/i);
	const all = await collect(connector.list('order', {}));
	const made = all.find((order) => order.customer?.name === (wrong as typeof all[number]).customer?.name);
	expect(made?.status ?? 'draft').toBe('draft');
	expect(outcomes(await connector.upsert('order', [wrong], { ...bench.options('order'), confirm: true }))[0]!.proof?.agrees).toBe(true);
}
