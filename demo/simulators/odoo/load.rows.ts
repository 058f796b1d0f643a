// Owns the table given to load(): columns, which rows belong to one record, and the tree of values of each record.
// Must not know: how values are converted or written.
import { keyError, valueError } from './failure';
import type { Json } from './json';
import type { Field } from './schema';
import type { Env } from './world';

/** Cells of one record, not yet converted. */
export interface Draft {
	from: number;
	to: number;
	/** External id of the record. */
	key: string;
	/** Database id, when the table has a `.id` column. */
	databaseId: string;
	cells: Array<{ field: Field; how: 'plain' | 'id' | '.id'; cell: Json }>;
	children: Array<{ field: Field; drafts: Draft[] }>;
}

type Path = string[];

const blank = (cell: Json | undefined) => cell === undefined || cell === '' || cell === false || cell === null;

/** Splits a table into drafts. A row whose own columns are all empty continues the record above it. */
export function draftsOf(env: Env, model: string, paths: Path[], rows: Json[][], offset = 0): Draft[] {
	checkColumns(env, model, paths);
	const own = paths.map((p, i) => ({ p, i })).filter(({ p }) => !isLine(env, model, p));
	const drafts: Draft[] = [];
	let at = 0;
	while (at < rows.length) {
		let end = at + 1;
		while (end < rows.length && own.length < paths.length && own.every(({ i }) => blank(rows[end]?.[i]))) end++;
		drafts.push(draftOf(env, model, paths, rows.slice(at, end), offset + at));
		at = end;
	}
	return drafts;
}

function isLine(env: Env, model: string, path: Path): boolean {
	return path.length > 1 && env.field(model, path[0] ?? '')?.type === 'one2many';
}

function checkColumns(env: Env, model: string, paths: Path[]): void {
	for (const [head = '', ...rest] of paths) {
		if (head === 'id' || head === '.id') continue;
		const field = env.field(model, head);
		if (!field) throw env.version >= 18 ? valueError(`Invalid field name '${head}'`) : keyError(head);
		if (field.type === 'one2many' && field.relation && rest.length > 0) checkColumns(env, field.relation, [rest]);
	}
}

function draftOf(env: Env, model: string, paths: Path[], rows: Json[][], from: number): Draft {
	const first = rows[0] ?? [];
	const draft: Draft = { from, to: from + rows.length - 1, key: '', databaseId: '', cells: [], children: [] };
	const lines = new Map<string, number[]>();
	for (const [i, path] of paths.entries()) {
		const [head = '', sub] = path;
		const cell = first[i] ?? false;
		if (head === 'id') draft.key = blank(cell) ? '' : String(cell);
		else if (head === '.id') draft.databaseId = blank(cell) ? '' : String(cell);
		else {
			const field = env.field(model, head);
			if (!field) continue;
			if (isLine(env, model, path)) lines.set(head, [...(lines.get(head) ?? []), i]);
			else draft.cells.push({ field, how: sub === 'id' || sub === '.id' ? sub : 'plain', cell });
		}
	}
	for (const [name, columns] of lines) {
		const field = env.field(model, name);
		if (field?.relation) draft.children.push({ field, drafts: childDrafts(env, field.relation, paths, columns, rows, from) });
	}
	return draft;
}

function childDrafts(env: Env, model: string, paths: Path[], columns: number[], rows: Json[][], from: number): Draft[] {
	const sub = columns.map((i) => (paths[i] ?? []).slice(1));
	const table = rows.map((row) => columns.map((i) => row[i] ?? false)).filter((row) => !row.every(blank));
	return table.length === 0 ? [] : draftsOf(env, model, sub, table, from);
}
