// Proves what every file of the repository keeps to: names, first lines, sizes, no switched-off checks, nothing of the
// place where it was written.
import fs from 'node:fs';
import path from 'node:path';
import { filesIn, functionsOf, read, repositoryFiles, root } from './sources';

const code = repositoryFiles().filter((file) => /^(nodes|credentials|test|demo)\/.*\.(ts|mjs|cjs)$/.test(file));
const texts = repositoryFiles().filter((file) => !/\.(png|jpg|ico|gz)$/.test(file) && file !== 'package-lock.json');

/** In the root: what a user would miss, and what tools look for there. */
const ROOT = [
	...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'],
	...['package.json', 'package-lock.json', 'tsconfig.json', 'gulpfile.js', 'eslint.config.mjs', 'jest.config.js'],
	...['.gitignore', '.npmrc', '.editorconfig', '.nvmrc', '.prettierrc', '.gitattributes'],
	...['nodes', 'credentials', 'workflows', 'test', 'demo', 'docs', '.ci', '.github'],
];

it('the root holds nothing that a user would not miss', () => {
	const there = [...new Set(repositoryFiles().map((file) => file.split('/')[0]!))];
	expect(there.filter((name) => !ROOT.includes(name))).toEqual([]);
});

it('files are named for what they own', () => {
	const vague = code.filter((file) => /(^|[.])(utils?|helpers?|common|misc|types?|manager|base|generic\w*)$/i.test(path.posix.basename(file).replace(/(\.test)?\.\w+$/, '')));
	expect(vague).toEqual([]);
});

it('every file says first what it owns', () => {
	// Nodes and credentials are literals that n8n shows; what they own is their description.
	const told = code.filter((file) => !/\.(node|credentials)\.ts$/.test(file));
	expect(told.filter((file) => !/^(#!.*\n)?\s*(\/\/|\/\*)/.test(read(file)))).toEqual([]);
});

it('no check is switched off anywhere', () => {
	const switches = new RegExp(['eslint-' + 'disable', '@ts-' + 'ignore', '@ts-' + 'nocheck', '@ts-' + 'expect-error', 'istanbul ' + 'ignore'].join('|'));
	expect(code.filter((file) => switches.test(read(file)))).toEqual([]);
});

it('no test is left out', () => {
	const left = new RegExp(`\\b(it|test|describe)\\.(${['only', 'skip', 'todo', 'failing'].join('|')})\\b|\\b[xf](it|describe|test)\\(`);
	expect(code.filter((file) => file.startsWith('test/') && left.test(read(file)))).toEqual([]);
});

it('nothing names the place where it was written', () => {
	// Put together here, so that this file does not name it either.
	const places = ['/wo' + 'rk/', '/sha' + 'red/(design|reference|wire|tools|hooks)', '/ro' + 'ot/', '/ho' + 'me/\\w+/', 'cla' + 'ude', 'anth' + 'ropic', 'chat' + 'gpt', 'open' + 'ai', 'language ' + 'model', 'co-authored' + '-by'];
	const named = new RegExp(places.join('|'), 'i');
	const found = texts.flatMap((file) => {
		const match = named.exec(read(file));
		return match ? [`${file}: ${match[0]}`] : [];
	});
	expect(found).toEqual([]);
});

it('no file carries a key of somebody', () => {
	const secrets = /-----BEGIN (RSA |EC )?PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{16}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{30,}|\bnpm_[A-Za-z0-9]{30,}/;
	expect(texts.filter((file) => secrets.test(read(file)))).toEqual([]);
});

it('links inside the documentation lead somewhere', () => {
	const broken = repositoryFiles().filter((file) => file.endsWith('.md')).flatMap((file) =>
		[...read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, target]) => target!).filter((target) => !fs.existsSync(path.join(root, path.dirname(file), target))).map((target) => `${file}: ${target}`),
	);
	expect(broken).toEqual([]);
});

it('decisions are short', () => {
	const long = filesIn('docs/decisions', '.md').filter((file) => read(file).trimEnd().split('\n').length > 30);
	expect(long).toEqual([]);
});

it('recorded exchanges stay small', () => {
	const bytes = filesIn('test/wire', '').filter((file) => file.includes('/fixtures/')).reduce((sum, file) => sum + fs.statSync(path.join(root, file)).size, 0);
	expect(bytes).toBeLessThan(5 * 1024 * 1024);
});

it('functions of the pack fit on a page', () => {
	const long = filesIn('nodes', '.ts').flatMap((file) => functionsOf(file).filter(({ lines }) => lines > 60).map(({ name, lines }) => `${file}: ${name}, ${lines} lines`));
	expect(long).toEqual([]);
});

it('sizes are reported, not enforced', () => {
	const limits: Array<[RegExp, number]> = [[/^nodes\/core\//, 150], [/\.node\.ts$/, 90], [/^nodes\//, 250], [/^(demo|test)\//, 250]];
	const large = code.flatMap((file) => {
		const lines = read(file).split('\n').length;
		const limit = limits.find(([pattern]) => pattern.test(file))?.[1] ?? 250;
		return lines > limit ? [`${file} ${lines} (${limit})`] : [];
	});
	const functions = filesIn('nodes', '.ts').flatMap((file) => functionsOf(file).filter(({ lines }) => lines > 40).map(({ name, lines }) => `${file} ${name} ${lines} (40)`));
	process.stdout.write(`sizes: ${large.length} files and ${functions.length} functions above the rough limits${[...large, ...functions].map((line) => `\n  ${line}`).join('')}\n`);
	expect(code.length).toBeGreaterThan(50);
});
