// Owns the one suite that every connector passes, on a simulator or on a real server: the promises of the port, in
// the order in which a flow relies on them. Must not know any system: a bench stands for it.
import { KINDS, type Kind } from '../../nodes/core/documents';
import type { Capabilities, System, Verb } from '../../nodes/core/port';
import type { Bench } from './bench';
import { changesContract } from './contract.changes';
import { failuresContract } from './contract.failures';
import { linksContract } from './contract.links';
import { pagesContract, readsContract } from './contract.reads';
import { recordsContract } from './contract.records';
import { writesContract } from './contract.writes';
import { Tally } from './tally';

/** What each part of the suite is given. The bench exists once the tests run. */
export interface Part {
	tally: Tally;
	capabilities: Capabilities;
	bench: () => Bench;
	/** The kinds that offer a verb. */
	offering: (verb: Verb) => Kind[];
}

/** @param name how the run is called in the report, e.g. `Odoo 18, as an ordinary user` */
export function connectorContract(name: string, { capabilities }: System, open: () => Promise<Bench>): void {
	describe(`contract: ${name}`, () => {
		const tally = new Tally();
		let bench: Bench | undefined;
		const part: Part = {
			tally,
			capabilities,
			bench: () => {
				if (!bench) throw new Error(`${name} could not be opened`);
				return bench;
			},
			offering: (verb) => KINDS.filter((kind) => capabilities.kinds[kind]?.includes(verb)),
		};
		beforeAll(async () => {
			bench = await open();
		}, 120_000);
		afterAll(async () => {
			console.log(tally.line(bench?.title ?? name));
			await bench?.close();
		}, 120_000);

		tally.test('tells version and user', async () => {
			const { version, user } = await part.bench().connect().check();
			expect(version).toContain(part.bench().expects.version);
			expect(user).toMatch(/\S/);
		});
		writesContract(part);
		readsContract(part);
		linksContract(part);
		changesContract(part);
		failuresContract(part);
		recordsContract(part);
		pagesContract(part);
		tally.test(
			'leaves nothing behind',
			async () => {
				await part.bench().cleanUp();
				const remains = await part.bench().remains();
				expect(Object.entries(remains).filter(([, count]) => count > 0)).toEqual([]);
			},
			120_000,
		);
	});
}
