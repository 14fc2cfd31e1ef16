import type { JobState } from '../job/job-state';
import { JOB_TRANSITIONS } from '../job/job-transitions';
import { isWanted, type TaskStage } from './task-stage';

const STAGES: readonly TaskStage[] = ['plan', 'encode', 'write', 'digest', 'clean'];

it('wants of each state what its duties start, and nothing else', () => {
  const states = Object.keys(JOB_TRANSITIONS) as JobState[];
  expect(states.map((state) => `${state}: ${STAGES.filter((stage) => isWanted(stage, state)).join(' ')}`))
    .toMatchInlineSnapshot(`
   [
     "queued: plan",
     "planning: plan",
     "encoding: encode",
     "writing: write",
     "publishing: ",
     "canceling: clean",
     "completed: digest clean",
     "failed: clean",
     "canceled: clean",
   ]
  `);
});
