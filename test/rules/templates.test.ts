// Proves that no template is stale or unfinished: nodes, parameters and values exist and are shown, error outputs are
// connected, nothing of an instance is left in, and the file is in its normal form.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { NodeHelpers, type IConnections, type INode, type INodeParameters, type INodeProperties, type INodePropertyCollection } from 'n8n-workflow';
import { loadNodes, optionValues } from './nodes';
import { filesIn, read, root } from './sources';

interface Template {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings: object;
	pinData: object;
	active: boolean;
}

/** n8n's own nodes that templates may use: versions that 1.123 and 2.x know, and the parameters that are used. */
const BASE_NODES: Record<string, { versions: number[]; parameters: string[] }> = {
	'n8n-nodes-base.stickyNote': { versions: [1], parameters: ['content', 'width', 'height', 'color'] },
	'n8n-nodes-base.scheduleTrigger': { versions: [1.2], parameters: ['rule'] },
	'n8n-nodes-base.manualTrigger': { versions: [1], parameters: [] },
	'n8n-nodes-base.noOp': { versions: [1], parameters: [] },
};
const STICKY = 'n8n-nodes-base.stickyNote';
const MOST_NODES = 12;
/** Pixels: a node's side, and the height of a note's first lines. */
const [NODE, WORDS] = [96, 120];

const pack = (JSON.parse(read('package.json')) as { name: string }).name;
const ours = new Map(loadNodes().map(({ node }) => [`${pack}.${node.description.name}`, node.description]));
const files = filesIn('workflows', '.json');
const templates = files.map((file) => [path.posix.basename(file, '.json'), JSON.parse(read(file)) as Template] as const);

it('there are templates, and the README of the folder names each', () => {
	expect(files.length).toBeGreaterThanOrEqual(3);
	const gallery = fs.existsSync(path.join(root, 'workflows/README.md')) ? read('workflows/README.md') : '';
	expect(templates.filter(([file]) => !gallery.includes(file)).map(([file]) => file)).toEqual([]);
});

it('all are in the normal form that the build gives them', () => {
	const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-templates-'));
	try {
		fs.mkdirSync(path.join(copy, 'workflows'));
		for (const file of files) fs.copyFileSync(path.join(root, file), path.join(copy, file));
		const script = `process.chdir(${JSON.stringify(copy)}); require(${JSON.stringify(path.join(root, 'gulpfile.js'))}).templates((error) => { if (error) throw error; });`;
		execFileSync(process.execPath, ['-e', script], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
		for (const file of files) expect(fs.readFileSync(path.join(copy, file), 'utf8')).toBe(read(file));
	} finally {
		fs.rmSync(copy, { recursive: true, force: true });
	}
});

describe.each(templates)('%s', (_file, template) => {
	const { nodes, connections } = template;
	const working = nodes.filter(({ type }) => type !== STICKY);
	const named = (name: string) => nodes.find((node) => node.name === name);

	it('uses our nodes and the listed ones of n8n, in versions that are there', () => {
		for (const { type, typeVersion } of nodes) {
			const versions = ours.has(type) ? [ours.get(type)!.version].flat() : BASE_NODES[type]?.versions;
			expect(`${type} ${typeVersion}: ${String(versions?.includes(typeVersion))}`).toBe(`${type} ${typeVersion}: true`);
		}
	});

	it.each(working.map((node) => [node.name, node] as const))('%s has only parameters and values that are shown', (_name, node) => {
		const description = ours.get(node.type);
		if (description) expect(strange(node, description.properties, description.polling === true)).toEqual([]);
		else expect(Object.keys(node.parameters).filter((name) => !BASE_NODES[node.type]!.parameters.includes(name))).toEqual([]);
	});

	it('leaves nothing required empty', () => {
		const issues = working.flatMap((node) => {
			const description = ours.get(node.type);
			return description ? [NodeHelpers.getNodeParametersIssues(description.properties, node, description)] : [];
		});
		expect(issues.filter((issue) => issue !== null)).toEqual([]);
	});

	it('connects what is there', () => {
		for (const [from, outputs] of Object.entries(connections)) {
			expect(named(from)).toBeDefined();
			for (const target of Object.values(outputs).flatMap((branches) => branches.flatMap((branch) => branch ?? []))) {
				expect(named(target.node)).toBeDefined();
				expect(target).toMatchObject({ type: 'main', index: 0 });
			}
		}
	});

	it('connects every error output, and gives every step that writes one, up to the last that tells the reason', () => {
		const branches = (node: INode) => connections[node.name]?.main ?? [];
		for (const node of working) {
			const hasErrorOutput = node.onError === 'continueErrorOutput';
			expect(`${node.name}: ${hasErrorOutput ? (branches(node)[1]?.length ?? 0) > 0 : branches(node).length <= 1}`).toBe(`${node.name}: true`);
			const goesOn = (branches(node)[0]?.length ?? 0) > 0;
			const isOurs = ours.has(node.type) && ours.get(node.type)!.inputs.length > 0;
			const reads = node.parameters.operation === 'getAll' || node.parameters.operation === 'get';
			if (isOurs && goesOn && !reads) expect(`${node.name}: ${hasErrorOutput}`).toBe(`${node.name}: true`);
		}
	});

	it('is reached from a trigger in every part', () => {
		const reached = new Set(working.filter(({ type }) => /trigger$/i.test(type)).map(({ name }) => name));
		for (const name of reached) for (const target of (connections[name]?.main ?? []).flatMap((branch) => branch ?? [])) reached.add(target.node);
		expect(working.map(({ name }) => name).filter((name) => !reached.has(name))).toEqual([]);
	});

	it('is small, and tells a person what to set', () => {
		expect(working.length).toBeLessThanOrEqual(MOST_NODES);
		const notes = nodes.filter(({ type }) => type === STICKY).map(({ parameters }) => String(parameters.content));
		expect(notes.length).toBeGreaterThanOrEqual(1);
		expect(notes.join('\n')).toMatch(/set up/i);
	});

	it('has notes that cover no other one, and no wire across their words', () => {
		const notes = nodes.filter(({ type }) => type === STICKY).map(({ name, position: [x, y], parameters: { width, height } }) => ({ name, left: x, right: x + Number(width), top: y, bottom: y + Number(height) }));
		for (const one of notes) expect(notes.filter((other) => other !== one && other.left < one.right && one.left < other.right && other.top < one.bottom && one.top < other.bottom).map(({ name }) => name)).toEqual([]);
		// A wire back to the left is led around by n8n.
		const wires = Object.entries(connections).flatMap(([from, { main = [] }]) => main.flatMap((branch) => (branch ?? []).map(({ node }) => [named(from)!.position, named(node)!.position] as const))).filter(([from, to]) => from[0] + NODE < to[0]);
		const crossed = notes.flatMap(({ name, left, right, top }) => wires.flatMap(([from, to]) => points(from, to).filter(([x, y]) => x > left && x < right && y > top && y < top + WORDS).slice(0, 1).map(() => name)));
		expect(crossed).toEqual([]);
	});

	it('carries nothing of an instance: no credentials, no pinned data, no code, not active', () => {
		expect(nodes.filter(({ credentials }) => credentials !== undefined)).toEqual([]);
		expect(template).toMatchObject({ pinData: {}, active: false });
		expect(nodes.map(({ type }) => type).filter((type) => /\.code$|function/i.test(type))).toEqual([]);
		expect(JSON.stringify(template)).not.toMatch(/https?:\/\/(?!docs\.)/);
	});

	it('names each node once', () => expect(new Set(nodes.map(({ name }) => name)).size).toBe(nodes.length));
});

/** Points of a wire, from the right side of a node to the left side of another: it leaves and arrives level, as n8n draws it. */
function points(from: readonly number[], to: readonly number[]): Array<[number, number]> {
	const [x, y, width, height] = [from[0]! + NODE, from[1]! + NODE / 2, to[0]! - from[0]! - NODE, to[1]! - from[1]!];
	const curve = Array.from({ length: 101 }, (_one, i) => i / 100);
	return curve.map((t) => [x + width * (1.5 * t * (1 - t) + t ** 3), y + height * t * t * (3 - 2 * t)]);
}

/** What of a node's parameters its description does not know, or does not show for the values it has. */
function strange(node: INode, properties: INodeProperties[], polling: boolean): string[] {
	const shown = (property: INodeProperties): boolean => NodeHelpers.displayParameter(withDefaults(node, properties), property, node, null);
	return Object.entries(node.parameters).flatMap(([name, value]) => {
		// n8n adds this one to every node that polls.
		if (name === 'pollTimes' && polling) return [];
		const known = properties.filter((property) => property.name === name);
		if (known.length === 0) return [`there is no parameter ${name}`];
		const property = known.find(shown);
		return property ? strangeValue(property, value, name) : [`${name} is not shown`];
	});
}

/** Parameters with the defaults of those that are not given: what n8n decides by. */
function withDefaults(node: INode, properties: INodeProperties[]): INodeParameters {
	return NodeHelpers.getNodeParameters(properties, node.parameters, true, false, node, null) ?? {};
}

function strangeValue(property: INodeProperties, value: unknown, where: string): string[] {
	if (typeof value === 'string' && value.startsWith('=')) return [];
	if (property.type === 'collection') return Object.entries(value as object).flatMap(([name, inner]) => strangeMember(property.options as INodeProperties[], name, inner, where));
	if (property.type === 'fixedCollection') {
		return Object.entries(value as object).flatMap(([name, rows]) => {
			const group = (property.options as INodePropertyCollection[]).find((one) => one.name === name);
			if (!group) return [`there is no ${where}.${name}`];
			return [rows as object].flat().flatMap((row) => Object.entries(row).flatMap(([member, inner]) => strangeMember(group.values, member, inner, `${where}.${name}`)));
		});
	}
	const values = optionValues(property);
	if (values && !values.includes(value as string)) return [`${where} has no value ${JSON.stringify(value)}`];
	const types: Partial<Record<INodeProperties['type'], string>> = { boolean: 'boolean', number: 'number', string: 'string' };
	const wanted = types[property.type];
	return wanted && typeof value !== wanted ? [`${where} is a ${typeof value}, not a ${wanted}`] : [];
}

function strangeMember(properties: INodeProperties[], name: string, value: unknown, where: string): string[] {
	const property = properties.find((one) => one.name === name);
	return property ? strangeValue(property, value, `${where}.${name}`) : [`there is no ${where}.${name}`];
}

describe('a stale template', () => {
	const vtiger = ours.get(`${pack}.vtiger`)!;
	const node = (parameters: INodeParameters): INode => ({ id: '1', name: 'n', type: `${pack}.vtiger`, typeVersion: 1, position: [0, 0], parameters });
	const upsert = { resource: 'order', operation: 'upsert', document: '={{ $json }}' };

	it.each<[INodeParameters, string[]]>([
		[upsert, []],
		[{ ...upsert, inCrm: 'create', fieldOverrides: { row: [{ field: 'x', source: 'documentField', path: 'number' }] } }, []],
		[{ ...upsert, inCrm: 'maybe' }, ['inCrm has no value "maybe"']],
		[{ ...upsert, resource: 'quote' }, ['operation has no value "upsert"']],
		[{ ...upsert, operation: 'explode' }, ['operation has no value "explode"', 'document is not shown']],
		[{ ...upsert, renamed: 1 }, ['there is no parameter renamed']],
		[{ ...upsert, erpStatus: 'Ordered' }, ['erpStatus is not shown']],
		[{ ...upsert, fieldOverrides: { row: [{ field: 'x', from: 'y' }] } }, ['there is no fieldOverrides.row.from']],
		[{ resource: 'invoice', operation: 'getAll', returnAll: 'yes', filters: { since: 'x' } }, ['returnAll is a string, not a boolean', 'there is no filters.since']],
	])('%j is found out', (parameters, found) => expect(strange(node(parameters), vtiger.properties, false)).toEqual(found));
});
