// Owns reading the trigger's parameters for the streams. No network.
import type { Kind } from '../core/documents';
import { Failure } from '../core/failure';
import { isRecord } from '../core/mapping';

type Given = Readonly<Record<string, unknown>>;

/** Text of a parameter, a resource locator's value included; options count as parameters. */
export function textParameter(parameters: Given, name: string): string {
	const options = isRecord(parameters.options) ? parameters.options : {};
	const given = parameters[name] ?? options[name];
	const value = isRecord(given) && 'value' in given ? given.value : given;
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** @throws Failure `rejected` when it is empty */
export function needed(parameters: Given, name: string, label: string): string {
	const value = textParameter(parameters, name);
	if (value) return value;
	throw new Failure('rejected', `${label} is not chosen`, { advice: `Choose it in the trigger's parameter "${label}"` });
}

/** A list, or texts with commas. */
export function listParameter(parameters: Given, name: string): string[] {
	const options = isRecord(parameters.options) ? parameters.options : {};
	const given = parameters[name] ?? options[name];
	const texts = Array.isArray(given) ? given.map(String) : typeof given === 'string' ? given.split(/[,;\n]/) : [];
	return texts.map((one) => one.trim()).filter(Boolean);
}

export function flagParameter(parameters: Given, name: string, fallback: boolean): boolean {
	const options = isRecord(parameters.options) ? parameters.options : {};
	const given = parameters[name] ?? options[name];
	return typeof given === 'boolean' ? given : fallback;
}

export function numberParameter(parameters: Given, name: string, fallback: number): number {
	const value = Number(textParameter(parameters, name) || NaN);
	return Number.isFinite(value) && value > 0 ? value : fallback;
}

const BY_EVENT: Record<string, Kind> = { invoiceChanged: 'invoice', orderChanged: 'order', customerChanged: 'customer', productChanged: 'product' };

/** The documents that are wanted instead of raw objects; nothing for the event "exchange plan" itself. */
export function kindParameter(parameters: Given): Kind | undefined {
	const event = textParameter(parameters, 'event');
	if (event === 'recordChanged') return (textParameter(parameters, 'kind') || 'customer') as Kind;
	return BY_EVENT[event];
}
