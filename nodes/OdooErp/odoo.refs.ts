// Owns how a record of Odoo is named to the rest of the flow: key, page, and back. No network.
import { type Document, type Kind, type Ref, refTo } from '../core/documents';
import { formatKey, ODOO_MODULE, parseKey, parseOdooExternalId } from '../core/keys';
import type { ServerVersion } from './odoo.session';

export const MODELS = { customer: 'res.partner', product: 'product.product', order: 'sale.order', invoice: 'account.move' } as const;
export type OdooKind = keyof typeof MODELS;

export function isOdooKind(kind: Kind): kind is OdooKind {
	return kind in MODELS;
}

/** Names records of one installation. */
export class RefMaker {
	constructor(
		private readonly installation: string,
		private readonly baseUrl: string,
		private readonly version: ServerVersion,
	) {}

	key(model: string, id: number): string {
		return formatKey({ installation: this.installation, module: model, id: String(id) });
	}

	/** The record's page; Odoo 18 changed the addresses. */
	url(model: string, id: number): string {
		if (this.version.major < 18) return `${this.baseUrl}/web#id=${id}&model=${model}&view_type=form`;
		return model === MODELS.order ? `${this.baseUrl}/odoo/sales/${id}` : `${this.baseUrl}/odoo/${model}/${id}`;
	}

	ref(kind: OdooKind, id: number, more: Partial<Pick<Ref, 'number' | 'status'>> = {}): Ref {
		const model = MODELS[kind];
		return { system: this.installation, kind, id: String(id), key: this.key(model, id), number: undefined, url: this.url(model, id), outcome: undefined, status: undefined, ...more };
	}

	source(model: string, id: number, modifiedAt: string | undefined, number?: string) {
		return { installation: this.installation, module: model, id: String(id), number, url: this.url(model, id), modifiedAt };
	}
}

/** For a record that is only planned: a dry run has no id to tell. */
export function plannedRef(installation: string, kind: OdooKind): Ref {
	return { system: installation, kind, id: '', key: '', number: undefined, url: undefined, outcome: undefined, status: undefined };
}

/** The record's id in this installation when the document says it: read from here, written here, or linked to here. */
export function statedId(document: Document, kind: OdooKind, installation: string): number | undefined {
	const model = MODELS[kind];
	const { source, link } = document;
	const stated = [
		source?.installation === installation && source.module === model ? source.id : undefined,
		refTo(document, installation, kind)?.id,
		...[link?.key, document.key].map((key) => {
			const parts = key ? parseKey(key) : undefined;
			return parts?.installation === installation && parts.module === model ? parts.id : undefined;
		}),
	];
	const id = stated.find((given) => given && /^[1-9]\d{0,9}$/.test(given));
	return id ? Number(id) : undefined;
}

/** `vtiger:*:4x38`: whose record an external id of ours stands for. It does not hold the module there. */
export function sourceKeyOf(externalIds: readonly string[] | undefined, model: string): string | undefined {
	for (const externalId of externalIds ?? []) {
		const parts = externalId.startsWith(`${ODOO_MODULE}.`) ? parseOdooExternalId(externalId, model) : undefined;
		if (parts) return formatKey({ installation: parts.installation, module: '*', id: parts.id });
	}
	return undefined;
}
