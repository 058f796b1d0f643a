// Owns calling virtual tables of registers: arguments in the path or the query, what of the options works on them (reference 5).
// Must not know: how balances and slices are computed.
import { badOption, badValue, noArgument } from './errors';
import type { EntitySet, FunctionImport } from './edmx.model';
import { resultType } from './edmx.parse';
import type { Service } from './http';
import type { Answer } from './odata.answer';
import { compileFilter } from './odata.compile';
import { parseExpression } from './odata.expression';
import type { Options } from './odata.options';
import { type Target, argumentValue, functionArguments } from './odata.path';
import { collection } from './odata.read';
import { type Row, isDate } from './values';

/** A function of a set that reads only. */
export function virtualFunction({ store }: Service, set: EntitySet, name: string): FunctionImport | undefined {
	return store.model.functions.find((f) => f.set === set.name && f.name === name && !f.sideEffect);
}

export function callVirtual(service: Service, set: EntitySet, { name, parameters, returns }: FunctionImport, inside: string, target: Target, options: Options): Answer {
	const { store, configuration, switches } = service;
	const given = functionArguments(inside);
	for (const key of given.keys()) if (!parameters.some((p) => p.name === key)) throw noArgument(key);
	for (const p of parameters) {
		const value = target.options.get(p.name);
		// A `+` spoils an argument as it spoils an option.
		if (value !== undefined && !target.plus.has(p.name)) given.set(p.name, argumentValue(value));
	}
	// Versions differ; the probed one refuses.
	if (options.skip !== undefined && switches.virtualSkip === 'refused') throw badOption('$skip');
	const rows = configuration.virtual(store, {
		set: set.name,
		name,
		condition: condition(service, set, given.get('Condition')),
		dimensions: given.get('Dimensions')?.split(',').map((d) => d.trim().replace(/_Key$/, '')).filter((d) => d !== ''),
		period: moment(given.get('Period')),
		startPeriod: moment(given.get('StartPeriod')),
		endPeriod: moment(given.get('EndPeriod')),
		arguments: Object.fromEntries(given),
	});
	const type = resultType(returns);
	const result = store.model.results.get(type) ?? store.definition(type) ?? set;
	// `$orderby` is taken and not looked at.
	const answer = collection(service, result, rows, { ...options, orderby: undefined });
	if (answer.kind !== 'collection') return answer;
	return { ...answer, kind: 'table', set: { ...result, key: [] }, returns: type, shown: answer.shown.map((s) => ({ ...s, set: { ...s.set, key: [] } })) };
}

/** `Condition` speaks of the register's records. */
function condition({ store }: Service, set: EntitySet, text: string | undefined): (record: Row) => boolean {
	if (text === undefined || text.trim() === '') return () => true;
	const records = store.definition(`${set.name}_RecordType`) ?? set;
	return compileFilter({ store, set: records, variables: {} }, parseExpression(text, 'Condition'));
}

function moment(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	if (!isDate(text)) throw badValue(text, 'Edm.DateTime');
	return text;
}
