// Proves which profile is taken, and that a bad one is refused with file, path, expression and position before anything
// runs.
import { Failure } from '../../../nodes/core/failure';
import { chooseProfile, fileOf, loadProfile } from '../../../nodes/RestErp/rest.profile';
import { expressionsOf, splitTemplate } from '../../../nodes/RestErp/rest.profile.places';
import { profileSchema } from '../../../nodes/RestErp/rest.profile.schema';

const SMALL = {
	format: 1,
	name: 'Small ERP',
	auth: { type: 'basic' },
	kinds: {
		customer: {
			module: 'customers',
			read: { name: 'record.name', billing: { city: 'record.address.city' } },
			get: { path: '/customers/{id}' },
			list: { path: '/customers', query: { since: 'since' }, items: 'answer.rows', paging: { style: 'page', page: 'p' } },
		},
	},
};

/** The small profile with something else at a path. */
function changed(path: string, value: unknown): Record<string, unknown> {
	const copy = structuredClone(SMALL) as Record<string, unknown>;
	const steps = path.split('.');
	const last = steps.pop()!;
	let at = copy;
	for (const step of steps) at = at[step] as Record<string, unknown>;
	if (value === undefined) delete at[last];
	else at[last] = value;
	return copy;
}

function refusal(run: () => unknown): Failure {
	try {
		run();
	} catch (error) {
		expect(error).toBeInstanceOf(Failure);
		expect((error as Failure).kind).toBe('rejected');
		return error as Failure;
	}
	throw new Error('it was taken');
}

const load = (data: unknown) => loadProfile(data, 'profile in the credential');

describe('a good profile', () => {
	it('comes with its defaults', () => {
		const profile = load(SMALL);
		expect(profile.limits).toEqual({ maxConcurrent: 4 });
		expect(profile.kinds.customer).toMatchObject({ id: 'record.id', list: { paging: { first: 1, pageSize: 100 } } });
		expect(profile.records.list).toBe('/{module}');
		expect(fileOf(profile)).toBe('profile in the credential');
	});

	it('tells all of its expressions by place, and only expressions', () => {
		const places = Object.fromEntries(expressionsOf(profileSchema, load({ ...SMALL, headers: { 'X-Company': '{settings.company}' } })).map(({ place, expression }) => [place, expression]));
		expect(places).toMatchObject({ 'kinds.customer.id': 'record.id', 'kinds.customer.read.name': 'record.name', 'kinds.customer.read.billing.city': 'record.address.city', 'kinds.customer.get.path': 'id', 'kinds.customer.list.query.since': 'since', 'kinds.customer.list.items': 'answer.rows' });
		expect(Object.keys(places).filter((place) => /name$|module|style|headers|auth|paging\.page/.test(place))).toEqual(['kinds.customer.read.name']);
	});

	it('finds expressions within unions', () => {
		const transitions = { confirmed: { path: '/orders/{id}', body: { a: 'record.y' } }, cancelled: [{ path: '/a/{id}' }, { path: '/b/{number}' }] };
		const places = expressionsOf(profileSchema, load(changed('kinds.customer.transitions', transitions))).map(({ place }) => place);
		expect(places).toEqual(expect.arrayContaining(['kinds.customer.transitions.confirmed.body.a', 'kinds.customer.transitions.cancelled.1.path']));
	});
});

describe('a bad profile', () => {
	it.each([
		['kinds.customer.lst', { path: '/x' }, /"kinds\.customer\.lst" is not known.*Did you mean "kinds\.customer\.list"\?/],
		['kinds.costumer', {}, /"kinds\.costumer" is not known.*"kinds\.customer"/],
		['autth', {}, /"autth" is not known.*"auth"/],
		['kinds.customer.list.itmes', 'x', /"kinds\.customer\.list\.itmes".*"kinds\.customer\.list\.items"/],
		['kinds.customer.list.paging.pge', 'x', /"kinds\.customer\.list\.paging\.pge".*"kinds\.customer\.list\.paging\.page"/],
		['auth.usrname', 'x', /"auth\.usrname" is not known/],
		['kinds.customer.transitions', { confirmed: { path: '/x', metod: 'POST' } }, /"kinds\.customer\.transitions\.confirmed\.metod".*"kinds\.customer\.transitions\.confirmed\.method"/],
		['kinds.customer.with', { order: { path: '/x', pth: '/y' } }, /kinds\.customer\.with\.order\.pth/],
		['constructor', {}, /"constructor" is not known/],
	])('with the unknown key %s is refused with the nearest name', (path, value, says) => {
		expect(refusal(() => load(changed(path, value))).message).toMatch(says);
	});

	it.each([
		['read', 'reed', '"kinds.customer.reed" is not known. Did you mean "kinds.customer.read"?'],
		['module', 'modul', '"kinds.customer.modul" is not known. Did you mean "kinds.customer.module"?'],
	])('whose %s is spelt %s is told the spelling, not that it is missing', (name, misspelt, says) => {
		const { [name]: value, ...rest } = SMALL.kinds.customer as Record<string, unknown>;
		expect(refusal(() => load(changed('kinds.customer', { ...rest, [misspelt]: value }))).message).toContain(says);
	});

	it.each([
		['format', 2, /format/],
		['name', '', /name/],
		['auth', { type: 'magic' }, /auth\.type/],
		['auth', { type: 'apiKey' }, /auth\.name/],
		['kinds.customer.module', undefined, /kinds\.customer\.module/],
		['kinds.customer.read', undefined, /: "kinds\.customer\.read" is missing\. /],
		['kinds.customer.list.paging', { style: 'pages' }, /paging\.style/],
		['kinds.customer.identity', { by: 'luck' }, /identity\.by/],
		['limits', { maxConcurrent: 0 }, /limits\.maxConcurrent/],
		['kinds', [], /kinds/],
		['kinds.customer.read', { name: ['record.a'] }, /kinds\.customer\.read/],
	])('with a wrong %s is refused at its place', (path, value, says) => {
		expect(refusal(() => load(changed(path, value))).message).toMatch(says);
	});

	it.each([
		['kinds.customer.read.name', 'record.', /profile in the credential, kinds\.customer\.read\.name: "record\." is no expression: .*position/],
		['kinds.customer.get.path', '/customers/{id +}', /kinds\.customer\.get\.path: "id \+" is no expression/],
		['kinds.customer.list.query.since', '"unfinished', /kinds\.customer\.list\.query\.since/],
		['kinds.customer.id', '((', /kinds\.customer\.id/],
	])('with a wrong expression at %s is refused with its position', (path, value, says) => {
		expect(refusal(() => load(changed(path, value))).message).toMatch(says);
	});

	it('of a size that nobody writes is refused before it is checked, and no message is as long as what is wrong', () => {
		const began = Date.now();
		expect(refusal(() => chooseProfile({ profile: 'custom', profileJson: JSON.stringify(changed('name', 'x'.repeat(10_000_000))) })).message).toMatch(/has \d+ characters\. 500000 are the most/);
		expect(refusal(() => load(changed(`kinds.customer.${'k'.repeat(300_000)}`, 1))).message.length).toBeLessThan(3_000);
		expect(refusal(() => load(changed('kinds.customer.read.name', `'${'x'.repeat(300_000)}'`))).message.length).toBeLessThan(3_000);
		expect(Date.now() - began).toBeLessThan(4_000);
	});

	it.each([
		['kinds.customer.read.name', 'recrod.name', /read\.name: "recrod\.name" would never give anything: there is no "recrod" to see\. Did you mean "record"\?/],
		['kinds.customer.read.name', 'EUR', /there is no "EUR" to see.*in quotes of its own: "'EUR'"/],
		['kinds.customer.list.query.since', 'open', /list\.query\.since: "open" would never give anything/],
		['kinds.customer.get.path', '/customers/{ID}', /get\.path: "ID" would never give anything: there is no "ID" to see\. .*Did you mean "id"\?/],
	])('with a name at %s that nothing has is refused: %s', (path, value, says) => {
		expect(refusal(() => load(changed(path, value))).message).toMatch(says);
	});

	it.each(["'EUR'", 'true', '$uuid(key)', 'with.order.number', "record.name ? 'a' : 'b'", '[lines.{}]'])('takes %s', (expression) => {
		expect(load(changed('kinds.customer.read.name', expression)).name).toBe('Small ERP');
	});

	it.each([[null], [[]], ['text'], [7]])('that is %j is refused', (data) => {
		expect(refusal(() => load(data)).message).toMatch(/JSON object/);
	});
});

describe('the choice', () => {
	const own = { profile: 'custom', profileJson: JSON.stringify(SMALL) };

	it('takes the credential\'s own profile, as text or as an object, with its overrides', () => {
		expect(chooseProfile(own).name).toBe('Small ERP');
		expect(chooseProfile({ ...own, profileJson: SMALL }).name).toBe('Small ERP');
		const patched = chooseProfile({ ...own, profileOverrides: '{"name": "Other", "kinds": {"customer": {"read": {"phone": "record.tel"}}}}' });
		expect([patched.name, Object.keys(patched.kinds.customer!.read as object)]).toEqual(['Other', ['name', 'billing', 'phone']]);
		expect(fileOf(patched)).toBe('profile in the credential with the overrides of the credential');
	});

	it('takes what the node says over the credential', () => {
		const node = { profileFrom: 'json', profileJson: { ...SMALL, name: 'Of the node' } };
		expect(chooseProfile({ ...own, profileOverrides: '{"name": "Patched"}', node }).name).toBe('Of the node');
		expect(chooseProfile({ ...own, node: { profileFrom: 'credential', profileOverrides: { name: 'Patched by the node' } } }).name).toBe('Patched by the node');
		expect(chooseProfile({ ...own, node: { profileFrom: 'credential', profileOverrides: '' } }).name).toBe('Small ERP');
	});

	it('gives the same profile for the same choice', () => {
		expect(chooseProfile(own)).toBe(chooseProfile({ ...own }));
	});

	it.each([
		[{ profile: 'custom' }, /Profile JSON of the credential: there is none/],
		[{ profile: 'custom', profileJson: ' ' }, /Profile JSON of the credential is empty/],
		[{ profile: 'custom', profileJson: '{"a": 1,}' }, /Profile JSON of the credential is not JSON: .* in line 1, column 9\. /],
		[{ profile: 'custom', profileJson: '{\n\t"a": 1,\n\t"b" 2\n}' }, /is not JSON: .* in line 3, column 6\. /],
		[{ profile: 'custom', profileJson: '{"format": 1, "format": 2}' }, /Duplicate key 'format'/],
		[{ profile: 'custom', profileJson: '{"__proto__": {}}' }, /__proto__/],
		[{}, /No profile is chosen in the credential/],
		[{ profile: 'nosuch' }, /There is no shipped profile "nosuch"/],
		[{ profile: 'constructor' }, /There is no shipped profile "constructor"/],
		[{ ...own, profileOverrides: '[]' }, /Profile Overrides of the credential: a JSON object is expected/],
		[{ ...own, profileOverrides: '{' }, /Profile Overrides of the credential is not JSON/],
		[{ ...own, profileOverrides: '{"kinds": {"customer": {"lists": {}}}}' }, /overrides of the credential: "kinds\.customer\.lists".*"kinds\.customer\.list"/],
		[{ ...own, node: { profileFrom: 'json', profileJson: '' } }, /Profile JSON of the node is empty/],
		[{ ...own, node: { profileFrom: 'shipped', profile: 'erpnxt' } }, /There is no shipped profile "erpnxt"/],
	])('%j is refused in words', (credential, says) => {
		expect(refusal(() => chooseProfile(credential)).message).toMatch(says);
	});
});

it('a template falls apart into texts and expressions', () => {
	expect(splitTemplate("/A({$odata(id)})/x{n}")).toEqual([{ text: '/A(' }, { expression: '$odata(id)' }, { text: ')/x' }, { expression: 'n' }]);
	expect(splitTemplate('/plain')).toEqual([{ text: '/plain' }]);
});
