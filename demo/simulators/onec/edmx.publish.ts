// Owns what of the configuration's metadata is served: the published sets, with the references between them only (reference 2).
// Must not know: records, requests.

const BLOCK = /^(\t{3,4})<(?:(EntityType|ComplexType|Association|FunctionImport)\b[\s\S]*?^\1<\/\2>|(EntitySet)\b[\s\S]*?\/>)\r?\n/gm;
const NAVIGATION = /^\t{4}<NavigationProperty\b[\s\S]*?\/>\r?\n/gm;

/** The EDMX without everything that belongs or leads to the hidden sets. */
export function publish(edmx: string, hidden: readonly string[]): string {
	if (hidden.length === 0) return edmx;
	const belongs = (name: string): boolean => hidden.some((set) => (set === '*' ? name.includes('_') : name === set || name.startsWith(`${set}_`)));
	const gone = new Set<string>();
	const kept = edmx.replace(BLOCK, (block, _indent: string, element: string | undefined) => {
		const name = /Name="([^"]*)"/.exec(block)?.[1] ?? '';
		if (element === 'Association') {
			if (!association(block, belongs)) return block;
			gone.add(name);
			return '';
		}
		const bound = /<Parameter[^>]*?Type="StandardODATA\.([^"]*)"/.exec(block)?.[1] ?? '';
		return belongs(element === 'FunctionImport' ? bound : name) ? '' : block;
	});
	return kept.replace(NAVIGATION, (block) => (gone.has(/Relationship="StandardODATA\.([^"]*)"/.exec(block)?.[1] ?? '') ? '' : block));
}

const association = (block: string, belongs: (name: string) => boolean): boolean => [...block.matchAll(/Type="StandardODATA\.([^"]*)"/g)].some(([, type]) => belongs(type ?? ''));
