// Owns reading an Atom entry that a client sends: its `d:` properties as they would stand in JSON.
// Must not know: sets and types; values stay text, as far as they are no table parts.
import { badFormat } from './errors';

interface Node {
	name: string;
	text: string;
	children: Node[];
}

const TOKEN = /<(\/?)([\w:.\p{L}]+)((?:\s+[\w:.\p{L}]+="[^"]*")*)\s*(\/?)>|([^<]+)/gu;

const plain = (text: string): string =>
	text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&apos;', "'").replaceAll('&amp;', '&');

/** Properties of `<m:properties>`; booleans and numbers are recognised by their look. */
export function atomFields(xml: string): Record<string, unknown> {
	const properties = find(tree(xml.replace(/^\ufeff/, '').replace(/<\?[\s\S]*?\?>/g, '')), 'm:properties');
	if (!properties) throw badFormat();
	return fields(properties);
}

function tree(xml: string): Node {
	const root: Node = { name: '', text: '', children: [] };
	const stack = [root];
	for (const [, closing, name = '', , selfClosed, text] of xml.matchAll(TOKEN)) {
		const top = stack.at(-1);
		if (!top) throw badFormat();
		if (text !== undefined) top.text += plain(text);
		else if (closing) stack.pop();
		else {
			const node: Node = { name, text: '', children: [] };
			top.children.push(node);
			if (!selfClosed) stack.push(node);
		}
	}
	return root;
}

function find(node: Node, name: string): Node | undefined {
	if (node.name === name) return node;
	for (const child of node.children) {
		const found = find(child, name);
		if (found) return found;
	}
	return undefined;
}

function fields(node: Node): Record<string, unknown> {
	return Object.fromEntries(node.children.map((child) => [child.name.replace(/^d:/, ''), value(child)]));
}

function value({ text, children }: Node): unknown {
	if (children.some(({ name }) => name === 'd:element')) return children.map(fields);
	if (text === 'true' || text === 'false') return text === 'true';
	return text;
}
