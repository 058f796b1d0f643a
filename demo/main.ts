// Owns `npm start`: its options, what it prints and how long it stays. The work is in `stage` and `story`.
import type { DemoErp } from './erp';
import { OdooErp } from './erp.odoo';
import { OnecErp } from './erp.onec';
import { RestErp } from './erp.rest';
import { setTheStage, type Stage } from './stage';
import { StepFailed, tellTheStory } from './story';

interface Arguments {
	once: boolean;
	n8n: '1' | '2';
	erp: keyof typeof ERPS;
	odoo: 14 | 17 | 18 | 19;
	onec: 'ut' | 'bp';
	rest: 'ledger' | 'jsonapi' | 'keyed';
}

/** What `--erp` may say, and how each is started. */
const ERPS = {
	odoo: async ({ odoo }: Arguments): Promise<DemoErp> => await OdooErp.start(odoo),
	'1c': async ({ onec }: Arguments): Promise<DemoErp> => await OnecErp.start({ profile: onec }),
	rest: async ({ rest }: Arguments): Promise<DemoErp> => await RestErp.start({ face: rest }),
};

const USAGE = `npm start -- [--once] [--n8n 2|1] [--erp ${Object.keys(ERPS).join('|')}] [--odoo 18|19|17|14] [--onec ut|bp] [--rest ledger|jsonapi|keyed]`;

function readArguments(words: string[]): Arguments {
	const found: Arguments = { once: false, n8n: '2', erp: 'odoo', odoo: 18, onec: 'ut', rest: 'ledger' };
	for (let i = 0; i < words.length; i++) {
		const word = words[i];
		if (word === '--once') found.once = true;
		else if (word === '--n8n') found.n8n = oneOf(words[++i], ['1', '2']);
		else if (word === '--erp') found.erp = oneOf(words[++i], Object.keys(ERPS) as Array<keyof typeof ERPS>);
		else if (word === '--odoo') found.odoo = Number(oneOf(words[++i], ['14', '17', '18', '19'])) as Arguments['odoo'];
		else if (word === '--onec') found.onec = oneOf(words[++i], ['ut', 'bp']);
		else if (word === '--rest') found.rest = oneOf(words[++i], ['ledger', 'jsonapi', 'keyed']);
		else throw new Error(`Unknown option ${word}. ${USAGE}`);
	}
	return found;
}

function oneOf<T extends string>(word: string | undefined, allowed: readonly T[]): T {
	const found = allowed.find((value) => value === word);
	if (!found) throw new Error(`Expected one of ${allowed.join(', ')}, not ${word ?? 'nothing'}. ${USAGE}`);
	return found;
}

function invitation({ host, crm, erp }: Stage): string {
	return [
		'',
		`  n8n editor   ${host.url}   (${host.owner.email} / ${host.owner.password})`,
		`  CRM          ${crm.server.url}   press "Accept" on another quote and watch`,
		`  ERP          ${erp.server.url}   ship or invoice an order, register a payment`,
		'',
		'Ctrl-C ends everything.',
	].join('\n');
}

async function main(): Promise<void> {
	const options = readArguments(process.argv.slice(2));
	const began = Date.now();
	const say = (line: string) => console.log(`[${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s] ${line}`);
	let stage: Stage | undefined;
	const leave = async (code: number) => {
		await stage?.stop();
		process.exit(code);
	};
	process.on('SIGINT', () => void leave(130));
	process.on('SIGTERM', () => void leave(143));
	try {
		stage = await setTheStage({ n8n: options.n8n, erp: async () => await ERPS[options.erp](options), hurry: options.once, progress: say });
		const report = await tellTheStory(stage, say);
		if (!options.once) {
			say('Done: every step was proved.');
			console.log(invitation(stage));
			return;
		}
		console.log(JSON.stringify(report));
		await leave(0);
	} catch (error) {
		const step = error instanceof StepFailed ? error.step : 'set-up';
		const reason = error instanceof Error ? error.message : String(error);
		console.error(`Not proved: ${reason}`);
		console.log(JSON.stringify({ ok: false, step, reason }));
		await leave(1);
	}
}

void main();
