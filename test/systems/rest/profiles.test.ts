// Tests that every shipped profile is one, reads the documented records as documents, and sends what is meant.
import { toDocument } from '../../../nodes/RestErp/rest.documents';
import { loadProfile } from '../../../nodes/RestErp/rest.profile';
import { SHIPPED } from '../../../nodes/RestErp/rest.profiles';
import { bodyFor, fixturesOf, given } from './profiles.samples';

const NAMES = Object.keys(SHIPPED);

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe.each(NAMES)('shipped profile %s', (name) => {
	const profile = loadProfile(SHIPPED[name], name);
	const fixtures = fixturesOf(name);

	it('says where it comes from, and what is unsure', () => {
		expect(profile.about).toMatchObject({ documentation: expect.stringMatching(/^https:/) as string });
		expect(profile.about!.notes.length).toBeGreaterThan(1);
	});

	it('has an example of every kind', () => {
		expect([...new Set(fixtures.map(({ kind }) => kind))].sort()).toEqual(Object.keys(profile.kinds).sort());
	});

	it.each(fixtures.map(({ kind, fixture }) => [kind, fixture.document.type ?? '', fixture] as const))('reads the documented %s %s', async (kind, _type, fixture) => {
		const document = await toDocument(given(name, fixture.settings), kind, fixture.record, fixture.with ?? {});
		expect(plain(document)).toEqual(fixture.document);
	});

	it('sends what is meant for each kind that it writes', async () => {
		for (const { kind, fixture } of fixtures.filter((one, i) => fixtures.findIndex(({ kind: first }) => first === one.kind) === i)) expect({ kind, body: await bodyFor(given(name, fixture.settings), kind) }).toEqual({ kind, body: fixture.body });
	});

	it('writes only what it can find again', () => {
		for (const kind of Object.values(profile.kinds)) {
			if (kind.create) expect(kind.identity).toBeDefined();
			if (kind.identity && kind.identity.by !== 'chosenId') expect(kind.find?.key).toBeDefined();
		}
	});
});
