// Owns the promises of the records API: any module with the system's own fields, and what the editor chooses from.
import { collect } from '../../nodes/core/pages';
import type { Part } from './contract';
import { failureOf } from './results';

export function recordsContract(part: Part): void {
	part.tally.test('records: modules and fields are described', async () => {
		const connector = part.bench().connect();
		const { records } = connector;
		const modules = await records.modules();
		for (const kind of part.offering('get')) expect(modules.map(({ name }) => name)).toContain(connector.moduleOf(kind));
		const { module, values } = part.bench().plain('fields');
		const fields = await records.fields(module);
		for (const name of Object.keys(values)) expect(fields.find((field) => field.name === name)).toMatchObject({ writable: true, label: expect.stringMatching(/./) });
		expect((await failureOf(async () => await records.fields('NoSuchModule'))).message).toContain('NoSuchModule');
	}, 60_000);

	part.tally.test('records: create, get, list, update and remove', async () => {
		const bench = part.bench();
		const { records } = bench.connect();
		const { module, values, change, filter } = bench.plain('crud');
		const created = await records.create(module, values);
		expect(created).toMatchObject(values);
		const field = bench.idField ?? 'id';
		const id = String(created[field]);
		expect(await records.get(module, id)).toMatchObject(values);
		const found = await collect(records.list(module, filter, undefined));
		expect(found.map((row) => String(row[field]))).toEqual([id]);
		expect(await collect(records.list(module, undefined, 1))).toHaveLength(1);
		expect(await records.update(module, id, change)).toMatchObject(change);
		expect(await records.get(module, id)).toMatchObject({ ...values, ...change });
		await records.remove(module, id);
		if (bench.removedLooks) return expect(await records.get(module, id)).toMatchObject(bench.removedLooks);
		const gone = await failureOf(async () => await records.get(module, id));
		expect(gone.kind).toBe('missing');
		expect(await collect(records.list(module, filter, undefined))).toEqual([]);
	}, 60_000);

	part.tally.test('records: a filter that is no filter is refused in words', async () => {
		const { records } = part.bench().connect();
		const failure = await failureOf(async () => await collect(records.list(part.bench().plain('bad').module, 'this is ( not a filter', 1)));
		expect(failure.kind).toBe('rejected');
	}, 60_000);

	part.tally.test('choices: the editor\'s lists can be read', async () => {
		const connector = part.bench().connect();
		for (const list of ['taxes', 'productCodes']) {
			const choices = await connector.choices(list);
			for (const { name, value } of choices) expect([typeof name, typeof value, name.length > 0, value.length > 0]).toEqual(['string', 'string', true, true]);
		}
	}, 60_000);
}
