// Owns on which vtigers the suite runs: both simulated versions, and the real one that the environment names.
import { ADMIN, ADMIN_ACCESS_KEY, startVtiger } from '../../demo/simulators/vtiger';
import { systemClock } from '../../nodes/kit/http';
import { vtiger } from '../../nodes/Vtiger/vtiger.system';
import { sharedClock, type Bench } from './bench';
import { vtigerBench } from './bench.vtiger';
import { connectorContract } from './contract';
import { namedVtiger } from './named';

async function simulated(version: '8.4.0' | '8.0.0'): Promise<Bench> {
	const clock = sharedClock();
	const server = await startVtiger({ version, now: clock.now, saveGapMs: 1 });
	return await vtigerBench({ url: server.url, username: ADMIN, accessKey: ADMIN_ACCESS_KEY, productCode: 'W-1' }, {
		clock,
		note: 'simulated',
		bulk: {
			count: 230,
			make: async (names) => {
				for (const accountname of names) await server.insert('Accounts', { accountname });
			},
		},
		stop: async () => await server.stop(),
	});
}

for (const version of ['8.4.0', '8.0.0'] as const) connectorContract(`simulated vtiger ${version}`, vtiger, async () => await simulated(version));

const real = namedVtiger();
if (real) connectorContract(`vtiger at ${real.url}`, vtiger, async () => await vtigerBench(real, { clock: systemClock }));
