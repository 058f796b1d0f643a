// Builds the pack: compiles nodes and credentials, copies icons and codex files, keeps the lists in package.json
// and the templates in workflows/ in their normal form.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { src, dest, series, parallel } = require('gulp');
const ts = require('typescript');

const DIST = 'dist';

function clean(done) {
	fs.rmSync(DIST, { recursive: true, force: true });
	done();
}

function compile(done) {
	const config = ts.readConfigFile('tsconfig.json', ts.sys.readFile).config;
	const options = { ...config.compilerOptions, noEmit: false, outDir: DIST, rootDir: '.', types: ['node'] };
	const { fileNames, options: parsed } = ts.parseJsonConfigFileContent({ compilerOptions: options, include: ['nodes/**/*.ts', 'credentials/**/*.ts'] }, ts.sys, __dirname);
	const program = ts.createProgram(fileNames, parsed);
	const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
	if (diagnostics.length === 0) return done();
	const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => __dirname, getNewLine: () => '\n' };
	done(new Error(ts.formatDiagnostics(diagnostics, host)));
}

function assets() {
	return src('nodes/**/*.{svg,png,node.json}', { base: '.', encoding: false }).pipe(dest(DIST));
}

/** Files below a folder whose name ends so, sorted. */
function filesEnding(folder, ending) {
	return fs
		.readdirSync(folder, { recursive: true })
		.filter((name) => name.endsWith(ending))
		.map((name) => `${DIST}/${folder}/${name.split(path.sep).join('/').replace(/\.ts$/, '.js')}`)
		.sort();
}

/** The `n8n` section of package.json lists what is there. */
function registry(done) {
	const text = fs.readFileSync('package.json', 'utf8');
	const manifest = JSON.parse(text);
	manifest.n8n.credentials = filesEnding('credentials', '.credentials.ts');
	manifest.n8n.nodes = filesEnding('nodes', '.node.ts');
	const next = `${JSON.stringify(manifest, null, '\t')}\n`;
	if (next !== text) fs.writeFileSync('package.json', next);
	done();
}

/** The shape of a REST profile as JSON Schema, for whoever writes one. Reads what `compile` has made. */
function schema(done) {
	const { zodToJsonSchema } = require('zod-to-json-schema');
	const { profileSchema } = require(`./${DIST}/nodes/RestErp/rest.profile.schema.js`);
	const where = 'docs/rest-profile.schema.json';
	const next = `${JSON.stringify({ title: 'Profile of an API for the REST CRM/ERP nodes', ...zodToJsonSchema(profileSchema) }, null, '\t')}\n`;
	if (!fs.existsSync(where) || fs.readFileSync(where, 'utf8') !== next) fs.writeFileSync(where, next);
	done();
}

/** A stable id for a node of a template: the same name always gives the same id. */
function stableId(workflow, node) {
	const hex = createHash('sha1').update(`n8n-nodes-crm-erp/${workflow}/${node}`).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A template as it is kept: stable ids, no credentials, no pinned data, nothing of the instance it was edited in. */
function normalised(name, workflow) {
	const nodes = workflow.nodes.map(({ name: nodeName, type, typeVersion, position, parameters, ...rest }) => {
		const { onError, disabled, notes, notesInFlow, retryOnFail, maxTries, waitBetweenTries, webhookId, alwaysOutputData, executeOnce } = rest;
		const kept = { onError, disabled, notes, notesInFlow, retryOnFail, maxTries, waitBetweenTries, webhookId, alwaysOutputData, executeOnce };
		const present = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
		return { id: stableId(name, nodeName), name: nodeName, type, typeVersion, position, parameters, ...present };
	});
	return {
		id: stableId(name, '').replace(/-/g, '').slice(0, 16),
		name: workflow.name,
		nodes,
		connections: workflow.connections,
		settings: { executionOrder: 'v1' },
		pinData: {},
		active: false,
		meta: { templateCredsSetupCompleted: false },
	};
}

function templates(done) {
	for (const file of fs.readdirSync('workflows').filter((name) => name.endsWith('.json'))) {
		const where = path.join('workflows', file);
		const text = fs.readFileSync(where, 'utf8');
		const next = `${JSON.stringify(normalised(file.replace(/\.json$/, ''), JSON.parse(text)), null, '\t')}\n`;
		if (next !== text) fs.writeFileSync(where, next);
	}
	done();
}

exports.templates = templates;
exports.registry = registry;
exports.schema = series(compile, schema);
exports.build = series(clean, parallel(series(registry, compile, schema), assets, templates));
exports.default = exports.build;
