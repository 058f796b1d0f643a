// Owns calls to the CAP server that are done when they return: the demo's accountant does not wait, and the server is
// another process. A thread of its own makes the call while this one sleeps.
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { PlainCall } from './server';

const PATIENCE_MS = 30_000;

interface Told {
	status: number;
	text: string;
	/** No answer came. */
	error?: string;
}

export class Hand {
	private readonly worker = new Worker(path.join(__dirname, 'hand.thread.cjs'));

	constructor() {
		// Nobody's test waits for it.
		this.worker.unref();
	}

	/** Makes the call; throws what is refused. */
	call(call: PlainCall): unknown {
		const flag = new Int32Array(new SharedArrayBuffer(4));
		const { port1, port2 } = new MessageChannel();
		this.worker.postMessage({ call, flag, port: port2 }, [port2]);
		const what = `${call.init.method} ${call.url}`;
		if (Atomics.wait(flag, 0, 0, PATIENCE_MS) === 'timed-out') throw new Error(`${what}: no answer within ${PATIENCE_MS / 1000} s`);
		const { status, text, error } = receiveMessageOnPort(port1)!.message as Told;
		port1.close();
		if (error !== undefined || status >= 400) throw new Error(`${what}: ${error ?? `HTTP ${status} ${text}`}`);
		return text === '' ? undefined : JSON.parse(text);
	}

	async stop(): Promise<void> {
		await this.worker.terminate();
	}
}
