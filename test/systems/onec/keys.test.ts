// Proves how records are named in 1C: our own Ref_Keys by the standard, and the mark in a comment that people may write
// around.
import fc from 'fast-check';
import '../../seed';
import { uuid5 } from '../../../nodes/core/uuid';
import { EMPTY_REF, isGuid, markedKey, ownKey, reference, refKey, sameRef, withMark, withoutMark } from '../../../nodes/OneC/onec.keys';

const word = fc.stringMatching(/^[A-Za-z0-9-]{1,12}$/);
const key = fc.tuple(word, word, fc.stringMatching(/^[A-Za-zА-я0-9:x-]{1,20}$/)).map((parts) => parts.join(':'));

it('makes version 5 UUIDs as RFC 4122 has them', () => {
	// The RFC's own namespace for names of hosts; value as Python's uuid.uuid5 gives it.
	expect(uuid5('python.org', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe('886313e1-3b8a-5372-9b90-0c9aee199e5d');
});

it('gives a key one Ref_Key for ever', () => {
	expect(refKey('vtiger:Quotes:4x38')).toBe('f8df40ec-91ed-59e4-9cb1-d9ad73740af9');
	expect(refKey('vtiger:Accounts:11x8', 'partner')).toBe('207c25ec-efc4-53f9-9ea8-5a4cf4f8934c');
});

it('tells different keys and parts apart', () => {
	fc.assert(
		fc.property(key, key, word, (one, other, part) => {
			fc.pre(one !== other);
			const all = [refKey(one), refKey(other), refKey(one, part), refKey(other, part)];
			expect(new Set(all).size).toBe(4);
			for (const id of all) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
		}),
	);
});

it('gives the key back from a comment, whatever people wrote before it', () => {
	fc.assert(
		fc.property(fc.string(), key, key, (comment, first, second) => {
			const marked = withMark(comment, first);
			expect(markedKey(marked)).toBe(first);
			expect(markedKey(withMark(marked, second))).toBe(second);
			expect(withMark(withMark(comment, first), first)).toBe(marked);
			expect(withoutMark(withMark(withoutMark(comment), first))).toBe(withoutMark(comment));
		}),
	);
});

it.each([['nothing here'], [''], ['[see page 4]'], ['[vtiger:Quotes:4x38] and more behind it'], ['[a: b:c]']])('reads no key from %j', (comment) => {
	expect(markedKey(comment)).toBeUndefined();
});

it('believes a mark only on the record that it names', () => {
	const comment = withMark('Widgets', 'vtiger:Quotes:4x38');
	expect(ownKey(refKey('vtiger:Quotes:4x38').toUpperCase(), comment)).toBe('vtiger:Quotes:4x38');
	// Somebody copied the order in 1C, comment and all.
	expect(ownKey('8d1d7287-6240-11f1-9296-08002761f3c5', comment)).toBeUndefined();
});

it('takes the empty reference for none', () => {
	expect(reference(EMPTY_REF)).toBeUndefined();
	expect(reference('8D1D7287-6240-11F1-9296-08002761F3C5')).toBe('8d1d7287-6240-11f1-9296-08002761f3c5');
	expect(sameRef(undefined, EMPTY_REF)).toBe(true);
	expect(sameRef('8D1D7287-6240-11F1-9296-08002761F3C5', '8d1d7287-6240-11f1-9296-08002761f3c5')).toBe(true);
	expect(isGuid('42')).toBe(false);
});
