// Owns external keys: how a record of one system is named for ever in another. No network, no n8n.
import { Failure } from './failure';

/** Where a record lives: `{ installation: 'vtiger', module: 'Quotes', id: '4x38' }`. */
export interface KeyParts {
	/** Short name of the installation, chosen in the credential. */
	installation: string;
	/** The system's own word for the kind: a module, a model, an entity set. */
	module: string;
	id: string;
}

/** `vtiger:Quotes:4x38`. */
export function formatKey({ installation, module, id }: KeyParts): string {
	return `${installation}:${module}:${id}`;
}

/** The parts of a key, or undefined when the text is not one. The id may itself hold colons. */
export function parseKey(key: string): KeyParts | undefined {
	const match = /^([^:]+):([^:]+):(.+)$/s.exec(key);
	return match ? { installation: match[1]!, module: match[2]!, id: match[3]! } : undefined;
}

/** Checks the installation name of a credential: it becomes part of keys that last for ever. */
export function checkInstallation(name: string): string {
	const trimmed = name.trim();
	if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,30}$/.test(trimmed)) {
		throw new Failure('rejected', `The installation name "${name}" cannot be part of an external key`, {
			advice: 'Use 1 to 31 letters, digits and hyphens in the credential, e.g. "vtiger"; never change it later',
		});
	}
	return trimmed;
}

/** Module of all external ids that this pack writes into Odoo. */
export const ODOO_MODULE = 'crm_erp';

/**
 * The external id of a record in Odoo. Its name holds the target model, because Odoo 12 to 15 do not check
 * that a key belongs to the model (reference odoo.md, section 4): `crm_erp.vtiger__res_partner__11x8`.
 *
 * @param part a part of the record, e.g. a line's key or `ship`: appended as `_1`
 */
export function odooExternalId(key: string, model: string, part?: string): string {
	const parts = parseKey(key);
	if (!parts) throw new Failure('rejected', `"${key}" is not an external key`, { advice: 'Expected "installation:module:id"' });
	const tail = part === undefined ? parts.id : `${parts.id}_${part}`;
	return `${ODOO_MODULE}.${parts.installation}__${model.replace(/\./g, '_')}__${tail.replace(ODD, encodeURIComponent)}`;
}

/** Odoo refuses blanks in external ids; percent codes, unlike `_`, keep two different ids different. */
const ODD = /[\s%]/g;

/** Reverse of `odooExternalId` for whole records: whose it is and its id there. Undefined for other external ids. */
export function parseOdooExternalId(externalId: string, model: string): { installation: string; id: string } | undefined {
	const prefix = `${ODOO_MODULE}.`;
	const separator = `__${model.replace(/\./g, '_')}__`;
	if (!externalId.startsWith(prefix)) return undefined;
	// An installation name holds no underscore, so the first two end it.
	const at = externalId.indexOf('__');
	if (at < 0 || !externalId.startsWith(separator, at)) return undefined;
	return { installation: externalId.slice(prefix.length, at), id: decoded(externalId.slice(at + separator.length)) };
}

function decoded(id: string): string {
	try {
		return decodeURIComponent(id);
	} catch {
		return id; // not written by this pack
	}
}
