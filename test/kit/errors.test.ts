// Proves how a failure looks in n8n: headline, what to do below it, the item it belongs to, no secret on the way.
import { Failure } from '../../nodes/core/failure';
import { failedItem, failureJson, nodeError } from '../../nodes/kit/errors';
import { NODE } from './fakes';

const failure = new Failure('rejected', 'It was refused', { record: 'order S1', said: 'No stock', advice: 'Order more', code: 'E1' });

describe('as an error of the node', () => {
	it('has what happened as its headline and what to do below', () => {
		expect(nodeError(NODE, failure, 3)).toMatchObject({ message: 'order S1: It was refused', description: 'It said: No stock.\nOrder more', context: { itemIndex: 3 } });
	});

	it('belongs to no item when none is meant', () => expect(nodeError(NODE, failure).context.itemIndex).toBeUndefined());
	it('has no empty lines below', () => expect(nodeError(NODE, new Failure('denied', 'No')).description || '').toBe(''));
	it('may be anything that was thrown', () => expect(nodeError(NODE, 'just text').message).toBe('just text'));

	it('does not carry what lies below: no request, no key', () => {
		const cause = Object.assign(new Error('below'), { config: { headers: { Authorization: 'bearer SECRET' } } });
		expect(JSON.stringify(nodeError(NODE, new Failure('unknown', 'It broke', { cause })))).not.toContain('SECRET');
		expect(JSON.stringify(failureJson(new Failure('unknown', 'It broke', { cause })))).not.toContain('SECRET');
	});
});

it('as an item it is paired and says kind, words, record and code', () => {
	const item = failedItem(NODE, { json: { kind: 'quote' } }, failure, 2);
	expect(item.pairedItem).toEqual({ item: 2 });
	expect(item.json.error).toEqual({ kind: 'rejected', message: 'order S1: It was refused. It said: No stock. Order more.', reason: 'It was refused. It said: No stock. Order more.', record: 'order S1', advice: 'Order more', code: 'E1' });
});
