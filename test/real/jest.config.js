// The tier that needs a real server: kept out of `npm test`, run by `npm run test:real`.
const { transform } = require('../../jest.config.js');

module.exports = {
	rootDir: '../..',
	testEnvironment: 'node',
	transform,
	testMatch: ['<rootDir>/test/real/**/*.test.ts'],
	// Where an Odoo of somebody's is named, none is set up, and there is no set-up to prove.
	testPathIgnorePatterns: ['/node_modules/', ...(process.env.ODOO_URL ? ['<rootDir>/test/real/odoo14\\.test\\.ts'] : [])],
	globalSetup: '<rootDir>/test/real/tier.ts',
	globalTeardown: '<rootDir>/test/real/tierEnd.ts',
	reporters: ['default', '<rootDir>/test/real/report.js'],
	// The first run installs Odoo.
	testTimeout: 30 * 60_000,
	maxWorkers: 1,
};
