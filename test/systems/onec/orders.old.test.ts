// Proves that an old document finds its order on a base that gives ids of its own: nothing but the mark in the comment
// tells there, and the search goes back as far as the document itself.
import { customer, done, PROFILE_NAMES, quote, setUp } from './setting';

const ORDERS = { ut: 'Document_ЗаказКлиента', bp: 'Document_СчетНаОплатуПокупателю' };

it.each(PROFILE_NAMES)('%s: a quote of last winter makes no second order', async (profile) => {
	const setting = await setUp({ profile, switches: { ownRefKey: 'ignored' } });
	try {
		// Without a number no slot of the customer leads there, either.
		const old = quote([['W-1', '2', '100', ['10']]], { date: new Date(setting.clock.now()).toISOString().slice(0, 10), number: undefined });
		done(await setting.connect().upsert('customer', [customer()], {}));
		done(await setting.connect().upsert('order', [old], { confirm: true }));
		setting.clock.pass(200 * 86_400_000);
		expect(done(await setting.connect().upsert('order', [old], { confirm: true })).outcome).toBe('unchanged');
		expect(setting.sim.records(ORDERS[profile])).toHaveLength(1);
	} finally {
		await setting.stop();
	}
});
