// Proves who imports whom. The rule is the table below; a file that fits no row fails, too.
import { filesIn, importsOf, type Import } from './sources';

interface Layer {
	name: string;
	/** Which files. `$1` in `may` is what the first group matched: the system's own folder. */
	files: RegExp;
	/** Files of ours that it may import, without extension; `types` in front: nothing that is there at run time. */
	may: string[];
	/** Packages and Node's own modules. */
	packages: string[];
}

/** The first row that fits counts. */
const LAYERS: Layer[] = [
	{ name: 'core', files: /^nodes\/core\//, may: ['nodes/core/'], packages: ['jsonata', 're2js', 'zod', 'big.js', 'node:crypto'] },
	{ name: 'the way out', files: /^nodes\/kit\/http\.ts$/, may: ['nodes/core/', 'nodes/kit/limiter'], packages: ['axios', 'node:http', 'node:https', 'node:tls', 'node:crypto', 'node:stream'] },
	{ name: 'kit', files: /^nodes\/kit\//, may: ['nodes/core/', 'nodes/kit/'], packages: ['n8n-workflow', 'zod', 'node:crypto'] },
	{ name: 'registry', files: /^nodes\/systems\.ts$/, may: ['types nodes/core/port', 'nodes/\\w+/\\w+\\.system'], packages: [] },
	{ name: 'node', files: /^nodes\/(\w+)\/\w+\.node\.ts$/, may: ['types nodes/core/', 'nodes/kit/', 'nodes/$1/'], packages: ['n8n-workflow'] },
	{ name: 'properties', files: /^nodes\/(\w+)\/\w+\.properties(\.\w+)?\.ts$/, may: ['types nodes/core/', 'nodes/kit/', 'nodes/$1/'], packages: ['n8n-workflow'] },
	{ name: 'system', files: /^nodes\/(\w+)\/\w+(\.\w+)+\.ts$/, may: ['nodes/core/', 'nodes/$1/'], packages: ['zod', 'big.js', 'sax', 'lossless-json', 'node:crypto'] },
	{ name: 'credentials', files: /^credentials\//, may: ['nodes/kit/connection'], packages: ['n8n-workflow'] },
	// Shares no code with the client it serves, so that a client's mistake cannot hide in its mirror image.
	{ name: 'simulator', files: /^demo\/simulators\/(\w+)\//, may: ['demo/simulators/$1(/|$)', 'demo/simulators/(server|erpPage)$', 'nodes/core/documents', 'nodes/core/keys'], packages: ['node:', 'zod', 'big.js'] },
	{ name: "simulators' server", files: /^demo\/simulators\/\w+\.ts$/, may: ['demo/simulators/\\w+$'], packages: ['node:'] },
];

/** Packages that are used in one place only, wherever else somebody might want them. */
const ONLY_IN: Record<string, RegExp> = {
	axios: /^nodes\/kit\/http\.ts$/,
	jsonata: /^nodes\/core\/expressions\.ts$/,
	re2js: /^nodes\/core\/expressions\.ts$/,
	'lossless-json': /^nodes\/RestErp\/rest\.json\.ts$/,
	sax: /^(nodes\/OneC|test)\//,
	'n8n-core': /^test\//,
	'fast-check': /^test\//,
	'playwright-core': /^(test|demo)\//,
};

const sources = [...filesIn('nodes', '.ts'), ...filesIn('credentials', '.ts'), ...filesIn('demo', '.ts'), ...filesIn('test', '.ts')];
const layered = sources.filter((file) => /^(nodes|credentials|demo\/simulators)\//.test(file));

function layerOf(file: string): { layer: Layer; own: string } {
	for (const layer of LAYERS) {
		const match = layer.files.exec(file);
		if (match) return { layer, own: match[1] ?? '' };
	}
	throw new Error(`${file} fits no row of the table`);
}

function allowed(file: string, { specifier, target, typeOnly }: Import): boolean {
	const { layer, own } = layerOf(file);
	if (target === undefined) return layer.packages.some((name) => specifier === name || (name.endsWith(':') && specifier.startsWith(name)));
	return layer.may.some((rule) => {
		const types = rule.startsWith('types ');
		return (!types || typeOnly) && new RegExp(`^${rule.replace('types ', '').replace('$1', own)}`).test(target);
	});
}

it('finds the sources', () => {
	expect(layered.length).toBeGreaterThan(50);
	for (const layer of LAYERS) expect(`${layer.name}: ${layered.filter((file) => layerOf(file).layer === layer).length > 0}`).toBe(`${layer.name}: true`);
});

it.each(LAYERS.map((layer) => [layer.name, layer] as const))('%s imports only what it may', (_name, layer) => {
	const wrong = layered
		.filter((file) => layerOf(file).layer === layer)
		.flatMap((file) => importsOf(file).filter((one) => !allowed(file, one)).map((one) => `${file}:${one.line} imports ${one.specifier}`));
	expect(wrong).toEqual([]);
});

it.each(Object.entries(ONLY_IN))('%s is imported in one place only', (name, place) => {
	const wrong = sources.filter((file) => !place.test(file)).filter((file) => importsOf(file).some(({ specifier }) => specifier === name || specifier.startsWith(`${name}/`)));
	expect(wrong).toEqual([]);
});

it('the rest of the demo reaches the nodes only as n8n does, never their inside', () => {
	const wrong = filesIn('demo', '.ts')
		.filter((file) => !file.startsWith('demo/simulators/'))
		.flatMap((file) => importsOf(file).filter(({ target }) => target?.startsWith('nodes/')).map(({ specifier }) => `${file} imports ${specifier}`));
	expect(wrong).toEqual([]);
});

it('nothing under nodes imports in a circle at run time', () => {
	const files = new Map(filesIn('nodes', '.ts').map((file) => [file.replace(/\.ts$/, ''), file]));
	const next = new Map([...files].map(([name, file]) => [name, importsOf(file).flatMap(({ target, typeOnly }) => (target !== undefined && !typeOnly && files.has(target) ? [target] : []))]));
	const done = new Set<string>();
	const circles: string[] = [];
	const visit = (name: string, trail: string[]): void => {
		if (trail.includes(name)) circles.push([...trail.slice(trail.indexOf(name)), name].join(' -> '));
		if (trail.includes(name) || done.has(name)) return;
		for (const target of next.get(name) ?? []) visit(target, [...trail, name]);
		done.add(name);
	};
	for (const name of files.keys()) visit(name, []);
	expect(circles).toEqual([]);
});

describe('the reading of imports', () => {
	it('sees every form', () => {
		const found = importsOf('test/rules/sources.ts');
		expect(found.map(({ specifier }) => specifier)).toEqual(['node:child_process', 'node:fs', 'node:path', 'typescript']);
		expect(importsOf('nodes/core/port.ts').every(({ typeOnly }) => typeOnly)).toBe(true);
		expect(importsOf('nodes/core/money.ts').find(({ specifier }) => specifier === './documents')).toMatchObject({ target: 'nodes/core/documents', typeOnly: true });
	});
});
