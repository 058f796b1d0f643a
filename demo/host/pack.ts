// Owns putting a node package into an n8n user folder, the way n8n's own "Install" button leaves it there.
// Must not know what the package does, nor run n8n.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { npm, onPath, runTool } from './npm';

/** `pack`: packed, unpacked and given its dependencies, as a user gets it. `link`: a symbolic link, for work on the pack. */
export type PackMode = 'pack' | 'link';

const Manifest = z
	.object({ name: z.string(), n8n: z.object({ nodes: z.array(z.string()).default([]), credentials: z.array(z.string()).default([]) }) })
	.passthrough();

/** Installs the package of `folder` into `<n8nFolder>/nodes/node_modules`; n8n reads it at its next start. Returns its name. */
export async function placePack(folder: string, n8nFolder: string, mode: PackMode): Promise<string> {
	const { name } = builtManifest(folder);
	const target = path.join(n8nFolder, 'nodes', 'node_modules', name);
	fs.rmSync(target, { recursive: true, force: true });
	fs.mkdirSync(path.dirname(target), { recursive: true });
	if (mode === 'link') fs.symlinkSync(path.resolve(folder), target, 'junction');
	else await unpack(folder, target);
	return name;
}

function builtManifest(folder: string): z.infer<typeof Manifest> {
	const manifest = Manifest.parse(JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')));
	const missing = [...manifest.n8n.nodes, ...manifest.n8n.credentials].find((file) => !fs.existsSync(path.join(folder, file)));
	if (missing) throw new Error(`${path.join(folder, missing)} is not there: build the pack first (npx gulp build).`);
	return manifest;
}

async function unpack(folder: string, target: string): Promise<void> {
	const tar = onPath('tar');
	if (!tar) throw new Error('The program tar is missing; it is needed to unpack the pack. Install tar.');
	const transit = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-erp-pack-'));
	const what = `packing ${path.basename(folder)}`;
	const quiet = (): void => undefined;
	try {
		await npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', transit], { cwd: folder, what, progress: quiet });
		const archive = fs.readdirSync(transit).find((file) => file.endsWith('.tgz'));
		if (!archive) throw new Error(`npm pack left no archive of ${folder}.`);
		fs.mkdirSync(target);
		await runTool(tar, ['-xzf', path.join(transit, archive), '-C', target, '--strip-components=1'], { cwd: folder, what, progress: quiet });
	} finally {
		fs.rmSync(transit, { recursive: true, force: true });
	}
	await installDependencies(target);
}

/** As n8n does: only `dependencies` count, no scripts, everything beside each other. */
async function installDependencies(target: string): Promise<void> {
	const file = path.join(target, 'package.json');
	const { devDependencies, peerDependencies, optionalDependencies, ...manifest } = Manifest.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
	fs.writeFileSync(file, JSON.stringify(manifest, null, 2));
	const args = ['install', '--prefix', target, '--omit=dev', '--omit=peer', '--ignore-scripts', '--install-strategy=shallow', '--no-bin-links', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
	await npm(args, { cwd: target, what: `dependencies of ${manifest.name}`, progress: () => undefined });
}
