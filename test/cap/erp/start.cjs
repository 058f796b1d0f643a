// Owns starting the small ERP on a free port: prints its address, keeps a log of every call that can be asked for, has a
// clock that can be put ahead, so that tests need not wait, and gives its tables' rows and takes them back.
const path = require('node:path');
const { json } = require('node:stream/consumers');

let ahead = 0;
const RealDate = Date;

/** The machine's time, and so much more. What Node itself makes stays a date, too. */
globalThis.Date = class Date extends RealDate {
	constructor(...args) {
		super(...(args.length > 0 ? args : [RealDate.now() + ahead]));
	}

	static now() {
		return RealDate.now() + ahead;
	}

	static [Symbol.hasInstance](value) {
		return value instanceof RealDate;
	}
};

// CAP looks for its settings (.cdsrc.json) where it is started.
process.chdir(__dirname);
const cds = require('@sap/cds');

const calls = [];

const readable = (url) => {
	try {
		return decodeURIComponent(url);
	} catch {
		return url;
	}
};

/** Gives the calls since the last time it was asked, and forgets them. */
const tell = (_req, res) => res.json(calls.splice(0));

/** Puts the clock ahead by so many milliseconds in all. */
const setClock = (req, res) => {
	ahead = Number(req.query.ahead);
	res.json({ now: new Date().toISOString() });
};

/** All rows of all tables. */
async function tables() {
	const names = await cds.db.run("SELECT name FROM sqlite_master WHERE type = 'table'");
	return Object.fromEntries(await Promise.all(names.map(async ({ name }) => [name, await cds.db.run(`SELECT * FROM ${name}`)])));
}

/** Puts rows back as `tables` gave them. */
async function refill(content) {
	await cds.db.tx(async (tx) => {
		for (const [name, rows] of Object.entries(content)) {
			await tx.run(`DELETE FROM ${name}`);
			for (const row of rows) await tx.run(`INSERT INTO ${name} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row).map(() => '?').join(', ')})`, Object.values(row));
		}
	});
}

/** Notes a call: what it carried, and whether its answer went on by a next link. */
function note(req, res, next) {
	const { method, originalUrl, headers } = req;
	const call = { method, url: readable(originalUrl), headers: { ...headers, authorization: undefined } };
	res.setHeader('Date', new Date().toUTCString());
	let body;
	let asSent;
	// As it came: CAP puts ids and more into it.
	Object.defineProperty(req, 'body', {
		get: () => body,
		set: (value) => {
			body = value;
			if (Object.keys(value ?? {}).length > 0) asSent ??= typeof value === 'string' ? value : JSON.stringify(value);
		},
	});
	const chunks = [];
	for (const name of ['write', 'end']) {
		const own = res[name];
		res[name] = (...args) => {
			if (typeof args[0] === 'string' || Buffer.isBuffer(args[0])) chunks.push(Buffer.from(args[0]));
			return own.apply(res, args);
		};
	}
	res.on('finish', () => {
		const answer = Buffer.concat(chunks).toString();
		calls.push({ ...call, status: res.statusCode, body: asSent && JSON.parse(asSent), nextLink: answer.includes('"@odata.nextLink"'), answer });
	});
	next();
}

cds.on('bootstrap', (app) => {
	const { listen } = app;
	app.listen = (port) => listen.call(app, port, '127.0.0.1');
	app.get('/calls', tell);
	app.post('/clock', setClock);
	app.get('/tables', (_req, res, next) => tables().then((content) => res.json(content), next));
	app.post('/tables', (req, res, next) => json(req).then(refill).then(() => res.json({}), next));
	app.use(note);
});

async function main() {
	const server = await cds.server({ from: path.join(__dirname, 'service.cds'), service: 'all', port: 0, in_memory: true });
	if (!server.listening) await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
	process.stdout.write(`listening on ${server.address().port}\n`);
}

// Whoever started this has ended: so does this.
process.stdin.resume().on('end', () => process.exit(0));
main().catch((error) => {
	process.stderr.write(`${error?.stack ?? error}\n`);
	process.exit(1);
});
