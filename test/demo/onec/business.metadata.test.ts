// Proves the metadata of both configurations: the captured document whole inside, everything added in its shape.
import { readFileSync } from 'node:fs';
import { metadataText } from '../../../demo/simulators/onec/metadata';
import { rowsOf } from '../../../demo/simulators/onec/edmx.model';
import { type Row, Store } from '../../../demo/simulators/onec/store';
import { base, order } from './business';

const captured = readFileSync('demo/simulators/onec/metadata/ut11-demo.xml', 'utf8');
const names = (text: string, tag: string): string[] => [...text.matchAll(new RegExp(`<${tag} Name="([^"]+)"`, 'g'))].map((m) => m[1] ?? '');
/** Types by name, their properties as `Name Type Nullable`. */
function types(text: string, tag: string): Map<string, string[]> {
	return new Map([...text.matchAll(new RegExp(`<${tag} Name="([^"]+)"[\\s\\S]*?</${tag}>`, 'g'))].map((m) => [m[1] ?? '', [...m[0].matchAll(/<Property Name="([^"]+)"\s+Type="([^"]+)"\s+Nullable="([^"]+)"/g)].map((p) => p.slice(1).join(' '))]));
}

describe.each(['ut', 'bp'] as const)('%s', (profile) => {
	const text = metadataText(profile);

	it('names every set, type and association once, and every set has its type', () => {
		for (const tag of ['EntitySet', 'EntityType', 'ComplexType', 'Association']) {
			const all = names(text, tag);
			expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
		}
		expect(new Set(names(text, 'EntityType'))).toEqual(new Set(names(text, 'EntitySet')));
	});

	it('has navigation only to published sets, each with its association', () => {
		const used = [...text.matchAll(/Relationship="StandardODATA\.([^"]+)"/g)].map((m) => m[1] ?? '');
		expect(used.length).toBeGreaterThan(50);
		expect(new Set(used)).toEqual(new Set(names(text, 'Association')));
		const sets = new Set(names(text, 'EntitySet'));
		for (const [, target = ''] of text.matchAll(/<End Role="(?:Begin|End)"\s+Type="StandardODATA\.([^"]+)"/g)) expect(sets).toContain(target);
	});

	it('describes every collection by a row type that is there', () => {
		const complexes = new Set(names(text, 'ComplexType'));
		for (const [, type = ''] of text.matchAll(/(?<!Return)Type="Collection\(StandardODATA\.([^)]+)\)"/g)) expect(complexes).toContain(type);
		const known = new Set([...complexes, ...names(text, 'EntityType')]);
		for (const [, type = ''] of text.matchAll(/ReturnType="Collection\(StandardODATA\.([^)]+)\)"/g)) expect(known).toContain(type);
	});

	it('keeps the platform’s own enums, the one that stands there twice too, and CRLF', () => {
		expect(names(text, 'EnumType')).toEqual(names(captured, 'EnumType'));
		expect(names(text, 'EnumType').filter((name) => name === 'AllowedLength')).toHaveLength(2);
		expect(text.replace(/\r\n/g, '')).not.toContain('\n');
		expect(Buffer.byteLength(text)).toBeLessThan(600_000);
	});
});

it('widens the captured УТ without changing a property of it', () => {
	const text = metadataText('ut');
	for (const tag of ['EntityType', 'ComplexType']) {
		const now = types(text, tag);
		for (const [name, properties] of types(captured, tag)) expect([name, now.get(name)]).toEqual([name, properties]);
	}
	for (const tag of ['EntitySet', 'Association']) expect(names(text, tag)).toEqual(expect.arrayContaining(names(captured, tag)));
	expect(text.match(/<FunctionImport /g)!.length).toBeGreaterThan(captured.match(/<FunctionImport /g)!.length);
});

it('leaves nothing of УТ in БП', () => {
	expect(metadataText('bp')).not.toContain('ЗаказКлиента');
	expect(names(metadataText('bp'), 'EntitySet')).not.toContain('Catalog_Партнеры');
});

it.each(['ut', 'bp'] as const)('%s: has every set and field that its own code writes', async (profile) => {
	const unknown = new Set<string>();
	const put = jest.spyOn(Store.prototype, 'put').mockImplementation(function (this: Store, set, fields) {
		for (const name of strangers(this, set, fields)) unknown.add(name);
		return original.call(this, set, fields);
	});
	const where = await base(profile);
	try {
		const ref = String(order(where, [['W-1', 3, 10], ['SER1', 1]])['Ref_Key']);
		where.sim.cancelShipment(where.sim.ship(ref, { '1': '1' }));
		where.sim.ship(ref);
		where.sim.pay(ref, '10');
	} finally {
		put.mockRestore();
		await where.sim.stop();
	}
	expect([...unknown]).toEqual([]);
	const { store, configuration } = where.sim.base;
	for (const set of Object.keys(configuration.handlers)) expect([set, store.definition(set)?.role]).toEqual([set, 'object']);
});

const original = Store.prototype.put;

/** Properties that the set has not: the store would drop them without a word. */
function strangers(store: Store, set: string, fields: Row): string[] {
	const definition = store.definition(set);
	if (set.startsWith('~')) return [];
	if (!definition) return [set];
	const known = new Set(definition.properties.map(({ name }) => name));
	return Object.entries(fields).flatMap(([name, value]) => {
		if (!known.has(name)) return [`${set}.${name}`];
		const rows = Array.isArray(value) ? rowsOf(store.model, definition, name) : undefined;
		return rows && Array.isArray(value) ? value.flatMap((row) => Object.keys(row).filter((one) => !rows.properties.some((p) => p.name === one)).map((one) => `${rows.name}.${one}`)) : [];
	});
}
