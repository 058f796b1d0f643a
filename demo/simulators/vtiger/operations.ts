// Owns the table of operations: verb, whether a session is needed, what is broken in which version, and what runs.
// Must not know: HTTP, the envelope.
import { badId, Crash, denied, internal, type Json, Refusal, type Row } from './failure';
import type { SimRequest } from '../server';
import type { Installation } from './installation';
import { attach, retrieveFile } from './files';
import { changeDocument, createDocument, shownDocument } from './inventory';
import { convertLead } from './leads';
import { createLine, refuseLine, retrieveLine } from './lineitem';
import { describe, listTypes } from './metadata';
import { runQuery } from './query.evaluate';
import { changeRecord, createRacily, createRecord, deleteRecord, elementId, find, shown } from './records';
import { addRelated, queryRelated, relatedTypes, retrieveRelated } from './related';
import { INVENTORY } from './schema';
import type { Sessions, User } from './session';
import { sync } from './sync';

/** Parameters from the one place where the operation's verb looks for them. */
export interface Parameters {
	text: (name: string) => string;
	has: (name: string) => boolean;
	/** The decoded `element`; `undefined` when it is no JSON object. */
	element: () => Row | undefined;
	method: string;
	names: string[];
	request: SimRequest;
}

export interface Invocation {
	crm: Installation;
	sessions: Sessions;
	parameters: Parameters;
	sessionName: string;
	user: User;
}

interface Common {
	verb: 'GET' | 'POST';
	/** Answers 500 in this installation, whatever is asked. */
	broken?: (crm: Installation) => boolean;
}

type Answer = Promise<Json | undefined> | Json | undefined;

/** Works without a session. */
export interface OpenOperation extends Common {
	open: true;
	run: (call: Omit<Invocation, 'user'>) => Answer;
}

export interface SessionOperation extends Common {
	open?: false;
	run: (call: Invocation) => Answer;
}

export type Operation = OpenOperation | SessionOperation;

const in800 = (crm: Installation): boolean => crm.version === '8.0.0';

/** A save's element, or what the version says to one that is no JSON. */
function elementOf({ crm, parameters }: Invocation): Row {
	const element = parameters.element();
	if (element) return element;
	if (crm.version === '8.4.0') throw internal();
	return {};
}

async function create(call: Invocation): Promise<Json> {
	const { crm, user, parameters } = call;
	const name = parameters.text('elementType');
	if (!parameters.has('elementType') || !crm.store.module(name)) throw denied();
	const element = elementOf(call);
	if (name === 'LineItem') return createLine(crm, element);
	if (name === 'Users') throw crm.version === '8.4.0' ? badId() : denied(' for id');
	if (name === 'ProductTaxes') throw new Refusal('RECORD_NOT_FOUND', 'Record not found');
	if (INVENTORY.has(name)) return createDocument(crm, user, name, element);
	if (name === 'Calendar' && element['activitytype'] !== 'Task') return createTask(call, element);
	const row = await createRacily(crm, user, name, element);
	if (name === 'Documents' && parameters.has('filename'))
		attach(crm, row, parameters.text('filename:filename'), parameters.text('filename:type'), parameters.text('filename'));
	return shown(crm, user, row);
}

/** Without the type Task a task is stored as an event: it answers with a task's id, under which nobody finds it. */
function createTask({ crm, user }: Invocation, element: Row): Json {
	const row = createRecord(crm, user, 'Calendar', element);
	const answer = shown(crm, user, row);
	crm.store.drop(row.id);
	crm.store.put({ module: 'Events', id: `18x${row.number}`, fields: { ...row.fields } });
	return answer;
}

function change(how: 'update' | 'revise'): SessionOperation['run'] {
	return async (call) => {
		const element = elementOf(call);
		if (String(element['id']).startsWith('33x')) return refuseLine(call.crm, how);
		const row = find(call.crm, call.user, elementId(element, call.crm.version));
		if (INVENTORY.has(row.module)) return changeDocument(call.crm, call.user, element, how);
		return shown(call.crm, call.user, changeRecord(call.crm, call.user, element, how));
	};
}

function retrieve({ crm, user, parameters }: Invocation): Json {
	if (parameters.text('id').startsWith('33x')) return retrieveLine(crm, parameters.text('id'));
	const row = find(crm, user, parameters.text('id'));
	const shownRow = INVENTORY.has(row.module) ? shownDocument(crm, user, row) : shown(crm, user, row);
	// The number is given back as it was asked for: `11x08` stays `11x08`.
	const asked = parameters.text('id').split('x')[1];
	return { ...shownRow, id: `${row.id.split('x')[0]}x${asked}` };
}

function query({ crm, user, parameters }: Invocation): Json {
	const text = parameters.text('query');
	if (text === '') throw denied(' for query');
	return runQuery(crm, user, text);
}

function listtypes({ crm, user, parameters }: Invocation): Json {
	if (parameters.has('fieldTypeList[]')) throw new Crash('an array where a JSON text was meant');
	return listTypes(crm.store, user, parameters.text('fieldTypeList'));
}

function remove({ crm, user, parameters }: Invocation): Json {
	if (parameters.text('id').startsWith('33x')) return refuseLine(crm, 'delete');
	return deleteRecord(crm, user, parameters.text('id'));
}

function logout({ sessions, sessionName, parameters }: Invocation): Json {
	if (parameters.method !== 'POST') throw new Refusal('OPERATION_NOT_SUPPORTED', 'Permission to perform the operation is denied');
	return sessions.logout(sessionName);
}

function registerApplication({ parameters }: Invocation): Json {
	if (!['app', 'user'].includes(parameters.text('synctype'))) throw new Refusal('WSAPP05', 'Wrong sync type specified');
	return { key: Date.now().toString(16).padEnd(13, '0') };
}

const challenge: OpenOperation = { verb: 'GET', open: true, run: ({ sessions, parameters }) => sessions.challenge(parameters.text('username')) };
const login: OpenOperation = {
	verb: 'POST',
	open: true,
	run: ({ sessions, parameters }) => sessions.login(parameters.text('username'), parameters.text('accessKey')),
};
const extend: OpenOperation = {
	verb: 'POST',
	open: true,
	run: ({ sessions, parameters, sessionName }) => sessions.extend(sessionName, parameters.has('PHPSESSID')),
};

/** Every operation by its lower-case name. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
	['getchallenge', challenge],
	['login', login],
	['extendsession', extend],
	['logout', { verb: 'POST', broken: in800, run: logout }],
	['listtypes', { verb: 'GET', run: listtypes }],
	['describe', { verb: 'GET', run: ({ crm, user, parameters }) => describe(crm.store, user, parameters.text('elementType')) }],
	['retrieve', { verb: 'GET', run: retrieve }],
	['query', { verb: 'GET', run: query }],
	['create', { verb: 'POST', run: create }],
	['update', { verb: 'POST', run: change('update') }],
	['revise', { verb: 'POST', run: change('revise') }],
	['delete', { verb: 'POST', run: remove }],
	['convertlead', { verb: 'POST', broken: in800, run: (call) => convertLead(call.crm, call.user, elementOf(call)) }],
	['relatedtypes', { verb: 'GET', run: ({ crm, user, parameters }) => relatedTypes(crm, user, parameters.text('elementType')) }],
	[
		'retrieve_related',
		{ verb: 'GET', run: ({ crm, user, parameters: p }) => retrieveRelated(crm, user, p.text('id'), p.text('relatedType'), p.text('relatedLabel')) },
	],
	[
		'query_related',
		{ verb: 'GET', run: ({ crm, user, parameters: p }) => queryRelated(crm, user, p.text('id'), p.text('query'), p.text('relatedLabel')) },
	],
	[
		'add_related',
		{ verb: 'POST', run: ({ crm, user, parameters: p }) => addRelated(crm, user, p.text('sourceRecordId'), p.text('relatedRecordId')) },
	],
	['files_retrieve', { verb: 'GET', broken: in800, run: ({ crm, parameters }) => retrieveFile(crm, parameters.text('id')) }],
	[
		'sync',
		{
			verb: 'GET',
			broken: (crm) => !crm.syncTypeRegistered,
			run: ({ crm, user, parameters: p }) => sync(crm, user, p.text('modifiedTime'), p.text('elementType'), p.text('syncType')),
		},
	],
	['wsapp_register', { verb: 'POST', broken: in800, run: registerApplication }],
]);
