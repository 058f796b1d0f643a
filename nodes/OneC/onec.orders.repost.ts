// Owns the word in the comment of a posted order that stands there from our change until it is posted again. Writing
// leaves "posted" as it is, so that nothing else would tell that the movements are those of before. Pure.
import { plainText } from './onec.cells';
import { markedKey, withMark, withoutMark } from './onec.keys';
import type { Profile } from './onec.profile';
import type { Row } from './onec.wire';

const HALF_DONE = '[to be posted again]';

/** Whether a comment says so. */
export function isHalfDone(comment: string): boolean {
	return comment.includes(HALF_DONE);
}

/** Whether a posted order was changed by us and not posted again since. */
export function awaitsPosting(row: Row, { order }: Profile): boolean {
	return order.comment !== undefined && row.Posted === true && isHalfDone(plainText(row[order.comment]));
}

/** The comment of an order that is about to be changed; the key's mark stays at its end. */
export function withHalfDone(comment: string): string {
	if (isHalfDone(comment)) return comment;
	const key = markedKey(comment);
	return key ? withMark(`${withoutMark(comment)} ${HALF_DONE}`.trim(), key) : `${comment} ${HALF_DONE}`.trim();
}

export function withoutHalfDone(comment: string): string {
	return comment.split(HALF_DONE).map((part) => part.trim()).filter(Boolean).join(' ');
}
