// Owns the EDMX text of object definitions, and widening a captured document by them in the same shape.
// Must not know: requests, records.
import { targetOf } from './definition';
import type { Definition, Field } from './definition';
import { expand } from './expand';
import type { ComplexShape, EntityShape, FunctionShape } from './expand';

/** Line ends of the captured document. */
const NL = '\r\n';
const tabs = (n: number): string => '\t'.repeat(n);

function tag(depth: number, name: string, attributes: Array<[string, string]>, close: '/>' | '>'): string {
	const [first, ...rest] = attributes.map(([key, value]) => `${key}="${value}"`);
	return [`${tabs(depth)}<${name} ${first ?? ''}`, ...rest.map((text) => `${tabs(depth + 2)}${text}`)].join(NL) + close + NL;
}

const property = (field: Field): string =>
	tag(4, 'Property', [['Name', field.name], ['Type', field.type], ['Nullable', field.required ? 'false' : 'true']], '/>');

const navigation = (type: string, name: string): string =>
	tag(4, 'NavigationProperty', [['Name', name], ['Relationship', `StandardODATA.${type}_${name}`], ['FromRole', 'Begin'], ['ToRole', 'End']], '/>');

function entity(shape: EntityShape, navigations: string[]): string {
	const open: Array<[string, string]> = shape.open ? [['Name', shape.name], ['OpenType', 'true']] : [['Name', shape.name]];
	const keys = shape.key.map((name) => tag(5, 'PropertyRef', [['Name', name]], '/>')).join('');
	return (
		tag(3, 'EntityType', open, '>') +
		`${tabs(4)}<Key>${NL}${keys}${tabs(4)}</Key>${NL}` +
		shape.fields.map(property).join('') +
		navigations.map((name) => navigation(shape.name, name)).join('') +
		`${tabs(3)}</EntityType>${NL}`
	);
}

const complex = (shape: ComplexShape): string => tag(3, 'ComplexType', [['Name', shape.name]], '>') + shape.fields.map(property).join('') + `${tabs(3)}</ComplexType>${NL}`;

function association(type: string, name: string, target: string): string {
	const end = (role: string, of: string, many: string): string => tag(4, 'End', [['Role', role], ['Type', `StandardODATA.${of}`], ['Multiplicity', many]], '/>');
	return tag(3, 'Association', [['Name', `${type}_${name}`]], '>') + end('Begin', type, '*') + end('End', target, '0..1') + `${tabs(3)}</Association>${NL}`;
}

const entitySet = (shape: EntityShape): string => tag(4, 'EntitySet', [['Name', shape.name], ['EntityType', `StandardODATA.${shape.name}`]], '/>');

function functionImport(shape: FunctionShape): string {
	const head: Array<[string, string]> = [['Name', shape.name], ['IsBindable', 'true'], ['IsSideEffecting', shape.returns === undefined ? 'true' : 'false']];
	if (shape.returns !== undefined) head.push(['ReturnType', `Collection(StandardODATA.${shape.returns})`]);
	const parameter = (name: string, type: string): string => tag(5, 'Parameter', [['Name', name], ['Type', type]], '/>');
	return (
		tag(4, 'FunctionImport', head, '>') +
		parameter('bindingParameter', `StandardODATA.${shape.boundTo}`) +
		shape.parameters.map((p) => parameter(p.name, p.type)).join('') +
		`${tabs(4)}</FunctionImport>${NL}`
	);
}

interface Link {
	type: string;
	name: string;
	target: string;
}

function linksOf(type: string, set: string, fields: string[], context: Context): Link[] {
	return fields.flatMap((field) => {
		const target = targetOf(set, field, context.owners, context.published);
		return target === undefined ? [] : [{ type, name: field.slice(0, -'_Key'.length), target }];
	});
}

interface Context {
	owners: ReadonlyMap<string, string>;
	published: ReadonlySet<string>;
}

/** The captured document with the defined objects added, and with the navigation that 1C shows once a target is published. */
export function widen(captured: string, definitions: readonly Definition[]): string {
	const shapes = definitions.map(expand);
	const known = [...captured.matchAll(/<EntitySet Name="([^"]+)"/g)].map((m) => m[1] ?? '');
	const context: Context = {
		owners: new Map(definitions.flatMap((d) => (d.owner !== undefined && d.owner !== 'many' ? [[d.name, d.owner] as const] : []))),
		published: new Set([...known, ...definitions.map((d) => d.name)]),
	};
	const links: Link[] = [];
	const linked = captured.replace(/<EntityType Name="([^"]+)"[\s\S]*?\r\n\t\t\t<\/EntityType>\r\n/g, (text, name: string) => {
		const has = new Set([...text.matchAll(/<NavigationProperty Name="([^"]+)"/g)].map((m) => m[1] ?? ''));
		const fields = [...text.matchAll(/<Property Name="([^"]+)"/g)].map((m) => m[1] ?? '');
		const added = linksOf(name, name, fields, context).filter((link) => !has.has(link.name));
		links.push(...added);
		const end = `${tabs(3)}</EntityType>${NL}`;
		return text.slice(0, -end.length) + added.map((link) => navigation(name, link.name)).join('') + end;
	});
	const entities = shapes.flatMap((shape) => shape.entities);
	const entityText = entities.map((shape) => {
		const own = linksOf(shape.name, shape.name, shape.fields.map((f) => f.name), context);
		links.push(...own);
		return entity(shape, own.map((link) => link.name));
	});
	return [
		[TYPES_BEGIN, entityText.join('')],
		[ENUMS_BEGIN, shapes.flatMap((s) => s.complexes).map(complex).join('') + links.map((l) => association(l.type, l.name, l.target)).join('')],
		[linked.includes(FUNCTIONS_BEGIN) ? FUNCTIONS_BEGIN : CONTAINER_END, entities.map(entitySet).join('')],
		[CONTAINER_END, shapes.flatMap((s) => s.functions).map(functionImport).join('')],
	].reduce((text, [mark = '', added = '']) => insertBefore(text, mark, added), linked);
}

const TYPES_BEGIN = '\t\t\t<ComplexType Name="TypeDescription"';
const ENUMS_BEGIN = '\t\t\t<EnumType Name="AccountType"';
const FUNCTIONS_BEGIN = '\t\t\t\t<FunctionImport ';
const CONTAINER_END = '\t\t\t</EntityContainer>';

function insertBefore(text: string, mark: string, added: string): string {
	const at = text.indexOf(mark);
	if (at < 0) throw new Error(`no ${mark.trim()} in the metadata`);
	return text.slice(0, at) + added + text.slice(at);
}

/** A captured document with nothing of its configuration left: the platform's own types, for a configuration of ours. */
export function emptied(captured: string): string {
	return captured
		.replace(/\t\t\t<EntityType [\s\S]*?\r\n\t\t\t<\/EntityType>\r\n/g, '')
		.replace(/\t\t\t<ComplexType Name="[A-Za-z]+_[\s\S]*?\r\n\t\t\t<\/ComplexType>\r\n/g, '')
		.replace(/\t\t\t<Association [\s\S]*?\r\n\t\t\t<\/Association>\r\n/g, '')
		.replace(/\t\t\t\t<EntitySet [\s\S]*?\/>\r\n/g, '')
		.replace(/\t\t\t\t<FunctionImport [\s\S]*?\r\n\t\t\t\t<\/FunctionImport>\r\n/g, '');
}
