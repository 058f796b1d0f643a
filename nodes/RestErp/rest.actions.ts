// Owns the operations that only the REST node has, by the names the node shows. Must not know n8n.
//
// | action      | parameters                                                        | gives
// | testProfile | [kinds: list of kinds], [document: a business document]            | a summary, then one item per endpoint
// | request     | method, path, [query: JSON object], [body: JSON]                    | the answer
import type { Action, ActionInput, ActionRow } from '../core/port';
import { testProfile } from './rest.actions.profile';
import { request } from './rest.actions.request';
import type { Services } from './rest.services';

type Run = (services: Services, input: ActionInput) => Promise<ActionRow[]>;

const RUNS = { testProfile, request } satisfies Record<string, Run>;
export type ActionName = keyof typeof RUNS;

/** For the connector's capabilities. */
export const ACTIONS = Object.keys(RUNS) as ActionName[];

/** All operations of `ACTIONS`, bound to one installation. */
export function actions(services: Services): Readonly<Record<ActionName, Action>> {
	const bound = (run: Run): Action => async (input) => await run(services, input);
	return Object.fromEntries(Object.entries(RUNS).map(([name, run]) => [name, bound(run)])) as Record<ActionName, Action>;
}
