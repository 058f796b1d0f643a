// Proves that the published JSON Schema of REST profiles says what the pack itself demands.
import { zodToJsonSchema } from 'zod-to-json-schema';
import { profileSchema } from '../../nodes/RestErp/rest.profile.schema';
import { read } from './sources';

const published = JSON.parse(read('docs/rest-profile.schema.json')) as Record<string, unknown>;

it('is not stale: `npx gulp schema` writes it anew', () => {
	const { title: _title, ...schema } = published;
	// Its types follow every branch of the schema, deeper than the compiler goes.
	const made = (zodToJsonSchema as (from: unknown) => unknown)(profileSchema);
	expect(schema).toEqual(JSON.parse(JSON.stringify(made)));
});

it('is part of the package', () => {
	expect((JSON.parse(read('package.json')) as { files: string[] }).files).toContain('docs/rest-profile.schema.json');
});
