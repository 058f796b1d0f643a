// Owns the proof that the Odoo simulator answers recorded requests as the real servers did.
// Must not know: any client code.
import { Tally } from './compare';
import { exchangesOf, VERSIONS } from './odoo.fixture';
import { OdooReplay } from './odoo.replay';

describe.each(VERSIONS)('Odoo %s', (version) => {
	it('is simulated as recorded', async () => {
		const exchanges = exchangesOf(version);
		const replay = new OdooReplay(version, exchanges);
		const tally = new Tally(`odoo-${version}`);
		try {
			for (const exchange of exchanges) tally.count(exchange.name, await replay.differences(exchange));
		} finally {
			await replay.stop();
		}
		const failures = tally.finish();
		process.stdout.write(`${tally.line()}\n`);
		expect(failures).toEqual([]);
		expect(tally.matched / tally.replayed).toBeGreaterThanOrEqual(0.95);
	}, 120_000);
});
