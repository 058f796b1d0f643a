// Owns the cache folder outside the checkout: one folder per artifact, whole or absent.
// Must not know what an artifact is or how it is made.
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { holdLock } from './lock';

/** Receives one line of progress, meant for a person. */
export type Progress = (text: string) => void;

/** Something that is made once and kept. */
export interface Artifact {
	/** For a person and for the folder: `n8n-2.41.1`. */
	readonly name: string;
	/** Everything the content depends on. A changed recipe is another artifact beside the old one. */
	readonly recipe: string;
	/** Fills the (existing, empty) folder. Throws when it cannot: nothing is kept then. */
	build(folder: string, progress: Progress): Promise<void>;
}

const COMPLETE = 'complete.json';

/** Folder of the cache: `CRM_ERP_CACHE`, else `n8n-nodes-crm-erp` in the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
	if (env.CRM_ERP_CACHE) return path.resolve(env.CRM_ERP_CACHE);
	// The XDG specification has relative values ignored.
	const xdg = env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME) ? env.XDG_CACHE_HOME : undefined;
	return path.join(xdg ?? path.join(os.homedir(), '.cache'), 'n8n-nodes-crm-erp');
}

/** Folder an artifact has, or will have, in the cache. */
export function artifactFolder(artifact: Pick<Artifact, 'name' | 'recipe'>, root = cacheFolder()): string {
	const platform = `${process.platform}-${process.arch}`;
	const hash = createHash('sha256').update(artifact.recipe).digest('hex').slice(0, 8);
	return path.join(root, `${artifact.name}-${platform}-${hash}`);
}

/** Whether the artifact is there, whole. */
export function isCached(artifact: Pick<Artifact, 'name' | 'recipe'>, root = cacheFolder()): boolean {
	return fs.existsSync(path.join(artifactFolder(artifact, root), COMPLETE));
}

/**
 * Returns the artifact's folder and makes it first when it is not there.
 * Two processes may ask at once: one builds, the other waits and uses the same folder.
 */
export async function fromCache(artifact: Artifact, progress: Progress, root = cacheFolder()): Promise<string> {
	const folder = artifactFolder(artifact, root);
	if (isCached(artifact, root)) return folder;
	makeFolder(root);
	const lock = await holdLock(`${folder}.lock`, {
		waiting: (owner) => progress(`${artifact.name}: another process (${owner}) is making it, waiting`),
	});
	try {
		if (!isCached(artifact, root)) await makeWhole(artifact, folder, progress);
	} finally {
		lock.release();
	}
	return folder;
}

/** Builds beside the final place and renames: a half-made artifact is never found under the real name. */
async function makeWhole(artifact: Artifact, folder: string, progress: Progress): Promise<void> {
	removeAbandoned(folder);
	const partial = `${folder}.partial-${randomUUID().slice(0, 8)}`;
	fs.mkdirSync(partial);
	try {
		await artifact.build(partial, progress);
		const marker = { name: artifact.name, recipe: artifact.recipe, at: new Date().toISOString() };
		fs.writeFileSync(path.join(partial, COMPLETE), `${JSON.stringify(marker, null, '\t')}\n`);
		// A folder without marker cannot come from here (the rename is atomic); somebody emptied it by hand.
		fs.rmSync(folder, { recursive: true, force: true });
		fs.renameSync(partial, folder);
	} catch (error) {
		fs.rmSync(partial, { recursive: true, force: true });
		throw error;
	}
}

/** What earlier builders left when they were killed. Safe while the lock is held. */
function removeAbandoned(folder: string): void {
	const prefix = `${path.basename(folder)}.partial-`;
	for (const name of fs.readdirSync(path.dirname(folder))) {
		if (name.startsWith(prefix)) fs.rmSync(path.join(path.dirname(folder), name), { recursive: true, force: true });
	}
}

function makeFolder(root: string): void {
	try {
		fs.mkdirSync(root, { recursive: true });
		fs.accessSync(root, fs.constants.W_OK);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw new Error(`The cache folder ${root} cannot be written (${reason}). Set CRM_ERP_CACHE to a folder that can.`);
	}
}
