// Loaded into n8n ahead of n8n (`node --require`): ends it when the process that started it is gone.
// Covers what the starter cannot: its own SIGKILL. Knows nothing of n8n.
'use strict';
const fs = require('node:fs');

const parent = process.ppid;
const folder = process.env.CRM_ERP_LEASH_REMOVES;
delete process.env.CRM_ERP_LEASH_REMOVES;

function isOrphan() {
	if (process.ppid !== parent) return true;
	try {
		process.kill(parent, 0);
		return false;
	} catch (error) {
		return error.code === 'ESRCH';
	}
}

setInterval(() => {
	if (!isOrphan()) return;
	try {
		if (folder) fs.rmSync(folder, { recursive: true, force: true });
	} finally {
		// The whole group: n8n's task runner is a child of its own.
		process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
	}
}, 1000).unref();
