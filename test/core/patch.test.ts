// Proves the merge patch against RFC 7396's own examples, and that only near names are guessed.
import { mergePatch, nearest } from '../../nodes/core/patch';

it('merges as RFC 7396 says', () => {
	expect(mergePatch({ a: 'b', c: { d: 'e', f: 'g' } }, { a: 'z', c: { f: null } })).toEqual({ a: 'z', c: { d: 'e' } });
	expect(mergePatch({ a: ['b'] }, { a: 'c' })).toEqual({ a: 'c' });
	expect(mergePatch({ a: 'foo' }, { a: { b: { c: null } } })).toEqual({ a: { b: {} } });
	expect(mergePatch('x', { a: 1 })).toEqual({ a: 1 });
});

it('guesses only what is near', () => {
	expect(nearest('СтавкаНДС_Key', ['Цена', 'СтавкаНДС', 'Сумма'])).toBe('СтавкаНДС');
	expect(nearest('Колличество', ['Количество', 'Код'])).toBe('Количество');
	expect(nearest('Zzzzzzzz', ['Количество'])).toBeUndefined();
});
