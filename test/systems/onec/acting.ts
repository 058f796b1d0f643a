// Owns how the tests run an operation that only 1C has: by its name, with parameters, and the stage of such tests.
import type { ActionRow, Blob } from '../../../nodes/core/port';
import { type ActionName, actions } from '../../../nodes/OneC/onec.actions';
import type { Between, Setting } from './setting';

export type Run = (name: ActionName, parameters: Record<string, unknown>, file?: Blob) => Promise<ActionRow[]>;

/** A connector anew for every call, as a new n8n process has. */
export function runner(setting: Setting, credential: Record<string, unknown> = {}, between?: Between): Run {
	return async (name, parameters, file) =>
		await actions(setting.services(credential, between))[name]({
			parameter: (parameter) => parameters[parameter],
			binary: async () => file ?? Promise.reject(new Error('no file')),
		});
}

/** The only row's JSON. */
export async function only(rows: Promise<ActionRow[]>): Promise<Record<string, unknown>> {
	const found = await rows;
	if (found.length !== 1) throw new Error(`expected one row, got ${found.length}`);
	return found[0]!.json;
}
