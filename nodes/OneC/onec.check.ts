// Owns the credential's test: which of address, user, rights and publication is wrong, and what the user should know.
import { asFailure, Failure } from '../core/failure';
import { CODES } from './onec.failures';
import type { Services } from './onec.services';
import type { Profile } from './onec.profile';
import { wallClock } from './onec.values';

/** Asks anew what is published and says what of it the work with documents needs. */
export async function checkConnection(services: Services): Promise<{ version: string; user: string; notes: string[] }> {
	const { credential, clock } = services;
	const sets = new Set((await askRoot(services)).map(({ name }) => name));
	if (sets.size === 0) {
		throw new Failure('denied', 'The OData interface of the infobase is on, but nothing is published in it', { advice: 'An administrator chooses the objects in the form "Настройка автоматического REST-сервиса" of the infobase (or by УстановитьСоставСтандартногоИнтерфейсаOData)' });
	}
	const zone = `Dates are taken as ${credential.timeZone} wall clock time: it must be ${wallClock(clock.now(), credential.timeZone)?.slice(11, 16)} on the infobase's clock now`;
	const profile = await services.profile().catch((error: unknown) => asFailure(error));
	const user = credential.username;
	if (profile instanceof Failure) return { version: '1C:Enterprise, configuration not recognised', user, notes: [profile.message, `${sets.size} objects are published`, zone] };
	return { version: `1C:Enterprise, ${profile.title}`, user, notes: [...missingNotes(profile, sets), ...(await rightNotes(services, profile, sets)), zone] };
}

async function askRoot({ session, credential }: Services): Promise<ReadonlyArray<{ name: string }>> {
	try {
		return await session.root(true);
	} catch (error) {
		const failure = asFailure(error);
		if (failure.code === CODES.page || failure.code === CODES.wall) throw failure.as('denied');
		const elsewhere = failure.kind === 'unknown' || /^HTTP [245]/.test(failure.code ?? '');
		if (!elsewhere || failure.kind === 'throttled') throw failure;
		throw new Failure('denied', `${credential.root} does not answer as 1C's OData interface does`, {
			code: failure.code,
			said: failure.said ?? failure.what,
			advice: 'Check "Infobase URL" in the credential, and that the infobase is published on the web server with the standard OData interface (default.vrd: <standardOdata enable="true"/>)',
		});
	}
}

/** Roles of a profile that the nodes cannot do without, as people call them. */
function needed(profile: Profile): Array<[string, string | undefined]> {
	return [
		['customers', profile.customer.set],
		['commercial clients', profile.partner?.set],
		['contracts', profile.contract?.needed ? profile.contract.set : undefined],
		['products', profile.product.set],
		['orders', profile.order.set],
		['shipments', profile.shipment.set],
		['VAT rates', profile.vat.set],
		['currencies', profile.currency.set],
		['organizations', profile.organization.set],
		['warehouses', profile.warehouse?.set],
	];
}

function missingNotes(profile: Profile, sets: ReadonlySet<string>): string[] {
	const missing = needed(profile).filter(([, set]) => set !== undefined && !sets.has(set));
	const payments = profile.payment.sets.some((set) => sets.has(set)) ? [] : [`payments (${profile.payment.sets.join(' or ')})`];
	const all = [...missing.map(([what, set]) => `${what} (${set})`), ...payments];
	return all.length === 0 ? [] : [`Not published, so not available: ${all.join(', ')}. Add them in the form "Настройка автоматического REST-сервиса"`];
}

/** The root answers to everybody; the first read of the main set tells whether the user may see it. */
async function rightNotes({ session }: Services, profile: Profile, sets: ReadonlySet<string>): Promise<string[]> {
	const asked = [profile.customer.set, profile.order.set].filter((set) => sets.has(set));
	const notes = await Promise.all(asked.map(async (set) => {
		try {
			await session.rows(set, { select: ['Ref_Key'], top: 1, allowedOnly: true });
			return [];
		} catch (error) {
			const failure = asFailure(error);
			if (failure.code !== CODES.rights) throw failure;
			return [failure.message];
		}
	}));
	return notes.flat();
}
