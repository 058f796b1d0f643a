// Owns the rules laid over every document's own code (period ban, unique numbers), and the tax invoice, alike in all configurations.
// Must not know: any other document.
import { documentNumber, isEmpty, missing, refuseClosed, refuseTakenNumber } from './posting';
import type { Handlers } from './store.configuration';

/** The documents' handlers with the rules that БСП and the platform add to each of them. */
export function withDocumentRules(documents: Readonly<Record<string, Handlers>>, synonyms: Readonly<Record<string, string>>): Record<string, Handlers> {
	return Object.fromEntries(
		Object.entries(documents).map(([set, handlers]) => [
			set,
			{
				...handlers,
				beforeWrite: (writing) => {
					refuseClosed(writing, synonyms);
					refuseTakenNumber(writing);
					handlers.beforeWrite?.(writing);
				},
			} satisfies Handlers,
		]),
	);
}

/** Счет-фактура: registered for a shipment, records nothing that this base publishes. */
export const taxInvoices = (set: string, base: string, organization: Record<string, string>): Handlers => ({
	number: (store, row) => documentNumber(store, set, row, base),
	checkFilling: ({ row }) => missing(row, { header: organization }).concat(isEmpty(row['ДокументОснование']) ? ['Поле "Документ-основание" не заполнено'] : []),
});
