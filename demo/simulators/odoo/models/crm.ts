// Owns opportunities in the little detail the external API tests touch.
// Must not know: orders, transport.
import { num, ref } from '../json';
import type { Row } from '../json';
import { touch } from '../records';
import type { Env, ModelRules } from '../world';

export function leadRules(): ModelRules {
	const stages = (env: Env) => env.store.rows('crm.stage').sort((a, b) => num(a['sequence']) - num(b['sequence']) || a.id - b.id);
	return {
		order: 'priority desc, id desc',
		defaults: (env) => ({ type: 'opportunity', stage_id: stages(env)[0]?.id ?? false, user_id: env.uid, team_id: 1, company_id: false, probability: 0 }),
		computed: {
			won_status: (env, row) => (isWon(env, row) ? 'won' : row['active'] === false ? 'lost' : 'pending'),
			order_ids: (env, row) => env.store.by('sale.order', 'opportunity_id', row.id),
		},
		methods: {
			action_set_won: { level: 'record', needs: 'write', params: [], run: win },
			action_set_won_rainbowman: { level: 'record', needs: 'write', params: [], run: win },
		},
	};
}

function isWon(env: Env, row: Row): boolean {
	return env.store.get('crm.stage', ref(row['stage_id']))?.['is_won'] === true;
}

function win(env: Env, _model: string, ids: number[]): boolean {
	const won = env.store.rows('crm.stage').find((s) => s['is_won'] === true);
	for (const id of ids) touch(env, 'crm.lead', id, { stage_id: won?.id ?? false, probability: 100 });
	return true;
}
