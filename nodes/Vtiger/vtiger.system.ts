// Owns what the registry knows of vtiger: reading the credential, making a connector from it.
import { z } from 'zod';
import { Failure } from '../core/failure';
import { checkInstallation } from '../core/keys';
import type { Connector, Deps, Endpoint, System } from '../core/port';
import { capabilities, VtigerConnector } from './vtiger.connector';
import { Gateway } from './vtiger.gateway';
import { Metadata } from './vtiger.metadata';
import { Session } from './vtiger.session';
import { Site } from './vtiger.site';
import { ServerTime } from './vtiger.time';

const credentialSchema = z.object({
	url: z.string().catch(''),
	username: z.string().catch(''),
	accessKey: z.string().catch(''),
	installation: z.string().catch('vtiger'),
	timeZone: z.string().catch('UTC'),
	allowSelfSigned: z.boolean().catch(false),
	ca: z.string().catch(''),
	requestsPerMinute: z.coerce.number().catch(0),
});

type Credential = z.output<typeof credentialSchema>;

/** vtiger serves the calls of one session one after another, so more at once would only wait there. */
const MOST_AT_ONCE = 4;
/** Below Apache's KeepAliveTimeout of 5 s. */
const IDLE_MS = 4_000;

export const vtiger: System = {
	capabilities,

	endpoint(credential: Record<string, unknown>): Endpoint {
		const { url, allowSelfSigned, ca, requestsPerMinute } = credentialSchema.parse(credential);
		return { baseUrl: baseUrl(url), allowSelfSigned, ca: ca.trim() || undefined, requestsPerMinute: Math.max(0, requestsPerMinute), maxConcurrent: MOST_AT_ONCE, idleMs: IDLE_MS };
	},

	connect(credential: Record<string, unknown>, deps: Deps): Connector {
		const settings = credentialSchema.parse(credential);
		const address = baseUrl(settings.url);
		const { username, accessKey } = required(settings);
		const session = new Session({ baseUrl: address, username, accessKey }, deps);
		const gateway = new Gateway(session, deps.clock);
		const site = new Site(checkInstallation(settings.installation || 'vtiger'), address, gateway, new Metadata(gateway, deps.clock), new ServerTime(settings.timeZone.trim() || 'UTC'), deps.clock);
		return new VtigerConnector(site);
	},
};

/** The address without `webservice.php`, `index.php`, parameters and trailing slashes. */
function baseUrl(entered: string): string {
	let url: URL;
	try {
		url = new URL(entered.trim());
	} catch {
		throw new Failure('rejected', `"${entered}" is not a web address`, { advice: 'Enter the URL at which you open vtiger, e.g. https://crm.example.com' });
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Failure('rejected', `"${entered}" does not begin with https:// or http://`, { advice: 'Enter the URL at which you open vtiger' });
	// A user name in the address would end up in links.
	return `${url.protocol}//${url.host}${url.pathname.replace(/\/(webservice|index)\.php\/?$/i, '').replace(/\/+$/, '')}`;
}

function required({ username, accessKey }: Credential): { username: string; accessKey: string } {
	if (!username.trim()) throw new Failure('rejected', 'The credential has no user name', { advice: 'Enter the user name with which this user logs in to vtiger' });
	if (!accessKey.trim()) throw new Failure('rejected', 'The credential has no access key', { advice: 'Copy it from "My Preferences" of the user in vtiger' });
	return { username: username.trim(), accessKey: accessKey.trim() };
}
