// Proves how an answer is read before any system looks at it: JSON only when it says so, a stray page in few words.
import fc from 'fast-check';
import { describeAnswer, jsonBody, type HttpResponse } from '../../nodes/core/http';

function answer(text: string, type?: string, status = 200): HttpResponse {
	return { status, headers: type ? { 'content-type': type } : {}, text };
}

describe('the body as JSON', () => {
	it.each(['application/json', 'application/json; charset=UTF-8', 'text/json', 'application/vnd.api+json', 'APPLICATION/JSON'])('is read as %s', (type) => expect(jsonBody(answer('{"a":1}', type))).toEqual({ a: 1 }));
	it.each([['text/html'], ['text/plain'], [undefined]])('is not read as %s', (type) => expect(jsonBody(answer('{"a":1}', type))).toBeUndefined());
	it.each(['', '<html>', '{"a":'])('%p is none, whatever its type', (text) => expect(jsonBody(answer(text, 'application/json'))).toBeUndefined());
	it('may be null, which is not nothing', () => expect(jsonBody(answer('null', 'application/json'))).toBeNull());
});

describe('an answer in few words', () => {
	it('is the text of a page, without its code', () => {
		const page = '<html><head><title>Log in</title><style>p { color: red }</style><script>track()</script></head><body><h1>Log\n  in</h1></body></html>';
		expect(describeAnswer(answer(page, 'text/html'))).toBe('HTTP 200 "Log in Log in"');
	});

	it('says when there is none', () => expect(describeAnswer(answer(' \n ', undefined, 500))).toBe('HTTP 500 with an empty body'));
	it('is cut', () => expect(describeAnswer(answer('x'.repeat(500)))).toBe(`HTTP 200 "${'x'.repeat(120)}..."`));
	it('is always short and on one line', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 400 }), (text) => {
				expect(describeAnswer(answer(text)).length).toBeLessThan(150);
				expect(describeAnswer(answer(text))).not.toContain('\n');
			}),
		);
	});
});
