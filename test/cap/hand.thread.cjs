// Owns the thread that makes calls for another one, which sleeps until the answer is there.
const { parentPort } = require('node:worker_threads');

const made = async ({ url, init }) => {
	try {
		const response = await fetch(url, init);
		return { status: response.status, text: await response.text() };
	} catch (error) {
		return { status: 0, text: '', error: `${error.message} ${error.cause?.message ?? ''}` };
	}
};

parentPort.on('message', async ({ call, flag, port }) => {
	port.postMessage(await made(call));
	Atomics.store(flag, 0, 1);
	Atomics.notify(flag, 0);
});
