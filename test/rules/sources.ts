// Owns the reading of the repository for the rules: which files there are, what each imports, how long its functions are.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const root = path.join(__dirname, '..', '..');

const NOT_OURS = new Set(['node_modules', 'dist', '.git', 'coverage']);

let filesRead: string[] | undefined;

/** All files that are, or would be, in the repository; paths from its root, with `/`. */
export function repositoryFiles(): string[] {
	filesRead ??= listFiles();
	return filesRead;
}

function listFiles(): string[] {
	try {
		const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
		return listed.split('\n').filter((file) => file !== '' && fs.existsSync(path.join(root, file))).sort();
	} catch {
		return walk(''); // not a clone, e.g. an unpacked archive
	}
}

function walk(folder: string): string[] {
	return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
		const name = folder ? `${folder}/${entry.name}` : entry.name;
		if (NOT_OURS.has(entry.name)) return [];
		return entry.isDirectory() ? walk(name) : [name];
	}).sort();
}

/** Files below a folder whose name ends so. */
export function filesIn(folder: string, ending: string): string[] {
	return repositoryFiles().filter((file) => file.startsWith(`${folder}/`) && file.endsWith(ending));
}

export function read(file: string): string {
	return fs.readFileSync(path.join(root, file), 'utf8');
}

export interface Import {
	/** As it stands there: `../core/keys` or `zod`. */
	specifier: string;
	/** From the repository's root, without extension, when it is a file of ours: `nodes/core/keys`. */
	target?: string;
	/** Nothing of it is there at run time. */
	typeOnly: boolean;
	line: number;
}

const importsRead = new Map<string, Import[]>();

/** What a TypeScript or JavaScript file imports, in whatever form. */
export function importsOf(file: string): Import[] {
	const imports = importsRead.get(file) ?? readImports(file);
	importsRead.set(file, imports);
	return imports;
}

function readImports(file: string): Import[] {
	const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
	const imports: Import[] = [];
	const add = (node: ts.Node, specifier: ts.Expression | undefined, typeOnly: boolean): void => {
		if (!specifier || !ts.isStringLiteralLike(specifier)) return;
		const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
		const target = specifier.text.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier.text).replace(/\.(ts|js|mjs)$/, '') : undefined;
		imports.push({ specifier: specifier.text, target, typeOnly, line });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, importsTypesOnly(node.importClause));
		else if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, node.isTypeOnly);
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal as ts.Expression, true);
		else if (ts.isCallExpression(node) && isLoading(node)) add(node, node.arguments[0], false);
		ts.forEachChild(node, visit);
	};
	visit(source);
	return imports;
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
	if (!clause) return false;
	if (clause.isTypeOnly) return true;
	const bindings = clause.namedBindings;
	return !clause.name && bindings !== undefined && ts.isNamedImports(bindings) && bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function isLoading(call: ts.CallExpression): boolean {
	return call.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(call.expression) && call.expression.text === 'require');
}

/** Functions and methods of a file with their number of lines. */
export function functionsOf(file: string): Array<{ name: string; lines: number }> {
	const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
	const found: Array<{ name: string; lines: number }> = [];
	const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
	const visit = (node: ts.Node): void => {
		if (ts.isFunctionLike(node) && 'body' in node && node.body) {
			const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
			found.push({ name: named?.getText() ?? 'a function', lines: lineOf(node.end) - lineOf(node.getStart()) + 1 });
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** String literals that are the first argument of calls to a function or method of this name. */
export function firstArguments(file: string, callee: string): string[] {
	const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isCallExpression(node)) {
			const called = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
			const [first] = node.arguments;
			if (called === callee && first && ts.isStringLiteralLike(first)) found.push(first.text);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}
