// Proves the expressions for other APIs in docs/how-to/add-a-system.md: each makes of its example what the text says.
import fs from 'node:fs';
import path from 'node:path';
import { ProfileEvaluator } from '../../nodes/RestErp/rest.evaluator';
import { functionsFor } from '../../nodes/RestErp/rest.functions';
import { unseenName } from '../../nodes/RestErp/rest.profile.names';

const text = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'how-to', 'add-a-system.md'), 'utf8');
const table = /<!-- recipes -->\n([\s\S]*?)<!-- \/recipes -->/.exec(text)![1]!;
const recipes = table.trim().split('\n').slice(2).map((line) => line.split('|').slice(1, 4).map((cell) => cell.trim().slice(1, -1)) as [string, string, string]);

const same = (value: unknown): string => String(value);
const evaluator = new ProfileEvaluator('how-to', functionsFor({ installation: 'erp', moduleOf: () => undefined, fromSystemTime: same, toSystemTime: same, toDate: same }));

it.each(recipes)('%s by %s', async (holds, expression, gives) => {
	const x = JSON.parse(holds) as unknown;
	expect(await evaluator.value('x', expression, { record: { x }, document: { x }, key: x } as never)).toEqual(JSON.parse(gives));
	expect(unseenName(expression)).toBeUndefined();
});

it.each(recipes.filter(([, expression]) => /^\$/.test(expression) && !expression.includes('key')))('nothing stays nothing: %s by %s', async (_holds, expression) => {
	expect(await evaluator.value('x', expression, { record: {}, document: {} } as never)).toBeUndefined();
});

it('has recipes', () => {
	expect(recipes.length).toBeGreaterThan(5);
});
