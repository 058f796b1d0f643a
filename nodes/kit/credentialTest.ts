// Owns the credential test of all systems: asks the port to log in and tells in words what is wrong.
import type { ICredentialsDecrypted, ICredentialTestFunctions, INodeCredentialTestResult } from 'n8n-workflow';
import { asFailure } from '../core/failure';
import type { System } from '../core/port';
import { newConnector } from './connectors';

/** The function behind "Test" in the credential's window. Never uses a cached session. */
export function credentialTest(system: System) {
	return async function (this: ICredentialTestFunctions, credential: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
		try {
			const { version, user, notes } = await newConnector(system, { ...credential.data }).check();
			const told = [`Connected to ${version} as ${user}`, ...notes];
			return { status: 'OK', message: told.map((text) => (/[.!?]$/.test(text) ? text : `${text}.`)).join(' ') };
		} catch (error) {
			return { status: 'Error', message: asFailure(error).message };
		}
	};
}
