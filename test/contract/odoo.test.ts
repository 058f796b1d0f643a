// Owns on which Odoos the suite runs: all simulated versions, and the real one that the environment names.
import { ADMIN, INTEGRATION, seedDemo, startOdoo } from '../../demo/simulators/odoo';
import { systemClock } from '../../nodes/kit/http';
import { odoo } from '../../nodes/OdooErp/odoo.system';
import { sharedClock, type Bench } from './bench';
import { odooBench } from './bench.odoo';
import { connectorContract } from './contract';
import { namedOdoo } from './named';

/** What an ordinary user may not do: from Odoo 15 on it sees no external ids, and here it makes no products. */
async function simulated(version: 14 | 17 | 18 | 19, login: 'admin' | 'integration'): Promise<Bench> {
	const clock = sharedClock();
	const server = await startOdoo({ version, now: clock.now, gapMs: 2 });
	seedDemo(server);
	const account = login === 'admin' ? ADMIN : INTEGRATION;
	return await odooBench({ url: server.url, database: server.database, login: account.login, secret: version >= 19 ? account.apiKey : account.password, productCode: 'W-1' }, {
		clock,
		note: `simulated, as ${login}`,
		maker: ADMIN,
		bulk: {
			count: 1_030,
			make: async (names) => {
				for (const name of names) server.insert('res.partner', { name, is_company: true });
				await Promise.resolve();
			},
		},
		stop: async () => await server.stop(),
	});
}

for (const version of [14, 17, 18, 19] as const) connectorContract(`simulated Odoo ${version}`, odoo, async () => await simulated(version, 'integration'));
for (const version of [17, 19] as const) connectorContract(`simulated Odoo ${version} as its administrator`, odoo, async () => await simulated(version, 'admin'));

const real = namedOdoo();
if (real) connectorContract(`Odoo at ${real.url}`, odoo, async () => await odooBench(real, { clock: systemClock }));
