import type { JobRecord, TaskOutcome, TaskRecord } from '@clipmesh/contracts';
import type { WallTime } from '@clipmesh/media';
import { claim, commit, giveUp, plan, type EndFacts, type JobChange } from '@clipmesh/pipeline';

const NOTHING_NEW: JobChange<JobRecord> = { refused: 'event-not-expected' };

/** What a task's record means for its job. The table of the job decides whether it still counts. */
export function foldTask(
  job: JobRecord,
  task: TaskRecord,
  end: EndFacts,
  now: WallTime,
): JobChange<JobRecord> {
  switch (task.state) {
    case 'queued':
    case 'running':
      return task.stage === 'plan' && task.claim > 0 ? claim(job, now) : NOTHING_NEW;
    case 'done':
      return task.outcome === undefined ? NOTHING_NEW : foldOutcome(job, task.outcome, now);
    case 'failed':
    case 'canceled':
      return isStageOfThePath(task) ? giveUp(job, { ...end, ...faultOf(task) }, now) : NOTHING_NEW;
  }
}

function foldOutcome(job: JobRecord, outcome: TaskOutcome, now: WallTime): JobChange<JobRecord> {
  switch (outcome.stage) {
    case 'plan':
      return foldPlan(job, factsOf(outcome), now);
    case 'write':
      return commit(job, { written: factsOf(outcome) }, now);
    case 'encode':
      // One of many: see `encodedSoFar`.
      return NOTHING_NEW;
    case 'digest':
    case 'clean':
      // They follow the end of a job: see `collectTask`.
      return NOTHING_NEW;
  }
}

/** What an outcome tells of the job: all but whose it is. */
function factsOf<O extends TaskOutcome>({ stage, ...facts }: O): Omit<O, 'stage'> {
  return facts;
}

/** A plan may be in before anybody has noted that it was begun: both steps in one save. */
function foldPlan(
  job: JobRecord,
  planned: NonNullable<JobRecord['planned']>,
  now: WallTime,
): JobChange<JobRecord> {
  const begun = claim(job, now);
  if ('refused' in begun) {
    return plan(job, { planned }, now);
  }
  const planning = plan(begun.job, { planned }, now);
  if ('refused' in planning) {
    return planning;
  }
  const announced = begun.effects.filter(({ type }) => type === 'announce');
  return { job: planning.job, effects: [...announced, ...planning.effects] };
}

const isStageOfThePath = ({ stage }: TaskRecord): boolean =>
  stage === 'plan' || stage === 'encode' || stage === 'write';

function faultOf({ reason, stage, state }: TaskRecord) {
  if (reason === undefined) {
    return { code: 'InternalError', message: `the ${stage} task is ${state} without a reason` } as const;
  }
  const { code, message, details } = reason;
  return { code, message, ...(details !== undefined && { details }) };
}
