// Owns the environment an n8n of the demo runs in: loopback only, quiet, nothing sent anywhere.
// Must not know what is done with it.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { StoredConfig } from './answers';

export interface HostPlace {
	node: string;
	/** n8n's version, for what differs between the lines. */
	version: string;
	userFolder: string;
	encryptionKey: string;
	port: number;
	brokerPort: number;
}

// What a program needs of the machine; nothing of ours (tokens, npm's variables) gets into n8n.
const PASSED_ON = ['HOME', 'LANG', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'USERPROFILE', 'APPDATA'];

const SWITCHED_OFF = [
	'N8N_DIAGNOSTICS_ENABLED',
	'N8N_VERSION_NOTIFICATIONS_ENABLED',
	'N8N_TEMPLATES_ENABLED',
	'N8N_HIRING_BANNER_ENABLED',
	'N8N_PERSONALIZATION_ENABLED',
	'N8N_VERIFIED_PACKAGES_ENABLED',
	'N8N_SECURE_COOKIE',
	'N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS',
];

/** Environment of one n8n process. */
export function hostEnvironment(place: HostPlace): NodeJS.ProcessEnv {
	const passedOn = PASSED_ON.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]);
	return {
		...Object.fromEntries(passedOn),
		PATH: `${path.dirname(place.node)}${path.delimiter}${process.env.PATH ?? ''}`,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: place.userFolder,
		N8N_ENCRYPTION_KEY: place.encryptionKey,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(place.port),
		N8N_PROTOCOL: 'http',
		N8N_RUNNERS_ENABLED: 'true',
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(place.brokerPort),
		...Object.fromEntries(SWITCHED_OFF.map((name) => [name, 'false'])),
		// Both call out; 1.123 stops at a module name it does not know.
		N8N_DISABLED_MODULES: lineOf(place.version) >= 2 ? 'mcp-registry,insights' : 'insights',
		GENERIC_TIMEZONE: 'UTC',
		N8N_LOG_LEVEL: 'info',
		N8N_BLOCK_ENV_ACCESS_IN_NODE: 'true',
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		DB_SQLITE_POOL_SIZE: '4',
	};
}

/** 1 or 2. */
export function lineOf(version: string): number {
	return Number(version.split('.')[0]);
}

/** A port that nobody listens on now, on loopback. */
export async function freePort(): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = net.createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
		});
	});
}

/** The key a kept user folder was started with before: n8n refuses another one. */
export function storedEncryptionKey(userFolder: string): string | undefined {
	const file = path.join(userFolder, '.n8n', 'config');
	if (!fs.existsSync(file)) return undefined;
	return StoredConfig.parse(JSON.parse(fs.readFileSync(file, 'utf8'))).encryptionKey;
}
