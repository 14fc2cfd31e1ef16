import { SOUND_TASK } from '@clipmesh/contracts';
import { JobLedger, type EncodeTaskCount } from './encode-ledger';
import { EncodeProgress } from './encode-progress';

function encoding(tasks: Partial<EncodeTaskCount>, durationMs = 40_000) {
  const all = { hasSound: false, isCopied: false, parts: 0, ...tasks };
  return { ledger: new JobLedger(), progress: new EncodeProgress(all, durationMs) };
}

it('adds up what is done and what is at work, and never goes back', () => {
  const { ledger, progress } = encoding({ parts: 4 });
  ledger.note('1', 'done');
  progress.note('0', 50, 1);
  expect(progress.read(ledger, 0)).toMatchObject({ percent: 37.5, attempt: 1, parts: { done: 1, total: 4 } });
  progress.forget('0');
  expect(progress.read(ledger, 500).percent).toBe(37.5);
});

it('tells speed and time left from what was encoded lately', () => {
  const { ledger, progress } = encoding({ parts: 4 });
  progress.read(ledger, 0);
  ledger.note('1', 'done');
  expect(progress.read(ledger, 5_000)).toMatchObject({ speed: 2, etaMs: 15_000 });
  expect(progress.read(ledger, 5_000).attempt).toBe(1);
  progress.note('3', 0, 3);
  expect(progress.read(ledger, 6_000).attempt).toBe(3);
});

it('counts a part once when its worker is heard after its end', () => {
  const { ledger, progress } = encoding({ parts: 4 });
  ledger.note('0', 'done');
  progress.note('0', 90, 1);
  expect(progress.read(ledger, 0).percent).toBe(25);
});

it.each([1, 10, 1_000])('takes sound for as small a share beside %i parts', (parts) => {
  const { ledger, progress } = encoding({ hasSound: true, parts });
  ledger.note(SOUND_TASK, 'done');
  const told = progress.read(ledger, 0);
  expect(told.parts).toEqual({ done: 1, total: parts + 1 });
  expect(told.percent).toBeCloseTo((100 * 0.15) / 1.15);
});

it('counts sound at work by its share, too', () => {
  const { ledger, progress } = encoding({ hasSound: true, parts: 2 });
  progress.note(SOUND_TASK, 50, 1);
  ledger.note('0', 'done');
  expect(progress.read(ledger, 0).percent).toBeCloseTo((100 * (1 + 0.15)) / 2.3);
});

it('takes pictures that are only copied for next to nothing beside the sound', () => {
  const { ledger, progress } = encoding({ hasSound: true, isCopied: true });
  ledger.note('pictures', 'done');
  expect(progress.read(ledger, 0).percent).toBeCloseTo(100 / 16);
});

it.each([
  ['pictures and sound', { hasSound: true, parts: 2 }, ['0', '1', SOUND_TASK]],
  ['pictures alone', { parts: 2 }, ['0', '1']],
  ['copied pictures and sound', { hasSound: true, isCopied: true }, ['pictures', SOUND_TASK]],
])('ends at 100 percent: %s', (_what, tasks, names) => {
  const { ledger, progress } = encoding(tasks);
  for (const name of names) {
    expect(progress.read(ledger, 0).percent).toBeLessThan(99.9);
    ledger.note(name, 'done');
  }
  expect(progress.read(ledger, 0).percent).toBeCloseTo(100);
});

it('goes on from what another scheduler has told', () => {
  const { ledger } = encoding({ parts: 4 });
  const progress = new EncodeProgress({ hasSound: false, isCopied: false, parts: 4 }, 40_000, 0.6);
  ledger.note('0', 'done');
  expect(progress.read(ledger, 0)).toMatchObject({ percent: 60, parts: { done: 1, total: 4 } });
  for (const task of ['1', '2']) {
    ledger.note(task, 'done');
  }
  expect(progress.read(ledger, 10_000)).toMatchObject({ percent: 75, speed: expect.closeTo(0.6) as number });
});
