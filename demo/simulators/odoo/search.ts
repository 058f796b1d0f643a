// Owns search: which records a domain, the archive flag and the companies leave visible.
// Must not know: how records are formatted.
import { namedFields, parseDomain } from './domain';
import type { Tree } from './domain';
import { compile } from './domain.match';
import type { Json, Row } from './json';
import { idList, num } from './json';
import { sorted } from './order';
import { isVisible } from './rights';
import type { Env } from './world';

export interface Page {
	offset?: Json | undefined;
	limit?: Json | undefined;
	order?: Json | undefined;
}

/** Ids of the matching records in the order asked for. */
export function search(env: Env, model: string, domain: Json, page: Page = {}): number[] {
	const rows = sorted(env, model, matching(env, model, domain), page.order);
	const start = num(page.offset ?? 0);
	const limit = num(page.limit ?? 0);
	return rows.slice(start, limit > 0 ? start + limit : undefined).map((r) => r.id);
}

/** The matching rows, unordered. */
export function matching(env: Env, model: string, domain: Json): Row[] {
	const tree = parseDomain(env.world.profile.version, domain);
	const test = compile(env, model, tree);
	const archivable = env.schema(model).fields.has('active') && env.context['active_test'] !== false && !namedFields(tree).includes('active');
	return candidates(env, model, tree).filter((row) => {
		if (archivable && row['active'] === false) return false;
		return isVisible(env, model, row) && test(row);
	});
}

/** Rows worth testing: those of an `id in` at the top, else all. */
function candidates(env: Env, model: string, tree: Tree): Row[] {
	if ('all' in tree) {
		for (const part of tree.all) {
			if (!('leaf' in part)) continue;
			const { path, operator, value } = part.leaf;
			if (path === 'id' && (operator === 'in' || operator === '=')) {
				return idList(value)
					.map((id) => env.store.get(model, id))
					.filter((r): r is Row => r !== undefined);
			}
		}
	}
	return env.store.rows(model);
}
