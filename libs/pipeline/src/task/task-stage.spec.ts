import type { JobState } from '../job/job-state';
import { JOB_TRANSITIONS } from '../job/job-transitions';
import { isWanted, type TaskStage } from './task-stage';

const STAGES: readonly TaskStage[] = ['plan', 'encode', 'write', 'digest', 'clean'];

it('cancels work only in states that no live state follows', () => {
  const states = Object.keys(JOB_TRANSITIONS) as JobState[];
  expect(states.map((state) => `${state}: ${STAGES.filter((stage) => isWanted(stage, state)).join(' ')}`))
    .toMatchInlineSnapshot(`
   [
     "queued: plan encode write digest clean",
     "planning: plan encode write digest clean",
     "encoding: plan encode write digest clean",
     "writing: plan encode write digest clean",
     "publishing: plan encode write digest clean",
     "canceling: clean",
     "completed: digest clean",
     "failed: clean",
     "canceled: clean",
   ]
  `);
});
