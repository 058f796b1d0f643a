// Owns pictures of n8n's editor: signs in with a headless Chromium and photographs workflows and node panels.
// Must not know our nodes. Command line, against a host that runs:
//   node --import tsx demo/host/browser.ts <url> <email> <password> <workflow id> <folder> [node name...]
import fs from 'node:fs';
import path from 'node:path';
import { type Browser, type Page, chromium } from 'playwright-core';
import { onPath } from './npm';
import { until } from './until';

export interface EditorAccess {
	/** Address of n8n. */
	url: string;
	owner: { email: string; password: string };
}

const SIZE = { width: 1500, height: 900 };
const SIGN_IN = {
	email: 'input[name=emailOrLdapLoginId], input[name=email], input[type=email]',
	password: 'input[type=password]',
	submit: '[data-test-id=form-submit-button], button[type=submit]',
};

/** n8n's editor in a headless browser, signed in. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		private readonly page: Page,
		private readonly url: string,
	) {}

	/** Opens the editor of a running n8n; nothing but that n8n's machine is reached. */
	static async open(access: EditorAccess): Promise<Editor> {
		const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
		try {
			const context = await browser.newContext({ viewport: SIZE, locale: 'en-US' });
			await context.route((url) => !isLoopback(url), async (route) => await route.abort());
			const editor = new Editor(browser, await context.newPage(), access.url);
			await editor.signIn(access.owner);
			return editor;
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	/** Opens a workflow and fits it into the window. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.waitForSelector('[data-test-id=canvas-node]', { timeout: 60_000 });
		await this.fit();
	}

	/** Opens a finished execution of a workflow, items on the wires. */
	async openExecution(workflowId: string, executionId: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflowId}/executions/${executionId}`);
		// 1.x draws the execution in a frame, 2.x in the page.
		const drawn = async (): Promise<boolean> => {
			const counts = await Promise.all(this.page.frames().map(async (frame) => await frame.locator('[data-test-id=canvas-node]').count()));
			return counts.some((count) => count > 0);
		};
		await until(drawn, { timeout: 60_000, what: `the picture of execution ${executionId}` });
		await this.settle();
	}

	/** Opens the panel of a node on the canvas. */
	async openNode(name: string): Promise<void> {
		await this.page.dblclick(`[data-node-name="${name.replace(/["\\]/g, '\\$&')}"]`);
		await this.page.waitForSelector('[data-test-id=ndv], [data-test-id=parameter-input]', { timeout: 30_000 });
		await this.settle();
	}

	/** Closes the panel of a node. */
	async closeNode(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.settle();
	}

	/** Opens any page of this n8n: `/home/credentials`. */
	async goto(address: string): Promise<void> {
		await this.page.goto(this.url + address);
		await this.settle();
	}

	/** Photographs the window into a PNG; returns the file. */
	async screenshot(file: string): Promise<string> {
		fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
		await this.page.screenshot({ path: file });
		return file;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	private async signIn(owner: EditorAccess['owner']): Promise<void> {
		await this.page.goto(`${this.url}/signin`);
		await this.page.fill(SIGN_IN.email, owner.email);
		await this.page.fill(SIGN_IN.password, owner.password);
		await this.page.click(SIGN_IN.submit);
		await this.page.waitForURL((url) => !url.pathname.includes('signin'), { timeout: 30_000 });
	}

	private async fit(): Promise<void> {
		await this.page.keyboard.press('1');
		await this.settle();
	}

	/** The editor animates and loads lists after it drew; a quiet second is what "ready" looks like from outside. */
	private async settle(): Promise<void> {
		await this.page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => undefined); // its push channel may stay open
		await this.page.waitForTimeout(1_000);
	}
}

/** Photographs a workflow and the panels of the named nodes; returns the files, named after workflow and node. */
export async function photograph(access: EditorAccess, workflowId: string, folder: string, name: string, nodes: readonly string[] = []): Promise<string[]> {
	const editor = await Editor.open(access);
	try {
		await editor.openWorkflow(workflowId);
		const files = [await editor.screenshot(path.join(folder, `${name}.png`))];
		for (const node of nodes) {
			await editor.openNode(node);
			files.push(await editor.screenshot(path.join(folder, `${name}-${fileName(node)}.png`)));
			await editor.closeNode();
		}
		return files;
	} finally {
		await editor.close();
	}
}

/** Debian's Chromium, or another one; throws how to get it. */
export function findChromium(): string {
	const named = process.env.CHROMIUM;
	const found = named ?? ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'].map(onPath).find(Boolean);
	if (!found || !fs.existsSync(found)) {
		throw new Error('Screenshots need Chromium, which is not installed: apt-get install chromium (or set CHROMIUM to the path of one).');
	}
	return found;
}

function isLoopback(url: URL): boolean {
	return ['127.0.0.1', 'localhost'].includes(url.hostname) || ['data:', 'blob:', 'about:'].includes(url.protocol);
}

function fileName(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

async function main(): Promise<void> {
	const [url, email, password, workflowId, folder, ...nodes] = process.argv.slice(2);
	if (!url || !email || !password || !workflowId || !folder) throw new Error('usage: browser.ts <url> <email> <password> <workflow id> <folder> [node name...]');
	await until(async () => (await fetch(`${url}/healthz/readiness`)).ok, { what: `n8n at ${url}` });
	const files = await photograph({ url, owner: { email, password } }, workflowId, folder, 'workflow', nodes);
	console.log(files.join('\n'));
}

if (require.main === module) {
	main().catch((error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	});
}
