// Owns the way from a fresh clone to the running demonstration: set-up first, then `demo/main.ts`.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
await setUp({ log: (text) => console.log(text) });
const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'demo', 'main.ts'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
// The terminal sends Ctrl-C to both; the child ends what it started, then this follows it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
