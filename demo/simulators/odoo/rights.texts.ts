// Owns the wording of refusals: which groups each version names, in English and, for 19's Italian users, in Italian.
// Must not know: who may do what.
import type { Operation } from './rights';
import type { Version } from './versions';

const VERBS: Record<Operation, string> = { read: 'access', write: 'modify', create: 'create', unlink: 'delete' };
const ITALIAN: Record<Operation, [string, string]> = {
	read: ['Accesso ai record', 'non consentito'],
	write: ['Modifica dei record', 'non consentita'],
	create: ['Creazione dei record', 'non consentita'],
	unlink: ['Eliminazione dei record', 'non consentita'],
};

export function refusalText(version: Version, language: string, operation: Operation, model: string, label: string): string {
	const groups = groupsFor(version, model, operation)
		.map((g) => `\t- ${g}`)
		.join('\n');
	if (language === 'it_IT') {
		const [what, not] = ITALIAN[operation];
		return `${what} "${label}" (${model}) ${not}.\n\nL'operazione è consentita per i seguenti gruppi:\n${groups}\n\nSe necessario, contattare l'amministratore per richiedere l'accesso.`;
	}
	const head = `You are not allowed to ${VERBS[operation]} '${label}' (${model}) records.`;
	return `${head}\n\nThis operation is allowed for the following groups:\n${groups}\n\nContact your administrator to request access if necessary.`;
}

export function hiddenText(language: string, user: string, uid: number, operation: Operation, model: string, label: string): string {
	if (language === 'it_IT') {
		return `Aiaiai! Sembra che ti sia imbattuto in record super segreti.\n\nScusa, ${user} (id=${uid}) non ha  '${operation === 'read' ? 'legge' : operation} ' accesso a:\n- ${label} (${model})\n\nSe hai davvero bisogno dell'accesso, forse devi convincere il tuo caro amministratore con biscotti appena sfornati.`;
	}
	return `Uh-oh! Looks like you have stumbled upon some top-secret records.\n\nSorry, ${user} (id=${uid}) doesn't have '${operation}' access to:\n- ${label} (${model})\n\nIf you really, really need access, perhaps you can win over your friendly administrator with a batch of freshly baked cookies.`;
}

/** 14 names the records and the rule. */
export function restrictedText(record: string, id: number, user: string, uid: number, model: string, label: string): string {
	return `Due to security restrictions, you are not allowed to access '${label}' (${model}) records.\n\nRecords: ${record} (id=${id})\nUser: ${user} (id=${uid})\n\nThis restriction is due to the following rules:\n- Personal Invoices\n\nContact your administrator to request access if necessary.`;
}

const INVOICING: Record<Version, [string, string]> = {
	14: ['Invoicing/Billing', 'Invoicing/Billing Administrator'],
	17: ['Invoicing/Billing', 'Invoicing/Billing Administrator'],
	18: ['Invoicing/Invoicing', 'Invoicing/Administrator'],
	19: ['Accounting/Invoicing', 'Accounting/Administrator'],
};

function groupsFor(version: Version, model: string, operation: Operation): string[] {
	const [user, administrator] = INVOICING[version];
	const technical = (name: string) => (version >= 19 ? name : `Technical/${name}`);
	const portal = version >= 19 ? 'Role / Portal' : 'User types/Portal';
	const salesOwn = 'Sales/User: Own Documents Only';
	if (model === 'account.tax') return [administrator];
	if (model.startsWith('account.')) {
		const base = [user, administrator].sort();
		const sales = version === 14 ? ['Sales/Administrator', salesOwn] : [salesOwn];
		const tail = version >= 19 ? [portal, technical('Show Accounting Features - Readonly')] : [technical('Show Accounting Features - Readonly'), portal];
		return [...base, 'Purchase/User', ...sales, ...tail];
	}
	if (model.startsWith('sale.')) {
		const base = [user, 'Inventory/User'].sort();
		const full = technical('Show Full Accounting Features');
		if (operation !== 'read') return [...base, 'Sales/Administrator', salesOwn, full];
		const tail = version >= 19 ? [portal, technical('Show Accounting Features - Readonly'), full] : [technical('Show Accounting Features - Readonly'), full, portal];
		return [...base, 'Sales/Administrator', salesOwn, ...tail];
	}
	if (model === 'res.partner') {
		const sales = version === 14 ? ['Sales/Administrator', 'Sales/Administrator'] : ['Sales/Administrator'];
		return [version >= 19 ? 'Contact/Creation' : 'Extra Rights/Contact Creation', 'Inventory/Administrator', 'Purchase/Administrator', ...sales, salesOwn];
	}
	if (model.startsWith('product.') && operation !== 'read') return ['Inventory/Administrator', 'Purchase/Administrator', 'Sales/Administrator'];
	return [version >= 19 ? 'Access Rights' : 'Administration/Access Rights'];
}
