// Owns what an API in front of the books must be able to do. Must not know any of them.
import type { SimRequest, SimResponse } from '../server';

export interface Face {
	/** Name of the installation's product on its pages. */
	readonly title: string;
	/** Where the API begins: `/api`. */
	readonly root: string;
	/** Changes that did not say which state of the record they knew, where that is looked at. */
	readonly blindChanges?: number;
	/** `GET customers/id`; null for an address that is not the API's. */
	operation(request: SimRequest): string | null;
	handle(request: SimRequest): SimResponse;
	/** What a planned `session-expired` answers. */
	expire(request: SimRequest): SimResponse;
}

/** What a path below the API's root names. */
export interface Target {
	resource: string;
	id: string;
	action: string;
}

/** undefined: another address. */
export function targetOf(root: string, request: SimRequest): Target | undefined {
	const path = request.url.split('?')[0] ?? '';
	if (path !== root && !path.startsWith(`${root}/`)) return undefined;
	const [resource = '', id = '', ...rest] = path.slice(root.length + 1).split('/').map(decoded);
	return { resource, id, action: rest.join('/') };
}

/** `PATCH orders/id`, `POST orders/id/confirm`. */
export function operationOf(root: string, request: SimRequest): string | null {
	const target = targetOf(root, request);
	if (!target) return null;
	return `${request.method} ${[target.resource, ...(target.id ? ['id'] : []), ...(target.action ? [target.action] : [])].join('/')}`;
}

function decoded(step: string): string {
	try {
		return decodeURIComponent(step);
	} catch {
		return step;
	}
}
