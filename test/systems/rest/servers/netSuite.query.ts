// Owns the part of SuiteQL that the small NetSuite understands: one table, conditions joined by AND, links between
// transactions, and the orders that lines were created from. Everything else is refused.
import type { Row } from './exchange';

/** A row of NextTransactionLineLink. */
export interface Link {
	previous: string;
	next: string;
	type: string;
}

interface Data {
	items: readonly Row[];
	records: Readonly<Record<string, Row[]>>;
	links: readonly Link[];
}

const TYPES: Record<string, string> = { SalesOrd: 'salesOrder', CustInvc: 'invoice', CustCred: 'creditMemo', CustPymt: 'customerPayment' };
const TIME = `TO_TIMESTAMP\\('([\\d: -]{19})', 'YYYY-MM-DD HH24:MI:SS'\\)`;
const CHANGED = new RegExp(`SYS_EXTRACT_UTC\\(lastmodifieddate\\) >= ${TIME}`);
const LINKED = new RegExp(`^\\(${CHANGED.source} OR id IN \\(SELECT link\\.previousdoc FROM NextTransactionLineLink link JOIN transaction further ON further\\.id = link\\.nextdoc WHERE (?:link\\.linktype = '(\\w+)'|further\\.type IN \\(([^)]*)\\)) AND SYS_EXTRACT_UTC\\(further\\.lastmodifieddate\\) >= ${TIME}\\)\\)$`);
const CREATED_FROM = /^SELECT DISTINCT so\.id, so\.tranid, so\.externalid FROM transaction so JOIN transactionline line ON line\.createdfrom = so\.id WHERE so\.type = 'SalesOrd' AND line\.transaction = (\d+) ORDER BY so\.id$/;

/** The rows of a query, by ascending id; undefined where it is not understood. */
export function rowsFor(query: string, data: Data): Row[] | undefined {
	const [, from] = CREATED_FROM.exec(query) ?? [];
	if (from) return createdFrom(data, from);
	const [, columns = '', table = '', where = ''] = /^SELECT (.+?) FROM (customer|transaction|item) WHERE (.+?)(?: ORDER BY id)?$/s.exec(query) ?? [];
	if (!columns) return undefined;
	const rows = table === 'item' ? [...data.items] : table === 'customer' ? data.records.customer!.map(asColumns) : transactions(data);
	const tests = conditions(where).map((condition) => test(condition, data));
	if (tests.includes(undefined)) return undefined;
	const named = columns.replace(/TO_CHAR\(SYS_EXTRACT_UTC\(lastmodifieddate\), 'YYYY-MM-DD HH24:MI:SS'\) AS /, '').split(', ');
	return rows.filter((row) => tests.every((fits) => fits!(row))).sort((a, b) => Number(a.id) - Number(b.id)).map((row) => ({ links: [], ...Object.fromEntries(named.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]))) }));
}

function createdFrom({ records }: Data, transaction: string): Row[] {
	const documents = [...records.invoice!, ...records.creditMemo!];
	const id = (documents.find((one) => one.id === transaction)?.createdFrom as Row | undefined)?.id;
	return records.salesOrder!.filter((order) => order.id === id).map((order) => ({ id: order.id, tranid: order.tranId, externalid: order.externalId }));
}

function transactions({ records }: Data): Row[] {
	return Object.entries(TYPES).flatMap(([type, record]) => records[record]!.map((row) => ({ ...asColumns(row), type, status: String((row.status as Row | undefined)?.id ?? (row.orderStatus as Row | undefined)?.id ?? ''), foreignamountunpaid: row.unapplied ?? row.amountRemaining })));
}

/** Fields of the record service under the names that SuiteQL gives them: lower case, without what is null. */
function asColumns(row: Row): Row {
	const plain = Object.entries(row).filter(([, value]) => value !== null && typeof value !== 'object').map(([name, value]) => [name.toLowerCase(), value]);
	return { ...Object.fromEntries(plain), isinactive: row.isInactive === true ? 'T' : 'F', modified_utc: String(row.lastModifiedDate ?? '').slice(0, 19).replace('T', ' ') };
}

/** At AND, outside of parentheses and quotes. */
function conditions(where: string): string[] {
	const parts: string[] = [];
	let [depth, quoted, start] = [0, false, 0];
	for (let i = 0; i < where.length; i++) {
		if (where[i] === "'") quoted = !quoted;
		else if (!quoted && where[i] === '(') depth++;
		else if (!quoted && where[i] === ')') depth--;
		else if (!quoted && depth === 0 && where.startsWith(' AND ', i)) {
			parts.push(where.slice(start, i));
			start = i + 5;
		}
	}
	return [...parts, where.slice(start)];
}

function test(condition: string, data: Data): ((row: Row) => boolean) | undefined {
	if (condition === '1 = 1') return () => true;
	const [, after] = /^id > (\d+)$/.exec(condition) ?? [];
	if (after) return ({ id }) => Number(id) > Number(after);
	const linked = LINKED.exec(condition);
	if (linked) {
		const [, since = '', link, types, further = ''] = linked;
		const changed = new Set(transactions(data).filter((row) => String(row.modified_utc) >= further && (types === undefined || types.includes(`'${String(row.type)}'`))).map(({ id }) => id));
		const previous = new Set(data.links.filter(({ next, type }) => changed.has(next) && (link === undefined || type === link)).map((one) => one.previous));
		return (row) => String(row.modified_utc) >= since || previous.has(String(row.id));
	}
	const [, since] = CHANGED.exec(condition) ?? [];
	if (since) return (row) => String(row.modified_utc) >= since;
	const [, column = '', wanted = ''] = /^(\w+) (?:=|IN) (\(?'.*'\)?|\d+)$/s.exec(condition) ?? [];
	const values = /^\d+$/.test(wanted) ? [wanted] : [...wanted.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text!.replace(/''/g, "'"));
	return column ? (row) => values.includes(String(row[column] ?? '')) : undefined;
}
