// Owns the kinds of failure and who acts on each. Must not know n8n, the network or any system's codes.
import { ZodError } from 'zod';

/**
 * - `transient`: certainly not done; the same call may simply be sent again
 * - `throttled`: refused for now; wait as told, then send again
 * - `conflict`: somebody else wrote meanwhile; read again, then decide
 * - `missing`: a record it needs is not there (yet)
 * - `ambiguous`: several records fit; a person must choose
 * - `rejected`: the system or our own checks refuse the content; a person must change it
 * - `denied`: credentials or rights; stop until somebody mends them
 * - `unknown`: it may have been done; look up by key, then decide
 */
export const FAILURE_KINDS = ['transient', 'throttled', 'conflict', 'missing', 'ambiguous', 'rejected', 'denied', 'unknown'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

export interface FailureDetails {
	/** On which record, as a person knows it: `quote QUO3 "Five widgets"`. */
	record?: string;
	/** What the reader does next. */
	advice?: string;
	/** The system's own stable code. */
	code?: string;
	/** For `throttled`: how long to wait. */
	retryAfterMs?: number;
	/** What the system said, in its own words, when that helps. */
	said?: string;
	cause?: unknown;
}

/** Something that did not work, in words a person can act on. Never holds a secret or a traceback. */
export class Failure extends Error {
	readonly record?: string;
	readonly advice?: string;
	readonly code?: string;
	readonly retryAfterMs?: number;
	readonly said?: string;

	constructor(
		readonly kind: FailureKind,
		readonly what: string,
		details: FailureDetails = {},
	) {
		super(sentence(what, details), { cause: details.cause });
		this.name = 'Failure';
		this.record = details.record;
		this.advice = details.advice;
		this.code = details.code;
		this.retryAfterMs = details.retryAfterMs;
		this.said = details.said;
	}

	/** The message without the record's name: for a text that is written onto that record. */
	get reason(): string {
		return sentence(this.what, { said: this.said, advice: this.advice });
	}

	/** The same failure, told of a record when it names none yet. */
	on(record: string): Failure {
		return this.record ? this : new Failure(this.kind, this.what, { ...this, cause: this.cause, record });
	}

	/** The same failure with another kind, e.g. `unknown` once it is known that nothing was sent. */
	as(kind: FailureKind): Failure {
		return new Failure(kind, this.what, { ...this, cause: this.cause });
	}
}

function sentence(what: string, { record, advice, said }: FailureDetails): string {
	const head = record ? `${record}: ${what}` : what;
	return [head, said && !what.includes(said) ? `It said: ${said}` : '', advice ?? '']
		.filter(Boolean)
		.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
		.join(' ');
}

/**
 * Any thrown value as a `Failure`. What this pack itself did not foresee is told as a defect of it; what the host
 * throws (e.g. for a user's expression) keeps its words.
 */
export function asFailure(error: unknown): Failure {
	if (error instanceof Failure) return error;
	if (error instanceof ZodError) return new Failure('rejected', shapeText(error), { cause: error });
	const text = error instanceof Error ? error.message : String(error);
	const defect = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(error instanceof Error ? error.name : '');
	return new Failure('rejected', text || 'Something went wrong and left no message', { cause: error, advice: defect ? 'This is a defect of the node pack: please report it with the steps that led to it' : undefined });
}

/** The first thing that does not fit, with its place: `rounding: Invalid enum value...`. */
function shapeText({ issues }: ZodError): string {
	const issue = issues[0];
	return issue ? [issue.path.join('.'), issue.message].filter(Boolean).join(': ') : 'The data does not have the expected shape';
}

/** Whether the write may have been stored although no answer came. */
export function mayHaveHappened(error: unknown): boolean {
	return error instanceof Failure && error.kind === 'unknown';
}

/** Whether a node should give the item up to a person rather than have it come again. */
export function needsPerson(kind: FailureKind): boolean {
	return kind === 'rejected' || kind === 'ambiguous' || kind === 'missing' || kind === 'denied';
}
