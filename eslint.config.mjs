// Owns what the linter asks of each part of the repository. Every exception is named with its reason in
// docs/decisions/0002-lint-exceptions.md.
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const typed = { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } };

/** What the compiler does not see. */
const promises = {
	'@typescript-eslint/no-explicit-any': 'error',
	'@typescript-eslint/no-floating-promises': 'error',
	'@typescript-eslint/no-misused-promises': 'error',
	'@typescript-eslint/await-thenable': 'error',
	'@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
	// Indexes are checked (noUncheckedIndexedAccess); `!` says what the loop around it guarantees.
	'@typescript-eslint/no-non-null-assertion': 'off',
	'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
	eqeqeq: 'error',
};

const off = (...rules) => Object.fromEntries(rules.map((rule) => [rule, 'off']));

export default tseslint.config(
	{ ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'test/wire/fixtures/**'] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' }, plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [tseslint.configs.strict, n8nCommunityNodesPlugin.configs.recommended],
		languageOptions: typed,
		rules: { ...promises, 'no-console': 'error' },
	},
	{ files: ['nodes/**/*.ts'], rules: n8nNodesBase.configs.nodes.rules },
	{ files: ['credentials/**/*.ts'], rules: n8nNodesBase.configs.credentials.rules },
	// The exceptions of docs/decisions/0002-lint-exceptions.md, in its order.
	{ files: ['nodes/**/*.ts', 'credentials/**/*.ts'], rules: off('@n8n/community-nodes/no-restricted-imports') },
	{ files: ['nodes/kit/http.ts'], rules: off('@n8n/community-nodes/no-restricted-globals') },
	{ files: ['nodes/**/*.ts'], ignores: ['nodes/**/*.node.ts'], rules: off('@n8n/community-nodes/require-node-api-error') },
	{ files: ['nodes/**/*.node.ts'], rules: off('n8n-nodes-base/node-class-description-inputs-wrong-regular-node', 'n8n-nodes-base/node-class-description-outputs-wrong') },
	{ files: ['credentials/**/*.ts'], rules: off('n8n-nodes-base/cred-class-field-documentation-url-miscased', '@n8n/community-nodes/credential-unnecessary-password') },
	{
		files: ['package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: { ...n8nNodesBase.configs.community.rules, ...off('@n8n/community-nodes/no-runtime-dependencies') },
	},
	{
		files: ['test/**/*.ts', 'demo/**/*.ts'],
		extends: [tseslint.configs.recommended],
		languageOptions: typed,
		rules: promises,
	},
	{ files: ['**/*.{js,mjs,cjs}'], rules: { eqeqeq: 'error', 'no-unused-vars': ['error', { argsIgnorePattern: '^_' }], 'no-undef': 'off' } },
);
