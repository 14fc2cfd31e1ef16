import { JOB_TRANSITIONS } from './job-transitions';
import type { JobState } from './job-state';
import { publicState } from './public-state';

it('shows the four states of Azure Video Analyzer', () => {
  const states = Object.keys(JOB_TRANSITIONS) as JobState[];
  expect(Object.fromEntries(states.map((state) => [state, publicState(state)]))).toMatchInlineSnapshot(`
   {
     "canceled": "Canceled",
     "canceling": "Processing",
     "completed": "Completed",
     "encoding": "Processing",
     "failed": "Failed",
     "planning": "Processing",
     "publishing": "Processing",
     "queued": "Processing",
     "writing": "Processing",
   }
  `);
});
