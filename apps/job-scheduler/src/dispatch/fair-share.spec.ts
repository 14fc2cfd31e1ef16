import type { Lane } from '@clipmesh/contracts';
import { JobLedger, taskName, type EncodingJob } from './encode-ledger';
import { chooseNext, type Candidate } from './fair-share';

function aJob(name: string, parts: number, lane: Lane = 'normal', createdAtMs = 0): Candidate {
  const tasks = { hasSound: false, isCopied: false, parts };
  const job: EncodingJob = { id: name, name, lane, createdAtMs, durationMs: 1, tasks };
  return { job, ledger: new JobLedger() };
}

/** Hands out what is chosen, as the dispatcher does. */
function dispatch(chosen: readonly Candidate[]): string[] {
  return chosen.map(({ job, ledger }) => {
    const task = ledger.peek(job.tasks)!;
    ledger.note(task, 'queued');
    return `${job.name} ${task}`;
  });
}

describe('chooseNext', () => {
  it('fills the window with the only job there is', () => {
    const job = aJob('long', 10);
    expect(dispatch(chooseNext([job], 3))).toEqual(['long 0', 'long 1', 'long 2']);
    expect(chooseNext([job], 3)).toEqual([]);
  });

  it('gives the next place to a job that has none, however long the other has waited', () => {
    const [long, short] = [aJob('long', 10, 'normal', 1), aJob('short', 1, 'normal', 2)];
    dispatch(chooseNext([long], 3));
    long.ledger.note('0', 'done');
    expect(dispatch(chooseNext([long, short], 3))).toEqual(['short 0']);
  });

  it('begins with the oldest of jobs that have as many', () => {
    const jobs = [aJob('b', 2, 'normal', 2), aJob('a', 2, 'normal', 1), aJob('c', 2, 'normal', 3)];
    expect(dispatch(chooseNext(jobs, 4))).toEqual(['a 0', 'b 0', 'c 0', 'a 1']);
  });

  it('keeps a window for each lane: urgent work does not wait for places of the others', () => {
    const [bulk, urgent] = [aJob('bulk', 10, 'bulk'), aJob('urgent', 10, 'urgent', 5)];
    dispatch(chooseNext([bulk], 2));
    expect(dispatch(chooseNext([bulk, urgent], 2))).toEqual(['urgent 0', 'urgent 1']);
  });

  it('hands out no task twice and none that there is not', () => {
    const job = aJob('short', 2);
    expect(dispatch(chooseNext([job], 5))).toEqual(['short 0', 'short 1']);
    job.ledger.note('0', 'done');
    expect(chooseNext([job], 5)).toEqual([]);
    job.ledger.note('1', 'done');
    expect(job.ledger.isDone(job.job.tasks)).toBe(true);
  });
});

it('names the sound first, then the parts', () => {
  const names = [0, 1, 2].map((i) => taskName({ hasSound: true, isCopied: false, parts: 2 }, i));
  expect(names).toEqual(['sound', '0', '1']);
  expect(taskName({ hasSound: false, isCopied: true, parts: 0 }, 0)).toBe('pictures');
});
