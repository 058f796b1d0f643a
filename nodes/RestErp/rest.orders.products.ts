// Owns finding the products of all lines of all documents of a call, together. Writes nothing.
import { chunks, settled, type Settled } from '../core/batches';
import { describeDocument, type Document } from '../core/documents';
import { Failure } from '../core/failure';
import type { PlannedLine } from '../core/money';
import type { UpsertOptions } from '../core/port';
import type { Row, Services } from './rest.services';
import type { Looks } from './rest.writing.look';
import type { Matching } from './rest.writing.match';

/** More codes in one address would not fit into it everywhere. */
const CODES_AT_ONCE = 40;

const CHARGE_WORDS = { discount: 'discount', shipping: 'shipping charge', adjustment: 'price adjustment' } as const;
const CHARGE_OPTIONS = { discount: 'Product for Discounts', shipping: 'Product for Shipping', adjustment: 'Product for Adjustments' } as const;

/** The records of products by their codes, as far as they were looked up. */
export type Products = ReadonlyMap<string, Settled<Row[]>>;

export class ProductFinder {
	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
		private readonly matching: Matching,
	) {}

	async find(codes: Iterable<string>): Promise<Products> {
		const unique = [...new Set(codes)];
		if (unique.length === 0) return new Map();
		if (!this.looks.offers('product', 'code')) throw new Failure('rejected', `The profile of ${this.services.profile.name} wants products of lines to be looked up and does not say how`, { advice: 'Add kinds.product.find.code to the profile' });
		const parts = await Promise.all(chunks(unique, CODES_AT_ONCE).map(async (part) => await this.looks.by('product', 'code', part)));
		const found = parts.flat();
		return new Map(await Promise.all(unique.map(async (code, i): Promise<[string, Settled<Row[]>]> => [code, await this.inUse(found[i]!)])));
	}

	private async inUse(found: Settled<Row[]>): Promise<Settled<Row[]>> {
		return found.ok ? await settled(async () => [...(await this.matching.active('product', found.value))]) : found;
	}

	/**
	 * @throws Failure `rejected` or `ambiguous` naming every code that has not exactly one product
	 */
	check(codes: readonly string[], products: Products, record: string): void {
		const { name } = this.services.profile;
		const broken = codes.map((code) => products.get(code)).find((found) => found && !found.ok);
		if (broken && !broken.ok) throw broken.failure;
		const count = (code: string): number => rowsOf(products, code).length;
		const missing = [...new Set(codes)].filter((code) => count(code) === 0);
		if (missing.length > 0) throw new Failure('rejected', `${name} has no product with the code ${missing.map((code) => `"${code}"`).join(', ')}`, { record, advice: `Make it in ${name} with that code, or put the step "Product: create or update" before this one` });
		const double = [...new Set(codes)].filter((code) => count(code) > 1);
		if (double.length > 0) throw new Failure('ambiguous', `Several products in ${name} have the code ${double.map((code) => `"${code}" (${count(code)})`).join(', ')}`, { record, advice: `Give each its own code in ${name}` });
	}
}

export function rowsOf(products: Products, code: string): Row[] {
	const found = products.get(code);
	return found?.ok ? found.value : [];
}

/** The lines with the codes that are chosen for charges in the node. */
export function withChargeCodes(lines: readonly PlannedLine[], { chargeProducts }: UpsertOptions): PlannedLine[] {
	return lines.map((line) => (line.code === undefined && isCharge(line.role) && chargeProducts?.[line.role] ? { ...line, code: chargeProducts[line.role] } : line));
}

/** @throws Failure `rejected` for a line without a code */
export function codesOf(document: Document, lines: readonly PlannedLine[], system: string): string[] {
	const record = describeDocument(document);
	return lines.map((line) => {
		if (line.code) return line.code;
		if (!isCharge(line.role)) throw new Failure('rejected', `Line ${line.key}${line.name ? ` (${line.name})` : ''} has no product code`, { record, advice: `Give the product a code; it is how the product in ${system} is found` });
		throw new Failure('rejected', `It has a ${CHARGE_WORDS[line.role]} of ${line.net} (${line.name ?? line.role}), for which no product of ${system} is chosen`, { record, advice: `Choose one in the option "${CHARGE_OPTIONS[line.role]}" of this node` });
	});
}

function isCharge(role: PlannedLine['role']): role is keyof typeof CHARGE_WORDS {
	return role in CHARGE_WORDS;
}
