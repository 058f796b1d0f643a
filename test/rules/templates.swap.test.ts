// Proves that a template for another ERP is the Odoo one with the ERP's nodes swapped and its name replaced: nothing else.
import { filesIn, read } from './sources';

interface Node {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
}

interface Template {
	id: string;
	name: string;
	nodes: Array<Node & { id: string }>;
	connections: object;
}

/** The templates that exist for every ERP. */
const TEMPLATES = ['quote-to-order', 'invoices-back', 'invoices-reconcile'];

/**
 * Another ERP: the ending of its templates' names, its nodes, and its name. In notes, where nobody calls it so: what stands
 * over its nodes, what it is in a sentence, and what people look for to find its nodes and credentials.
 */
const ERPS: Array<{ suffix: string; node: string; trigger: string; name: string; notes?: { heading: string; sentence: string; nodes: string } }> = [
	{ suffix: '-1c', node: 'oneC', trigger: 'oneCTrigger', name: '1C' },
	{ suffix: '-rest', node: 'restErp', trigger: 'restErpTrigger', name: 'REST ERP', notes: { heading: 'ERP', sentence: 'the ERP', nodes: 'REST CRM/ERP' } },
];

const PACK = 'n8n-nodes-crm-erp';

const load = (file: string) => JSON.parse(read(`workflows/${file}.json`)) as Template;

/** The Odoo template as it must look for the ERP; the ids follow from the file's name and are left out. */
function swapped(template: Template, erp: (typeof ERPS)[number]): object {
	const types: Record<string, string> = { [`${PACK}.odooErp`]: `${PACK}.${erp.node}`, [`${PACK}.odooErpTrigger`]: `${PACK}.${erp.trigger}` };
	const renamed = (text: string) => text.replaceAll('Odoo', erp.name);
	const { heading, sentence, nodes: found } = erp.notes ?? { heading: erp.name, sentence: erp.name, nodes: erp.name };
	const noted = (text: string) => text.replace(/Odoo(?= (?:credential|node))/g, found).replace('### Odoo', `### ${heading}`).replaceAll('Odoo', sentence);
	const nodes = template.nodes.map((node) => {
		const note = node.type.endsWith('.stickyNote');
		return { ...node, type: types[node.type] ?? node.type, parameters: note ? { ...node.parameters, content: noted(String(node.parameters.content)) } : node.parameters };
	});
	return withoutIds({ ...template, name: renamed(template.name), nodes });
}

function withoutIds({ id: _, nodes, ...rest }: Template): object {
	return { ...rest, nodes: nodes.map(({ id: _own, ...node }) => node) };
}

describe.each(ERPS)('$name', (erp) => {
	it.each(TEMPLATES)('%s differs from the Odoo one in the ERP only', (name) => {
		const odoo = load(name);
		const other = load(`${name}${erp.suffix}`);
		expect(other.nodes.map(({ name: node }) => node)).toEqual(odoo.nodes.map(({ name: node }) => node));
		expect(other.connections).toEqual(odoo.connections);
		expect(withoutIds(other)).toEqual(swapped(odoo, erp));
		// Otherwise n8n takes the one for the other when both are imported.
		expect(other.id).not.toBe(odoo.id);
	});

	it('is in every template that has an ERP in it', () => {
		const used = TEMPLATES.flatMap((name) => load(`${name}${erp.suffix}`).nodes.map(({ type }) => type));
		for (const type of [erp.node, erp.trigger]) expect(used).toContain(`${PACK}.${type}`);
		expect(used.filter((type) => type.includes('odoo'))).toEqual([]);
	});
});

it('the table knows every template', () => {
	const expected = TEMPLATES.flatMap((name) => [name, ...ERPS.map(({ suffix }) => `${name}${suffix}`)]);
	expect(filesIn('workflows', '.json').map((file) => file.replace(/^workflows\/|\.json$/g, '')).sort()).toEqual(expected.sort());
});
