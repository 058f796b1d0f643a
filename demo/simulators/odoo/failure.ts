// Owns the errors a call can end with: their class names and texts as each version words them.
// Must not know: how an error is wrapped for /jsonrpc or /json/2.
import type { Json } from './json';
import type { Version } from './versions';

/** An error of the server's Python code. `name` is the dotted class a client keys on. */
export class OdooError extends Error {
	constructor(
		readonly errorName: string,
		message: string,
		readonly args: Json[] = [message],
		/** HTTP status on /json/2 when it is not the one of the class. */
		readonly status?: number,
	) {
		super(message);
	}
}

export const userError = (message: string) => new OdooError('odoo.exceptions.UserError', message);
export const validationError = (message: string) => new OdooError('odoo.exceptions.ValidationError', message);
export const accessError = (message: string) => new OdooError('odoo.exceptions.AccessError', message);
export const accessDenied = () => new OdooError('odoo.exceptions.AccessDenied', 'Access Denied');
export const valueError = (message: string) => new OdooError('builtins.ValueError', message);
export const keyError = (key: string) => new OdooError('builtins.KeyError', key);
export const typeError = (message: string) => new OdooError('builtins.TypeError', message);
export const assertionError = (message: string) => new OdooError('builtins.AssertionError', message);
export const attributeError = (message: string) => new OdooError('builtins.AttributeError', message);

export function missingRecord(model: string, ids: number[], uid: number): OdooError {
	const tuple = ids.length === 1 ? `${ids[0]},` : ids.join(', ');
	return new OdooError('odoo.exceptions.MissingError', `Record does not exist or has been deleted.\n(Record: ${model}(${tuple}), User: ${uid})`);
}

/** Unknown field in create, write, read or order. 19 words each case differently. */
export function unknownField(version: Version, model: string, field: string, where: 'create' | 'write' | 'read' | 'order'): OdooError {
	if (version < 19 || where === 'order') return valueError(`Invalid field '${field}' on model '${model}'`);
	if (where === 'write') return keyError(field);
	return valueError(`Invalid field '${field}' ${where === 'create' ? 'in' : 'on'} '${model}'`);
}

export function privateMethod(version: Version, model: string, method: string): OdooError {
	const name = version >= 18 ? `'${model}.${method}'` : method;
	return accessError(`Private methods (such as ${name}) cannot be called remotely.`);
}

export function unknownMethod(version: Version, model: string, method: string): OdooError {
	if (version >= 18) return attributeError(`The method '${model}.${method}' does not exist`);
	if (version >= 15) return attributeError(`The method '${method}' does not exist on the model '${model}'`);
	return attributeError(`type object '${model}' has no attribute '${method}'`);
}

/** A constraint of the database: 14 shows the constraint's name, later versions its sentence. */
export function constraint(version: Version, name: string, sentence: string): OdooError {
	return validationError(version < 15 ? name : `The operation cannot be completed: ${sentence}`);
}

/** What PostgreSQL says when two transactions touch the same row; untranslated, so a client may match on it. */
export const SERIALIZATION_TEXT = 'could not serialize access due to concurrent update';
