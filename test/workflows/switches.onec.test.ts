// Proves that the whole job comes to the same end on a 1C that deviates: each switch of the simulator by itself.
import type { Switches } from '../../demo/simulators/onec';
import { Scene, hurry, type OnecChoice } from './scene';
import { firstDifference, walk } from './walk';

hurry();

type Case = [string, OnecChoice];

const explicit = { credential: { sessionMode: 'explicit' } };
const only = (switches: Partial<Switches>): OnecChoice => ({ switches });

/** A switch each; where the user would set the credential to match, that too. */
const CASES: Case[] = [
	['versions as in a file base', only({ dataVersion: 'table' })],
	['versions as on SQL Server', only({ dataVersion: 'row' })],
	['unordered answers start anywhere', only({ rotateUnordered: true })],
	['$skip on virtual tables', only({ virtualSkip: 'works' })],
	['no /$count', only({ count: 'unavailable' })],
	['DeletionMark in a filter has no effect', only({ deletionMarkFilter: 'ignored' })],
	['Accept is ignored', only({ accept: 'ignored' })],
	['If-Match counts', only({ ifMatch: 'honoured' })],
	['own ids are ignored', only({ ownRefKey: 'ignored' })],
	['own ids are ignored and switched off', { switches: { ownRefKey: 'ignored' }, credential: { useOwnRefKeys: false } }],
	['a second POST overwrites', only({ secondPost: 'overwrites' })],
	['the answer to a POST has no number', only({ createdNumber: 'empty' })],
	['PATCH Posted sets the flag only', only({ patchPosted: 'flag-only' })],
	['English texts', only({ language: 'en' })],
	['errors as the application server\'s exception', only({ errorShape: 'exception' })],
	['errors as the platform\'s page', only({ errorShape: 'html' })],
	['IIS replaces the body of a 404', only({ iisReplaces404: true })],
	['byte order marks', only({ bom: true })],
	['explicit sessions, used', { switches: { sessions: 'explicit' }, ...explicit }],
	['explicit sessions, not used', only({ sessions: 'explicit' })],
	['explicit sessions, which live a second', { switches: { sessions: 'explicit', sessionMaxAge: 1 }, ...explicit }],
	['explicit sessions, a dead one is 404', { switches: { sessions: 'explicit', sessionMaxAge: 0.1, deadSession: 404 }, ...explicit }],
	['no sessions, asked for', { switches: { sessions: 'none' }, ...explicit }],
	['one licence', { switches: { sessions: 'explicit', licences: 1 }, ...explicit }],
	['one licence, told with 400', { switches: { sessions: 'explicit', licences: 1, licenceStatus: 400 }, ...explicit }],
	['no metadata', only({ metadata: 'fails' })],
	['a login page in place of the metadata', only({ metadata: 'login-page' })],
	['little memory', only({ memoryRows: 60 })],
	['the first call is slow', only({ slowNext: 300 })],
	['three answers are cut', only({ truncateNext: 3 })],
	['a comment cannot be filtered by', only({ unfilterable: ['Document_ЗаказКлиента.Комментарий'] })],
];

/** What makes everything stop until somebody ends it, and what the quote says meanwhile. */
const STOPPED: Array<[string, Partial<Switches>, RegExp]> = [
	['a gateway answers everything with a page and 200', { htmlWith200: true }, /page|gateway|HTML/i],
	['sessions are forbidden', { sessionsForbidden: true }, /session|work|сеанс/i],
];

const DEFAULTS: Partial<Switches> = { htmlWith200: false, sessionsForbidden: false };

describe.each(['onec-ut', 'onec-bp'] as const)('%s', (erp) => {
	let expected: unknown;
	beforeAll(async () => {
		const scene = await Scene.open({ erp });
		await walk(scene);
		expected = scene.endState();
		await scene.close();
	});

	test('the walk is complete without any switch', () => {
		expect(expected).toMatchObject({ opportunity: 'Closed Won', quote: { status: 'Ordered' }, invoices: expect.arrayContaining([expect.objectContaining({ received: '100.00000000' })]) as unknown });
	});

	test.each(CASES)('%s', async (_name, onec) => {
		const scene = await Scene.open({ erp, onec });
		try {
			await walk(scene);
			expect(firstDifference(scene.endState(), expected)).toBeUndefined();
		} finally {
			await scene.close();
		}
	});

	test.each(STOPPED)('%s: the quote says so, and all goes on afterwards', async (_name, switches, says) => {
		const scene = await Scene.open({ erp });
		try {
			Object.assign(scene.erp.sim.switches, switches);
			scene.accept();
			expect((await scene.order())?.error).toBeUndefined();
			expect([scene.crmField(scene.quote(), 'erp_status'), scene.crmField(scene.quote(), 'erp_message')]).toEqual([expect.stringMatching(/Pending|Needs attention/), expect.stringMatching(says)]);
			Object.assign(scene.erp.sim.switches, DEFAULTS);
			scene.clearStatus();
			await walk(scene);
			expect(firstDifference(scene.endState(), expected)).toBeUndefined();
		} finally {
			await scene.close();
		}
	});
});
