// Owns the reading of the write options: node parameters -> the port's UpsertOptions.
import { z } from 'zod';
import { decimalText } from '../core/money';
import { Failure } from '../core/failure';
import { isRecord, type OverrideRow } from '../core/mapping';
import type { UpsertOptions } from '../core/port';
import type { OperationContext } from './operations';

const overrideRows = z.object({
	row: z
		.array(
			z.object({
				field: z.string().default(''),
				source: z.enum(['documentField', 'expression']).default('documentField'),
				path: z.string().optional(),
				expression: z.string().optional(),
			}),
		)
		.default([]),
});
const taxRows = z.object({ row: z.array(z.object({ from: z.string().default(''), to: z.union([z.string(), z.number()]).default('') })).default([]) });
const settings = z.object({
	confirm: z.boolean().optional(),
	rounding: z.enum(['exact', 'explained', 'tolerance']).optional(),
	tolerance: z.union([z.string(), z.number()]).optional(),
	taxSource: z.enum(['mapped', 'target']).optional(),
	discountProduct: z.string().optional(),
	shippingProduct: z.string().optional(),
	adjustmentProduct: z.string().optional(),
	matchBy: z.enum(['none', 'email', 'name', 'reference', 'phone']).optional(),
});

/** The options of one item. Parameters that the node does not show keep their defaults. */
export function upsertOptions(parameter: OperationContext['parameter'], index: number): UpsertOptions & { skip?: boolean } {
	const chosen = settings.parse(parameter('options', index, {}) ?? {});
	return {
		skip: parameter('inCrm', index, 'create') === 'skip',
		confirm: parameter('confirm', index, false) === true,
		dryRun: parameter('dryRun', index, false) === true,
		overrides: overrides(parameter('fieldOverrides', index, {})),
		taxes: taxes(parameter('taxMapping', index, {})),
		rounding: { mode: chosen.rounding ?? 'explained', tolerance: tolerance(chosen.tolerance) },
		taxSource: chosen.taxSource ?? 'mapped',
		matchBy: chosen.matchBy ?? 'none',
		settings: ownSettings(parameter('options', index, {})),
		chargeProducts: compact({ discount: chosen.discountProduct, shipping: chosen.shippingProduct, adjustment: chosen.adjustmentProduct }),
	};
}

function overrides(value: unknown): OverrideRow[] {
	return overrideRows.parse(value ?? {}).row.map((row, i) => {
		const given = row.source === 'expression' ? row.expression : row.path;
		if (row.field && given) return row;
		throw new Failure('rejected', `Field override ${i + 1} is not complete`, { advice: 'Choose the target field and where its value comes from, or remove the row' });
	});
}

function taxes(value: unknown): Array<{ from: string; to: string }> {
	return taxRows.parse(value ?? {}).row.map(({ from, to }, i) => {
		if (from.trim() && String(to)) return { from: from.trim(), to: String(to) };
		throw new Failure('rejected', `Row ${i + 1} of the tax mapping is not complete`, { advice: 'Give the tax as the CRM names it and choose the ERP tax, or remove the row' });
	});
}

function tolerance(value: string | number | undefined): string | undefined {
	if (value === undefined || value === '') return undefined;
	const text = decimalText(value);
	if (text === undefined || text.startsWith('-')) throw new Failure('rejected', `The tolerance "${value}" is not an amount`, { advice: 'e.g. 0.02' });
	return text;
}

/** What the collection holds beside the options that every system knows: the system's own choices, as text. */
function ownSettings(value: unknown): Record<string, string> {
	const entries = isRecord(value) ? Object.entries(value) : [];
	return Object.fromEntries(entries.filter(([name, given]) => !(name in settings.shape) && ['string', 'number', 'boolean'].includes(typeof given) && given !== '').map(([name, given]) => [name, String(given)]));
}

function compact<T extends Record<string, string | undefined>>(object: T): { [K in keyof T]?: string } {
	return Object.fromEntries(Object.entries(object).filter(([, value]) => value)) as { [K in keyof T]?: string };
}
