// Proves that what the nodes show is what the code behind them does, and the other way round; and the registry.
import fs from 'node:fs';
import path from 'node:path';
import { NodeHelpers, type ICredentialType, type INodeTypeDescription, type INodeType, type IPollFunctions } from 'n8n-workflow';
import { KINDS } from '../../nodes/core/documents';
import { VERBS, type System } from '../../nodes/core/port';
import { operations } from '../../nodes/kit/operations';
import { systemClock } from '../../nodes/kit/http';
import { readWatch } from '../../nodes/kit/poll';
import { systems } from '../../nodes/systems';
import { allProperties, loadNodes, valuesOf } from './nodes';
import { filesIn, firstArguments, read, root } from './sources';

const nodes = loadNodes();
const byName = nodes.map(({ className, node, file }) => [className, node, file] as const);
const triggers = nodes.filter(({ className }) => className.endsWith('Trigger'));
const regular = nodes.filter(({ className }) => !className.endsWith('Trigger'));
const properties = (node: INodeType) => allProperties(node.description.properties);
const manifest = JSON.parse(read('package.json')) as { name: string; n8n: { nodes: string[]; credentials: string[] } };

describe('the registry', () => {
	const folders = fs.readdirSync(path.join(root, 'nodes'), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !['core', 'kit'].includes(entry.name)).map(({ name }) => name);

	it('has one line for every system folder', () => {
		const registered = read('nodes/systems.ts').match(/from '\.\/(\w+)\/\w+\.system'/g) ?? [];
		expect(registered.map((line) => /\.\/(\w+)\//.exec(line)![1]).sort()).toEqual([...folders].sort());
		expect(Object.keys(systems)).toHaveLength(folders.length);
	});

	it.each(folders)('%s has node, trigger, parameters, pages for the editor and both icons', (folder) => {
		const files = fs.readdirSync(path.join(root, 'nodes', folder));
		for (const wanted of [/^\w+(?<!Trigger)\.node\.ts$/, /^\w+Trigger\.node\.ts$/, /^\w+(?<!Trigger)\.node\.json$/, /^\w+Trigger\.node\.json$/, /^\w+\.system\.ts$/, /^\w+\.properties\.ts$/, /^\w+\.connector\.ts$/, /^\w+\.svg$/, /^\w+\.dark\.svg$/]) {
			expect(files.filter((file) => wanted.test(file)).length).toBeGreaterThan(0);
		}
	});

	it.each(Object.entries(systems))('%s names a credential of the pack that its nodes use', (_name, { credential }) => {
		expect(credentials().map(({ name }) => name)).toContain(credential);
		expect(nodes.filter(({ node }) => node.description.credentials?.some(({ name }) => name === credential))).toHaveLength(2);
	});

	it.each(Object.entries(systems))('%s offers only kinds and verbs of the port', (_name, { system }) => {
		for (const [kind, verbs] of Object.entries(system.capabilities.kinds)) {
			expect(KINDS).toContain(kind);
			for (const verb of verbs) expect(VERBS).toContain(verb);
		}
	});
});

describe('package.json', () => {
	const built = (files: string[]) => files.map((file) => `dist/${file.replace(/\.ts$/, '.js')}`);
	it('lists the nodes that are there', () => expect(manifest.n8n.nodes).toEqual(built(filesIn('nodes', '.node.ts'))));
	it('lists the credentials that are there', () => expect(manifest.n8n.credentials).toEqual(built(filesIn('credentials', '.credentials.ts'))));
});

describe.each(byName)('%s', (className, node, file) => {
	const { description } = node;

	it('is called as its file is', () => expect(description.name.toLowerCase()).toBe(className.toLowerCase()));

	it('has a page for the editor under its own name', () => {
		expect(JSON.parse(read(file.replace(/\.ts$/, '.json')))).toMatchObject({ node: `${manifest.name}.${description.name}` });
	});

	it('has icons that are there', () => {
		const { light, dark } = description.icon as { light: string; dark: string };
		for (const icon of [light, dark]) expect(fs.existsSync(path.join(root, path.dirname(file), icon.replace('file:', '')))).toBe(true);
		expect(light).not.toBe(dark);
	});

	it('has a credential test that is there', () => {
		// n8n looks for it in any node that uses the credential.
		const tests = nodes.flatMap((one) => Object.keys(one.node.methods?.credentialTest ?? {}));
		for (const credential of description.credentials ?? []) expect(tests).toContain(credential.testedBy);
	});

	it('has every list that its parameters are filled from', () => {
		const all = properties(node);
		const loaded = all.flatMap(({ typeOptions }) => typeOptions?.loadOptionsMethod ?? []);
		const searched = all.flatMap(({ modes }) => (modes ?? []).flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []));
		expect(loaded.filter((name) => !(name in (node.methods?.loadOptions ?? {})))).toEqual([]);
		expect(searched.filter((name) => !(name in (node.methods?.listSearch ?? {})))).toEqual([]);
	});

	it('shows each parameter under conditions that can come true', () => {
		const wrong = description.properties.flatMap((property) =>
			Object.entries(property.displayOptions?.show ?? {}).flatMap(([name, wanted]) => {
				const offered = description.properties.filter((one) => one.name === name.replace('/', ''));
				const values = new Set(offered.flatMap((one) => (one.type === 'boolean' ? ['true', 'false'] : valuesOf([one], one.name))));
				return (wanted ?? []).filter((value) => !values.has(String(value))).map((value) => `${property.name} is shown for ${name} = ${String(value)}, which nothing offers`);
			}),
		);
		expect(wrong).toEqual([]);
	});

	it('says of each parameter what it is for', () => {
		const plain = properties(node).filter(({ name, type }) => !['resource', 'operation'].includes(name) && !['collection', 'notice'].includes(type));
		expect(plain.filter(({ description: text }) => !text).map(({ displayName }) => displayName)).toEqual([]);
	});

	it('is told on the canvas in words, "ERP" in capitals', () => {
		// n8n runs the same expression.
		const subtitle = new Function('$parameter', `return ${/^=\{\{(.*)\}\}$/.exec(description.subtitle!)![1]!}`) as (parameter: object) => string;
		const asked = description.properties.filter(({ name }) => name === 'operation').flatMap((property) => (property.displayOptions!.show!.resource ?? []).flatMap((resource) => valuesOf([property], 'operation').map((operation) => ({ resource, operation, method: 'GET', event: '', kind: '' }))));
		const told = asked.map(subtitle);
		expect(told.filter((text) => /[a-z][A-Z]|\berp\b|undefined/.test(text))).toEqual([]);
	});

	it('shows nothing of how an order is written where none is made', () => {
		const order = { resource: 'order', operation: 'upsert' };
		const shown = (inCrm: string) => description.properties.filter((property) => NodeHelpers.displayParameter({ ...order, inCrm }, property, null, description)).map(({ name }) => name);
		if (!description.properties.some(({ name }) => name === 'inCrm')) return;
		expect(shown('create')).toEqual(expect.arrayContaining(['document', 'inCrm', 'fieldOverrides']));
		expect(shown('skip').filter((name) => name !== 'profileFrom')).toEqual(['resource', 'operation', 'document', 'inCrm']);
	});

	it('has one default per parameter, which is among its options', () => {
		for (const property of properties(node)) {
			const values = valuesOf([property], property.name);
			if (values.length > 0 && property.type === 'options' && property.default !== '') expect(values).toContain(String(property.default));
		}
	});
});

describe('operations', () => {
	const shown = [...new Set(regular.flatMap(({ node }) => valuesOf(properties(node), 'operation')))].sort();
	const actions = Object.values(systems).flatMap(({ system }): readonly string[] => system.capabilities.actions ?? []);
	it('that are shown are handled, and those that are handled are shown', () => expect(shown).toEqual([...new Set([...Object.keys(operations), ...actions])].sort()));

	it.each(Object.entries(systems))('and events of %s alone are there in its connector', (_name, { system, credential }) => {
		const filled = Object.fromEntries(credentials().find(({ name }) => name === credential)!.properties.map((property) => [property.name, property.type === 'string' ? property.default || (property.name === 'url' ? 'https://erp.example.com' : 'x') : property.default]));
		const connector = system.connect({ ...filled, timeZone: 'UTC', language: 'en_US', company: '', ca: '', profileOverrides: '', settings: '' }, { send: async () => await Promise.reject(new Error('nothing is sent')), clock: systemClock });
		expect(Object.keys(connector.actions ?? {}).sort()).toEqual([...(system.capabilities.actions ?? [])].sort());
		expect(Object.keys(connector.streams ?? {}).sort()).toEqual([...(system.capabilities.streams ?? [])].sort());
	});

	it('of documents are verbs that the system offers', () => {
		const verbs: Record<string, string> = { get: 'get', getAll: 'list', upsert: 'upsert', link: 'link', markAsWon: 'transition', confirm: 'transition', cancel: 'transition' };
		const states: Record<string, string> = { markAsWon: 'won', confirm: 'confirmed', cancel: 'cancelled' };
		for (const { system, credential } of Object.values(systems)) {
			const node = regular.find((one) => one.node.description.credentials?.some(({ name }) => name === credential))!.node;
			for (const property of node.description.properties.filter(({ name }) => name === 'operation')) {
				for (const kind of (property.displayOptions?.show?.resource ?? []) as string[]) {
					if (!KINDS.includes(kind as (typeof KINDS)[number])) continue;
					const offered = system.capabilities.kinds[kind as (typeof KINDS)[number]] ?? [];
					for (const operation of valuesOf([property], 'operation')) {
						expect(`${node.description.name} ${kind} ${operation}: ${offered.includes(verbs[operation] as never)}`).toBe(`${node.description.name} ${kind} ${operation}: true`);
						const state = states[operation];
						if (state) expect(system.capabilities.transitions[kind as (typeof KINDS)[number]]).toContain(state);
					}
				}
			}
		}
	});
});

describe('events', () => {
	const watching = (event: string, kind: string, system: System) => readWatch({ getNodeParameter: (name: string, fallback?: unknown) => ({ event, kind })[name] ?? fallback, getNode: () => ({ parameters: {} }) } as unknown as IPollFunctions, system);
	const cases = triggers.flatMap(({ className, node }) => valuesOf(properties(node), 'event').map((event) => [className, event, node.description] as const));

	it.each(cases)('%s: %s is handled, and the system can be asked for it', (_className, event, description: INodeTypeDescription) => {
		const { system } = Object.values(systems).find(({ credential }) => description.credentials?.some(({ name }) => name === credential))!;
		const kinds = event === 'recordChanged' ? valuesOf(description.properties, 'kind') : ['customer'];
		for (const kind of kinds) {
			const watch = watching(event, kind, system);
			if (watch.by === 'stream') {
				expect(system.capabilities.streams).toContain(watch.stream);
				continue;
			}
			expect(system.capabilities.kinds[watch.kind]).toContain(watch.by === 'state' ? 'pending' : 'changes');
			if (watch.by === 'state') expect(system.capabilities.pending[watch.kind]).toContain(watch.state);
		}
	});
});

describe('parameters', () => {
	/** Read by the code for systems to come, or by n8n. */
	const NOT_SHOWN: Record<string, string> = { dryRun: 'compares and writes nothing: for tests, and for a node that is to show what would change' };

	it('that the code reads are shown by some node, and those that are shown are read', () => {
		const files = filesIn('nodes/kit', '.ts');
		const own = filesIn('nodes', '.ts').filter((file) => !/^nodes\/(kit|core)\/|properties/.test(file));
		const inStreams = own.flatMap((file) => [...read(file).matchAll(/\bparameters\.(\w+)\b(?!\()/g)].map((match) => match[1]!));
		const inLists = own.flatMap((file) => [...read(file).matchAll(/\bof: '(\w+)'(?! \|)/g)].map((match) => match[1]!));
		const inSystems = Object.values(systems).flatMap(({ system }) => system.parameters ?? []);
		const readNames = [...new Set([...files, ...own].flatMap((file) => ['parameter', 'getNodeParameter', 'getCurrentNodeParameter'].flatMap((callee) => firstArguments(file, callee))).concat(inStreams, inLists, inSystems))].sort();
		// What an action reads may as well stand among the options.
		const inActions = own.flatMap((file) => [...read(file).matchAll(/\b(?:input|this)\.(?:text|optional|flag|number|list|json|object|objects|moment|file)\('(\w+)'/g)].map((match) => match[1]!));
		const shown = nodes.flatMap(({ node }) => node.description.properties).filter(({ type }) => type !== 'notice');
		const shownNames = [...new Set(shown.map(({ name }) => name))].sort();
		const inOptions = shown.filter(({ name }) => name === 'options').flatMap((property) => (property.options ?? []).map(({ name }) => name));
		expect(readNames.filter((name) => !shownNames.includes(name) && !(name in NOT_SHOWN))).toEqual([]);
		expect([...new Set(inActions)].filter((name) => ![...shownNames, ...inOptions].includes(name))).toEqual([]);
		expect(shownNames.filter((name) => ![...readNames, ...inActions].includes(name))).toEqual([]);
	});

	it('inside "Options" and "Filters" are read by name', () => {
		const kit = filesIn('nodes', '.ts').filter((file) => !file.includes('properties')).map(read).join('\n');
		const inside = nodes.flatMap(({ node }) => node.description.properties.filter(({ type, name }) => type === 'collection' && ['options', 'filters'].includes(name)).flatMap((property) => (property.options ?? []).map(({ name }) => name)));
		expect([...new Set(inside)].filter((name) => !new RegExp(`\\b${name}\\b`).test(kit))).toEqual([]);
	});
});

/** All credentials of the pack. */
function credentials(): ICredentialType[] {
	return filesIn('credentials', '.credentials.ts').map((file) => {
		const className = path.posix.basename(file, '.credentials.ts');
		return new (jest.requireActual<Record<string, new () => ICredentialType>>(path.join(root, file))[className]!)();
	});
}

describe('credentials', () => {
	it.each(credentials().map((credential) => [credential.name, credential] as const))('%s says of each field what it is for', (_name, { properties: fields }) => {
		expect(fields.filter(({ description }) => !description).map(({ displayName }) => displayName)).toEqual([]);
	});

	it.each(credentials().map((credential) => [credential.name, credential] as const))('%s is read by its system: a good one, and each field that is wrong', (name, credential) => {
		const { system } = Object.values(systems).find((entry) => entry.credential === name)!;
		const defaults = { ...Object.fromEntries(credential.properties.map((property) => [property.name, property.default])), username: 'integration' };
		expect(system.endpoint({ ...defaults, url: 'https://erp.example.com/' })).toMatchObject({ baseUrl: expect.stringMatching(/^https:\/\/erp\.example\.com(\/odata\/standard\.odata)?$/) as string, allowSelfSigned: false, requestsPerMinute: 0 });
		for (const url of ['', 'erp.example.com', 'ftp://erp.example.com', 'https://']) expect(() => system.endpoint({ ...defaults, url })).toThrow();
		expect(system.endpoint({ ...defaults, url: 'http://127.0.0.1:1/x', requestsPerMinute: 60, allowSelfSigned: true })).toMatchObject({ requestsPerMinute: 60, allowSelfSigned: true });
	});
});
