// A polling trigger for the tests of the n8n host: counts its polls in static data.
class ProbeTrigger {
	constructor() {
		this.description = {
			displayName: 'Probe Trigger',
			name: 'probeTrigger',
			group: ['trigger'],
			version: 1,
			description: 'Counts its polls',
			defaults: { name: 'Probe Trigger' },
			polling: true,
			inputs: [],
			outputs: ['main'],
			properties: [],
		};
	}
	async poll() {
		const kept = this.getWorkflowStaticData('node');
		kept.polls = (kept.polls ?? 0) + 1;
		return [[{ json: { polls: kept.polls } }]];
	}
}
module.exports = { ProbeTrigger };
