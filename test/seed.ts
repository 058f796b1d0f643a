// Property tests start from one seed, so that a run can be repeated; FC_SEED=random (or a number) looks elsewhere.
import fc from 'fast-check';

const asked = process.env.FC_SEED;
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked ?? 20_261_122) });
