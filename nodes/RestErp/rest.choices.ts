// Owns the lists that the editor offers, as the profile describes them. Writes nothing.
import type { Row, Scope, Services } from './rest.services';

export interface Choice {
	name: string;
	value: string;
	description?: string;
}

/** More than anybody scrolls through. */
const LONGEST_LIST = 1_000;

/**
 * A list that the profile does not know is empty: the editor asks for the same ones of every system.
 *
 * @param of what the list belongs to; seen as `value`
 */
export async function choices(services: Services, list: string, of?: string): Promise<Choice[]> {
	const known = services.profile.choices ?? {};
	if (!Object.hasOwn(known, list)) return [];
	const { name, value, description, ...request } = known[list]!;
	const place = `choices.${list}`;
	const { credential, evaluator, requests } = services;
	const scope: Scope = { settings: credential.settings, system: credential.installation, ...(of ? { value: of } : {}) };
	const text = async (member: string, expression: string, record: Row) => await evaluator.text(`${place}.${member}`, expression, { ...scope, record });
	const found: Choice[] = [];
	for await (const rows of requests.pages(place, request, scope, async (row) => await text('value', value, row))) {
		for (const row of rows) {
			const chosen = await text('value', value, row);
			if (chosen === undefined) continue;
			const about = description === undefined ? undefined : await text('description', description, row);
			found.push({ name: (await text('name', name, row)) ?? chosen, value: chosen, ...(about === undefined ? {} : { description: about }) });
		}
		if (found.length >= LONGEST_LIST) break;
	}
	return found.slice(0, LONGEST_LIST).sort((a, b) => a.name.localeCompare(b.name));
}
