// Proves that the credential's window and the nodes offer the profiles that are shipped, and that each profile shows the
// fields that its log-in needs, no other, and names its settings.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { RestErpApi } from '../../../credentials/RestErpApi.credentials';
import { readCredential } from '../../../nodes/RestErp/rest.credential';
import { loadProfile, OWN } from '../../../nodes/RestErp/rest.profile';
import { SHIPPED as PROFILES } from '../../../nodes/RestErp/rest.profiles';
import type { Profile } from '../../../nodes/RestErp/rest.profile.schema';
import { SHIPPED } from '../../../nodes/RestErp/rest.properties.profile';

const { properties } = new RestErpApi();
const profiles = Object.entries(PROFILES).map(([name, data]) => [name, loadProfile(data, name)] as const);
const LOGIN = ['username', 'password', 'token', 'clientId', 'clientSecret', 'privateKey', 'keyId', 'tokenUrl'];

const shown = (profile: string): INodeProperties[] => properties.filter(({ displayOptions }) => displayOptions?.show?.profile?.includes(profile) ?? true);
const names = (list: readonly INodeProperties[]) => list.map(({ name }) => name);

/** What a log-in of this kind takes. */
function needed({ auth }: Profile): string[] {
	const mentioned = (part: unknown) => LOGIN.filter((name) => new RegExp(`\\b${name}\\b`).test(JSON.stringify(part).replace(/"\w+":/g, '')));
	switch (auth.type) {
		case 'none':
			return [];
		case 'basic':
			return ['username', 'password'];
		case 'bearer':
			return ['token'];
		case 'oauth2':
			return auth.client === 'jwt' ? ['clientId', 'privateKey', 'keyId'] : ['clientId', 'clientSecret'];
		case 'apiKey':
			return mentioned(auth.value);
		case 'login':
			return mentioned(auth.request);
	}
}

it('both offer every shipped profile', () => {
	const offered = (properties.find(({ name }) => name === 'profile')!.options as INodePropertyOptions[]).map(({ value }) => value);
	expect([...offered].sort()).toEqual([...Object.keys(PROFILES), OWN].sort());
	expect(SHIPPED.map(({ value }) => value).sort()).toEqual(Object.keys(PROFILES).sort());
});

it.each(profiles)('%s shows what its log-in needs', (name, profile) => {
	expect(names(shown(name)).filter((field) => LOGIN.includes(field)).sort()).toEqual(needed(profile).sort());
});

it.each(profiles)('%s has a field for each of its settings, called and filled as the profile says', (name, { settings = {} }) => {
	const told = shown(name).filter((property) => property.name.startsWith(`${name}_`)).map((property) => [property.name, property.displayName, property.default]);
	expect(told).toEqual(Object.entries(settings).map(([setting, { title, default: standard = '' }]) => [`${name}_${setting}`, title, standard]));
});

it('settings reach the profile from their fields, JSON over them', () => {
	const credential = { profile: 'sap-b1', url: 'https://b1.test/b1s/v2', username: 'u', password: 'p', 'sap-b1_company': ' SBODEMO ', 'sap-b1_timeZone': '', erpnext_company: 'not this one', erpnext_timeZone: 'Asia/Kolkata' };
	expect(readCredential(credential).settings).toEqual({ company: 'SBODEMO', timeZone: 'UTC', priceList: '1' });
	expect(readCredential({ ...credential, settings: { company: 'OTHER' } }).settings).toMatchObject({ company: 'OTHER' });
	expect(readCredential({ ...credential, token: 't', node: { profileFrom: 'shipped', profile: 'erpnext' } }).settings).toMatchObject({ company: 'not this one' });
	expect(() => readCredential({ profile: 'netsuite', clientId: 'c', privateKey: 'k', keyId: 'i', netsuite_account: '' })).toThrow('Credential field "Account ID" is empty. The profile needs it: enter it in the credential.');
});

it.each([...Object.keys(PROFILES), OWN])('%s shows every field once', (name) => {
	const fields = names(shown(name));
	expect(fields.filter((field, i) => fields.indexOf(field) !== i)).toEqual([]);
	expect(fields).toContain('url');
	if (name === OWN) expect(fields).toEqual([...new Set(names(properties).filter((field) => !field.includes('_')))]);
	if (name !== OWN) expect(fields).not.toContain('settings');
});
