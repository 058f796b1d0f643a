// Owns writing documents with lines: one at a time per installation, compared with what was meant, repaired when
// lines got lost, completed when only the header was stored. Knows no kind of document.
// Reference sections 3 (broken calls), 6.5 and 6.7 (lost lines).
import { Failure } from '../core/failure';
import { rounded } from '../core/money';
import { NOT_A_RESULT } from './vtiger.answers';
import { idOf, type Row } from './vtiger.gateway';
import { linesOf } from './vtiger.lines';
import { OUR_MARK } from './vtiger.mapping';
import { expectedTotal, planDifferences, planElement, totalAgrees, type Plan } from './vtiger.plan';
import { byId } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { inTurn, inventoryLine } from './vtiger.turns';
import { amountOf, textOf } from './vtiger.values';

/** Revisions with all lines before a document is given up. */
const REPAIRS = 3;

/** How a document that we may have stored is found again. */
export interface Identity {
	/** Rows with the identity; ids suffice. */
	find(): Promise<Row[]>;
	/** The field that holds the key, when there is one: it must come back as it was sent. */
	keyField?: string;
	key?: string;
}

export class InventoryWriter {
	constructor(private readonly site: Site) {}

	/** Creates a document; the record that is returned holds the plan's lines and total. */
	async create(module: string, header: Row, plan: Plan, identity: Identity): Promise<Row> {
		const element = { ...header, ...planElement(plan, await this.taxColumns(module)), productid: plan.lines[0]!.productId, source: OUR_MARK };
		return await this.inTurn(async () => {
			const stored = await this.createOnce(module, element, plan, identity);
			await this.checkKey(module, stored, identity);
			try {
				return await this.settle(module, stored, plan);
			} catch (error) {
				// Half a document helps nobody: once its cause is mended it is made anew. After a broken connection it stays,
				// and the next run completes it.
				if (error instanceof Failure && (error.kind === 'rejected' || error.kind === 'missing')) await this.removeOurs(idOf(stored));
				throw error;
			}
		});
	}

	/** Replaces all lines of a document, and changes header fields with them. */
	async replace(module: string, record: Row, header: Row, plan: Plan): Promise<Row> {
		return await this.inTurn(async () => await this.settle(module, await this.reviseLines(module, record, header, plan), plan));
	}

	/** Line ids are taken as highest + 1: two saves at once lose lines, whatever session they come from (6.7). */
	private async inTurn<T>(work: () => Promise<T>): Promise<T> {
		return await inTurn(inventoryLine(this.site.baseUrl), work);
	}

	private async createOnce(module: string, element: Row, plan: Plan, identity: Identity): Promise<Row> {
		const { gateway } = this.site;
		let unreadable: Failure | undefined;
		const found = async (): Promise<Row | undefined> => {
			const row = await this.keepOne(await identity.find());
			if (!row) return undefined;
			return await gateway.retrieveIfThere(idOf(row)).catch((error: unknown) => {
				if (!(error instanceof Failure) || error.code !== NOT_A_RESULT.crash || plan.taxType !== 'individual') throw error;
				unreadable = error;
				return row;
			});
		};
		try {
			const stored = await gateway.create(module, element, found);
			if (!unreadable) return stored;
			await this.clearUnreadable(idOf(stored), plan, await this.taxColumns(module));
		} catch (error) {
			if (error instanceof Failure && error.code === 'INVALID_ID_ATTRIBUTE') throw await this.diagnose(module, element, plan, identity, error);
			throw error;
		}
		throw new Failure('denied', `This vtiger cannot save records of ${module} with taxes of each line's own: it breaks off and leaves a record that cannot be opened. This is a known fault of vtiger 8.0 on PHP 8`, {
			code: NOT_A_RESULT.crash,
			advice: module === 'SalesOrder' ? 'Use the tax mode "Group" on quotes, set "Sales Order in the CRM" to "Do Not Create", or have modules/Inventory/models/Record.php fixed' : 'Use the tax mode "Group" on the order, or have modules/Inventory/models/Record.php fixed',
		});
	}

	/**
	 * A header with individual taxes and no lines can neither be read nor deleted on 8.0.0 with PHP 8 (measured), but
	 * it can be given lines with taxes for all, and then be deleted.
	 */
	private async clearUnreadable(id: string, plan: Plan, taxColumns: readonly string[]): Promise<void> {
		const { gateway } = this.site;
		await gateway.revise(id, planElement({ taxType: 'group', lines: plan.lines, adjustment: '0' }, taxColumns)).catch(() => undefined);
		await gateway.remove(id).catch(() => undefined);
	}

	/**
	 * Of several records with one identity the oldest stays; newer ones that we made ourselves and nobody has
	 * touched are removed: the twin of a create that was answered too late.
	 */
	async keepOne(rows: readonly Row[]): Promise<Row | undefined> {
		const [oldest, ...twins] = [...rows].sort(byId);
		for (const twin of twins) {
			const record = textOf(twin.source) === undefined ? await this.site.gateway.retrieveIfThere(idOf(twin)) : twin;
			if (textOf(record?.source) === OUR_MARK) await this.site.gateway.remove(idOf(twin));
		}
		return oldest;
	}

	/** A key that was cut would never be found again, and every run would make another record. */
	private async checkKey(module: string, stored: Row, { keyField, key }: Identity): Promise<void> {
		if (!keyField || key === undefined || textOf(stored[keyField]) === key) return;
		await this.site.gateway.remove(idOf(stored));
		throw new Failure('rejected', `The field "ERP Key" of ${module} does not hold the key ${key}: it came back as "${textOf(stored[keyField]) ?? ''}"`, {
			advice: `Make it a text field of length 100 in vtiger (Settings, Module Layouts & Fields, ${module}) that the user of the credential may write. The record was removed again`,
		});
	}

	/** Compares what was stored with the plan and sends all lines again until they agree. */
	private async settle(module: string, stored: Row, plan: Plan): Promise<Row> {
		let record = stored;
		for (let repairs = 0; ; repairs++) {
			if (!('LineItems' in record)) record = await this.site.gateway.retrieve(idOf(record));
			const differences = planDifferences(record, plan);
			if (Object.keys(differences).length === 0) {
				this.checkTotal(module, record, plan);
				return record;
			}
			if (linesOf(record).some(withoutProduct)) await this.checkProducts(plan);
			if (repairs >= REPAIRS) {
				throw new Failure('rejected', `The CRM did not store ${module} ${this.site.number(module, record) ?? idOf(record)} as it was sent: ${Object.entries(differences).map(([name, { before, after }]) => `${name} is "${before ?? ''}" instead of "${after ?? ''}"`).join('; ')}`, {
					advice: plan.taxType === 'individual' ? 'vtiger 8.0 on PHP 8 cannot save documents with individual taxes: use the tax mode "Group" there, or do not create the document in the CRM' : 'Look at the document in the CRM; it was sent four times',
				});
			}
			record = await this.reviseLines(module, record, {}, plan);
		}
	}

	/** @throws Failure `rejected` when the record's total is not what its lines, taxes and charges should make */
	checkTotal(module: string, record: Row, plan: Plan): void {
		if (totalAgrees(record, plan)) return;
		const name = this.site.number(module, record) ?? idOf(record);
		throw new Failure('rejected', `The CRM makes ${rounded(amountOf(record.hdnGrandTotal))} of ${module} ${name}, and its lines, taxes and charges make ${rounded(expectedTotal(plan))}`, {
			advice: plan.taxType === 'individual' ? 'A product does not carry the tax of its line in the CRM: give it that tax there' : 'Look at taxes and charges of the document in the CRM',
		});
	}

	/** One revision with all lines; when no answer came, the record as it is now. */
	private async reviseLines(module: string, record: Row, header: Row, plan: Plan): Promise<Row> {
		const id = idOf(record);
		const element = { ...header, ...planElement(plan, await this.taxColumns(module), record) };
		return await this.site.gateway.reviseFound(id, await this.site.withRate(module, id, element));
	}

	private async taxColumns(module: string): Promise<string[]> {
		return (await this.site.metadata.taxColumns(module)).map(({ code }) => code);
	}

	/** 8.0.0 stores a line whose product is not there without it, and says nothing (reference 6.1). */
	private async checkProducts(plan: Plan): Promise<void> {
		const missing = await this.missing({}, plan);
		if (missing.length > 0) throw this.noLonger(missing);
	}

	private noLonger(missing: readonly string[], code?: string): Failure {
		return new Failure('missing', `The CRM no longer has ${missing.join(', ')}`, { code, advice: 'Choose records that exist, or restore them from the recycle bin' });
	}

	/** Removes a record that we made; whether it worked matters less than what it is removed for. */
	private async removeOurs(id: string): Promise<void> {
		const record = await this.site.gateway.retrieveIfThere(id).catch(() => undefined);
		if (record && textOf(record.source) === OUR_MARK) await this.site.gateway.remove(id).catch(() => undefined);
	}

	/**
	 * What INVALID_ID_ATTRIBUTE means: a record that is really not there (8.4.0 has then stored the header), or the
	 * fault of 8.4.0 on PHP 8, which answers every create of a document so and stores nothing (reference 3).
	 */
	private async diagnose(module: string, element: Row, plan: Plan, identity: Identity, failure: Failure): Promise<Failure> {
		const missing = await this.missing(element, plan);
		// Before this create there was none: what is there now is the header that 8.4.0 left.
		for (const row of await identity.find()) await this.removeOurs(idOf(row));
		if (missing.length > 0) return this.noLonger(missing, failure.code);
		return new Failure('denied', `This vtiger cannot create records of ${module} through its web service: it answers every attempt with "${failure.code}" and stores nothing. This is a known fault of vtiger 8.4.0 on PHP 8`, {
			code: failure.code,
			advice: module === 'SalesOrder' ? 'Set "Sales Order in the CRM" to "Do Not Create" in the workflow, or have the fix of include/Webservices/LineItem/VtigerInventoryOperation.php installed' : 'Have the fix of include/Webservices/LineItem/VtigerInventoryOperation.php installed',
		});
	}

	/** The referenced records that are not there, as people know them. */
	private async missing(element: Row, plan: Plan): Promise<string[]> {
		const references: Array<[string, string, string]> = [];
		for (const [field, module] of Object.entries(REFERENCES)) {
			const id = textOf(element[field]);
			if (id) references.push([module, id, `${field} ${id}`]);
		}
		for (const line of plan.lines) {
			const module = (await this.site.metadata.moduleOfId(line.productId, ['Products', 'Services'])) ?? 'Products';
			references.push([module, line.productId, `the product "${line.name ?? line.productId}"`]);
		}
		const there = new Set<string>();
		for (const module of new Set(references.map(([name]) => name))) {
			const ids = references.filter(([name]) => name === module).map(([, id]) => id);
			for (const row of await this.site.gateway.among(['id'], module, 'id', ids)) there.add(idOf(row));
		}
		return references.filter(([, id]) => !there.has(id)).map(([, , name]) => name);
	}
}

function withoutProduct(line: Row): boolean {
	return textOf(line.productid) === undefined;
}

const REFERENCES: Record<string, string> = { account_id: 'Accounts', contact_id: 'Contacts', potential_id: 'Potentials', quote_id: 'Quotes', salesorder_id: 'SalesOrder' };
