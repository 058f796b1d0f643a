// Owns opportunities: won or lost for the quote they belong to, or as they come from another system.
import type { Document, Opportunity } from '../core/documents';
import { describeDocument } from '../core/documents';
import { Failure } from '../core/failure';
import { evaluateOverrides, toFields } from '../core/mapping';
import type { ItemResult, Outcome, UpsertOptions } from '../core/port';
import { allNew, changedFields, characterNotes, eachDocument, fieldDifferences, isOneOf, outcome } from './vtiger.fields';
import { idOf, type Row } from './vtiger.gateway';
import { OPPORTUNITY_ROWS, OUR_MARK, STATES } from './vtiger.mapping';
import type { LinkFields } from './vtiger.metadata';
import { byId } from './vtiger.resolve';
import type { Site } from './vtiger.site';
import { textOf } from './vtiger.values';

const MODULE = 'Potentials';

export class Opportunities {
	constructor(private readonly site: Site) {}

	async upsert(documents: readonly Document[], options: UpsertOptions): Promise<ItemResult[]> {
		return await eachDocument(documents, async (document) => {
			if (!isOneOf(document, ['opportunity'])) throw new Failure('rejected', `A ${document.kind} is not an opportunity`, { advice: 'Feed this step with opportunities' });
			return await this.one(document, options);
		});
	}

	private async one(opportunity: Opportunity, options: UpsertOptions): Promise<Outcome> {
		const record = describeDocument(opportunity);
		const link = await this.site.metadata.linkFields(MODULE);
		const account = this.site.ownId(opportunity.customerKey, 'Accounts') ?? idOf((await this.accountOf(opportunity)) ?? {});
		const fields: Row = {
			...toFields(opportunity, OPPORTUNITY_ROWS, record),
			sales_stage: stage(opportunity),
			...(account ? { related_to: account } : {}),
			...(link.key && this.site.own(opportunity.key) === undefined ? { [link.key]: opportunity.key } : {}),
			...(await evaluateOverrides(options.overrides ?? [], opportunity, opportunity.source, record)),
		};
		const notes = characterNotes(fields);
		const found = await this.find(opportunity, account, link);
		if (found) return await this.bring(found, fields, options, notes);
		if (options.dryRun) return outcome('created', { ...this.site.ref('opportunity', MODULE, { id: '' }), key: opportunity.key }, allNew(fields), [...notes, 'Nothing was written']);
		if (!opportunity.closeDate) throw new Failure('rejected', 'It has no expected closing date, which the CRM wants', { advice: 'Give "closeDate" in the document or by a field override' });
		const { userId } = await this.site.gateway.session.login();
		const created = await this.site.gateway.create(MODULE, { assigned_user_id: userId, ...fields, source: OUR_MARK }, () => this.find(opportunity, account, link));
		return outcome('created', this.site.ref('opportunity', MODULE, created, textOf(created.sales_stage)), allNew(fields), notes);
	}

	private async bring(found: Row, fields: Row, options: UpsertOptions, notes: string[]): Promise<Outcome> {
		const ref = this.site.ref('opportunity', MODULE, found, textOf(fields.sales_stage));
		const changed = fieldDifferences(found, fields);
		if (Object.keys(changed).length === 0) return outcome('unchanged', ref, {}, notes);
		if (!options.dryRun) await this.site.gateway.revise(idOf(found), changedFields(fields, changed));
		return outcome('updated', ref, changed, notes);
	}

	/**
	 * Moves the opportunities of quotes, orders or opportunities to a closing stage. vtiger does nothing of the kind
	 * by itself when a quote is accepted (reference 9).
	 */
	async transition(documents: readonly Document[], state: string): Promise<ItemResult[]> {
		if (state !== 'won' && state !== 'lost') throw new Failure('rejected', `An opportunity cannot be moved to "${state}"`, { advice: 'It can be won or lost' });
		const ids = documents.flatMap((document) => this.idIn(document) ?? []);
		const rows = new Map((await this.site.gateway.among(['id', 'potential_no', 'potentialname', 'sales_stage'], MODULE, 'id', ids)).map((row) => [idOf(row), row]));
		return await eachDocument(documents, async (document) => {
			const id = this.idIn(document);
			if (!id) return outcome('skipped', { ...this.site.ref('opportunity', MODULE, { id: '' }), key: document.key }, {}, ['No opportunity is linked to it']);
			const row = rows.get(id);
			if (!row) throw new Failure('missing', `The CRM no longer has the opportunity ${id}`, { advice: 'Choose another one on the quote, or restore it from the recycle bin' });
			return await this.move(row, STATES.opportunity[state]);
		});
	}

	private idIn(document: Document): string | undefined {
		if (isOneOf(document, ['opportunity'])) return this.site.ownId(document.key, MODULE);
		return isOneOf(document, ['quote', 'order', 'invoice']) ? this.site.ownId(document.opportunityKey, MODULE) : undefined;
	}

	private async move(row: Row, to: string): Promise<Outcome> {
		const ref = this.site.ref('opportunity', MODULE, row, to);
		const before = textOf(row.sales_stage);
		if (before === to) return outcome('unchanged', ref);
		await this.site.gateway.revise(idOf(row), { [STATES.opportunity.field]: to });
		// Several documents of one opportunity move it once.
		row.sales_stage = to;
		return outcome('updated', ref, { [STATES.opportunity.field]: { before, after: to } });
	}

	private async accountOf(opportunity: Opportunity): Promise<Row | undefined> {
		const link = await this.site.metadata.linkFields('Accounts');
		if (!link.key || !opportunity.customerKey) return undefined;
		return (await this.site.gateway.among('*', 'Accounts', link.key, [opportunity.customerKey])).sort(byId)[0];
	}

	/** By own id, by key, else by name within the organization. */
	private async find(opportunity: Opportunity, account: string, link: LinkFields): Promise<Row | undefined> {
		const own = this.site.ownId(opportunity.key, MODULE);
		const rows = await this.site.gateway.amongAny('*', MODULE, [opportunity], () => [
			{ column: 'id', values: [own ?? ''] },
			...(link.key ? [{ column: link.key, values: [opportunity.key] }] : []),
			{ column: 'potentialname', values: [opportunity.name] },
		]);
		const rules: Array<(row: Row) => boolean> = [
			(row) => idOf(row) === own,
			(row) => link.key !== undefined && textOf(row[link.key]) === opportunity.key,
			(row) => textOf(row.potentialname)?.toLowerCase() === opportunity.name.toLowerCase() && (textOf(row.related_to) ?? '') === account,
		];
		for (const rule of rules) {
			const [row] = rows.filter(rule).sort(byId);
			if (row) return row;
		}
		return undefined;
	}
}

function stage(opportunity: Opportunity): string {
	if (opportunity.status === 'won') return STATES.opportunity.won;
	if (opportunity.status === 'lost') return STATES.opportunity.lost;
	return opportunity.stage ?? STATES.opportunity.open;
}
