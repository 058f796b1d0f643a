// Tests run straight from TypeScript (swc strips the types; `npm run typecheck` checks them).
module.exports = {
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }],
	},
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	// Needs a real server: `npm run test:real`, with a configuration of its own.
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/real/'],
	setupFilesAfterEnv: ['<rootDir>/test/seed.ts'],
	testTimeout: 30_000,
};
