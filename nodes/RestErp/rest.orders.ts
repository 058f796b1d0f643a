// Owns what a document with lines needs before its body can be made: lines as the server keeps them, products, the records
// it names, taxes. Few calls for many documents; writes nothing.
import type { Kind, SalesDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { planLines } from '../core/money';
import type { UpsertOptions } from '../core/port';
import { codesOf, type Products, ProductFinder, rowsOf, withChargeCodes } from './rest.orders.products';
import { type Ids, RefFinder } from './rest.orders.refs';
import { taxFor, taxNeeded, type TaxRules } from './rest.orders.taxes';
import type { Bindings, Row, Services } from './rest.services';
import type { Locator } from './rest.writing.locate';
import type { Looks } from './rest.writing.look';
import type { Matching } from './rest.writing.match';
import { each, isSales, type Task } from './rest.writing.task';

/** What the server keeps when the profile does not say. */
const PRECISION = { price: 6, quantity: 6, discount: 6 };

export class OrderPlanner {
	private readonly products: ProductFinder;
	private readonly refs: RefFinder;

	constructor(
		private readonly services: Services,
		private readonly looks: Looks,
		locator: Locator,
		matching: Matching,
	) {
		this.products = new ProductFinder(services, looks, matching);
		this.refs = new RefFinder(services, looks, locator, matching);
	}

	/** Plans the lines, and gives each task the functions that its expressions may call. */
	async plan(kind: Kind, tasks: readonly Task[], options: UpsertOptions): Promise<(task: Task) => Bindings> {
		const profile = this.looks.profile(kind);
		await each(tasks, (task) => {
			if (isSales(task.document)) task.lines = this.linesOf(kind, task.document, task.record, options);
		});
		const products = profile.lines?.products ? await this.lookUp(tasks) : undefined;
		const refs = await this.refs.find(tasks.filter((task) => !task.failure), this.refs.asked(profile));
		return (task) => ({
			ref: (name: unknown) => idFor(name, refs.get(task) ?? {}),
			product: (code: unknown) => productFor(code, products, kind),
			tax: (tax: unknown, otherwise?: unknown) => taxFor(tax, this.taxRules(task, options), otherwise),
			taxNeeded: (tax: unknown) => taxNeeded(tax, this.taxRules(task, options), this.services.profile.name),
		});
	}

	private taxRules({ document }: Task, { taxes, taxSource }: UpsertOptions): TaxRules {
		return { taxes, taxSource, own: document.source?.installation === this.services.credential.installation };
	}

	private linesOf(kind: Kind, document: SalesDocument, record: string, options: UpsertOptions): Task['lines'] {
		const { lines: rules } = this.looks.profile(kind);
		const lines = withChargeCodes(planLines(document, rules ?? PRECISION, decimalsOf(document.currency)), options);
		if (rules && lines.length === 0) throw new Failure('rejected', 'It has no lines', { record, advice: 'Add a product where it comes from' });
		return lines;
	}

	/** The products of all documents with one look-up. */
	private async lookUp(tasks: readonly Task[]): Promise<Products> {
		const { name } = this.services.profile;
		const codes = new Map<Task, string[]>();
		await each(tasks, (task) => void codes.set(task, codesOf(task.document, task.lines, name)));
		const products = await this.products.find([...codes.values()].flat());
		await each(tasks, (task) => this.products.check(codes.get(task)!, products, task.record));
		return products;
	}
}

/** Decimals of a currency, as ISO 4217 has them; two where nothing is known. */
export function decimalsOf(currency: string | undefined): number {
	try {
		return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
	} catch {
		return 2;
	}
}

function idFor(name: unknown, ids: Ids): string | undefined {
	const id = ids[name as Kind];
	if (id instanceof Failure) throw id;
	return id;
}

function productFor(code: unknown, products: Products | undefined, kind: Kind): Row | undefined {
	if (!products) throw new Failure('rejected', `The profile calls $product in kinds.${kind} and does not say that products are looked up`, { advice: `Set kinds.${kind}.lines.products to true in the profile` });
	return typeof code === 'string' ? rowsOf(products, code)[0] : undefined;
}
