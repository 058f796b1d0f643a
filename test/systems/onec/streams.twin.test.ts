// Proves that two readers of one node of an exchange plan do not go on side by side for ever, even when they are in step.
import type { Stream } from '../../../nodes/core/port';
import { streams } from '../../../nodes/OneC/onec.streams';
import { client } from './desk';
import { failureOf, setUp } from './setting';

const PLAN = 'ExchangePlan_ДляODATA';

it('the slower of two readers in step is stopped, the faster one goes on alone', async () => {
	const stage = await setUp();
	try {
		const buyer = client(stage, 'Flow Ltd');
		const node = String(stage.sim.records(PLAN).find(({ Description }) => Description === 'n8n')!.Ref_Key);
		const poll = async (state: unknown): Promise<unknown> => {
			const exchangePlan: Stream = streams(stage.services()).exchangePlan;
			const result = await exchangePlan({ parameters: { event: 'exchangePlan', plan: PLAN, node }, state, limit: 1_000 });
			return JSON.parse(JSON.stringify(result.state)) as unknown;
		};
		let mine = await poll(await poll(undefined));
		let twin = mine;
		const both = async (n: number): Promise<void> => {
			stage.sim.patch('Catalog_Контрагенты', buyer, { ИНН: `770000000${n}` });
			mine = await poll(mine);
			twin = await poll(twin);
		};
		for (let n = 0; n < 6; n++) await both(n);
		expect((await failureOf(both(6))).message).toMatch(/has another reader, which acknowledges the messages before this one does.*a node of its own/);
		for (let n = 0; n < 8; n++) mine = await poll(mine);
	} finally {
		await stage.stop();
	}
});
