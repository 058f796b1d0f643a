// Owns answers that are taken piece by piece: a page for people is told before the reader sees it, and what was taken
// already is never sent again.
import { asFailure } from '../core/failure';
import type { Clock } from '../core/http';
import { READ, retry } from '../core/retry';
import { isHtml, withoutBom } from './onec.failures.bodies';
import type { Exchange } from './onec.session.exchange';
import { aboutOf, type OnecRequest, readAnswer } from './onec.wire';

/** Letters that tell a page for people. */
const HEAD = 16;

/** Sends again only as long as nothing was taken; behind that a mishap is the reader's to repeat. */
export async function readStream(exchange: Exchange, request: OnecRequest, onChunk: (text: string) => void, clock: Clock): Promise<void> {
	let taken = false;
	const once = async (): Promise<'done' | { broken: unknown }> => {
		const { take, end } = checked(request, (text) => {
			taken = true;
			onChunk(text);
		});
		try {
			await exchange.once({ ...request, onChunk: take }, 'anything');
			end();
			return 'done';
		} catch (error) {
			if (!taken) throw error;
			return { broken: error };
		}
	};
	const result = await retry(once, READ, clock);
	if (result !== 'done') throw asBroken(result.broken);
}

function asBroken(error: unknown): unknown {
	const failure = asFailure(error);
	return failure.kind === 'unknown' ? failure.as('transient') : error;
}

/** Passes the text on once its beginning was looked at. */
function checked(request: OnecRequest, onChunk: (text: string) => void): { take: (chunk: string) => void; end: () => void } {
	let head: string | undefined = '';
	const open = (): void => {
		const text = head ?? '';
		head = undefined;
		if (isHtml(text)) readAnswer({ status: 200, headers: {}, text }, aboutOf(request), 'anything');
		if (text) onChunk(withoutBom(text));
	};
	return {
		take: (chunk) => {
			if (head === undefined) return onChunk(chunk);
			head += chunk;
			if (head.trim().length >= HEAD) open();
		},
		end: () => {
			if (head !== undefined) open();
		},
	};
}
