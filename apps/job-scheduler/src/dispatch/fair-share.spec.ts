import type { Lane } from '@clipmesh/contracts';
import { JobLedger, taskName, type EncodingJob } from './encode-ledger';
import { EncodeProgress } from './encode-progress';
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

describe('EncodeProgress', () => {
  it('adds up what is done and what is at work, and never goes back', () => {
    const progress = new EncodeProgress(4, 40_000);
    progress.note('0', 50, 1);
    expect(progress.read(1, 0)).toMatchObject({ percent: 37.5, attempt: 1, parts: { done: 1, total: 4 } });
    progress.forget('0');
    expect(progress.read(1, 500).percent).toBe(37.5);
  });

  it('tells speed and time left from what was encoded lately', () => {
    const progress = new EncodeProgress(4, 40_000);
    progress.read(0, 0);
    expect(progress.read(1, 5_000)).toMatchObject({ speed: 2, etaMs: 15_000 });
    expect(progress.read(1, 5_000).attempt).toBe(1);
    progress.note('3', 0, 3);
    expect(progress.read(1, 6_000).attempt).toBe(3);
  });
});
