// Owns the last line of the tier: how many tests passed on which servers.
module.exports = class Report {
	onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
		const line = `real: ${process.env.CRM_ERP_REAL_SERVERS ?? 'no server'}, ${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
		// jest's own summary comes after this call.
		process.once('exit', () => console.log(line));
	}
};
