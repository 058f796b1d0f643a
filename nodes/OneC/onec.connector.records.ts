// Owns "any object" as the port gives it: a set that the editor asked for before the configuration was known is taken for
// the one that this infobase has in its place. Must not know the wire.
import type { Kind } from '../core/documents';
import type { FieldInfo } from '../core/mapping';
import type { Profile } from './onec.profile';
import { OnecRecords } from './onec.records';
import type { Services } from './onec.services';

/** The set that holds documents of a kind. */
export function setOfKind(profile: Profile, kind: Kind): string | undefined {
	const sets: Partial<Record<Kind, string>> = { customer: profile.customer.set, product: profile.product.set, order: profile.order.set, invoice: profile.shipment.set };
	return sets[kind];
}

export class ProfiledRecords extends OnecRecords {
	/** @param guess the set of a kind as it is answered while nothing is known of the infobase */
	constructor(
		private readonly all: Services,
		private readonly guess: (kind: Kind) => string | undefined,
	) {
		super(all);
	}

	override async modules(): Promise<Array<{ name: string; label: string }>> {
		// Any object can be chosen in a configuration that is none of those known, too.
		await this.all.profile().catch(() => undefined);
		return await super.modules();
	}

	override async fields(set: string): Promise<FieldInfo[]> {
		return await super.fields(await this.meant(set));
	}

	private async meant(set: string): Promise<string> {
		const kind = (['customer', 'product', 'order', 'invoice'] as const).find((candidate) => this.guess(candidate) === set);
		if (kind === undefined || (await this.all.metadata.has(set))) return set;
		return setOfKind(await this.all.profile(), kind) ?? set;
	}
}
