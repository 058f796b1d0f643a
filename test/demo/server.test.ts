// Proves that the simulators' HTTP server outlives clients that break off.
import net from 'node:net';
import { SimulatorServer } from '../../demo/simulators/server';

test('a client that leaves in the middle of its request stops nothing and counts as no call', async () => {
	const server = await new SimulatorServer({ operation: () => 'any', handle: () => ({ status: 200, body: 'served' }) }).start();
	await new Promise<void>((resolve) => {
		const client = net.connect(Number(new URL(server.url).port), '127.0.0.1', () => {
			client.write('POST / HTTP/1.1\r\nHost: simulator\r\nContent-Length: 5\r\n\r\nab', () => setTimeout(() => client.destroy(), 20));
		});
		client.on('close', () => setTimeout(resolve, 50));
	});
	expect(server.calls).toEqual([]);
	expect(await (await fetch(server.url)).text()).toBe('served');
	await server.stop();
});
