// Owns the rules laid over every document's own code: the period ban and unique numbers.
// Must not know: any document.
import { refuseClosed, refuseTakenNumber } from './posting';
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
