import { ExportError, type ErrorCode } from '@clipmesh/errors';
import { lostOnLastAttempt, resolveFailure } from './resolve-failure';

const SETTINGS = { maxAttempts: 5, retryDelayMs: 1_000 };
const error = (code: ErrorCode): ExportError => new ExportError(code, { message: 'what happened' });

it.each([
  ['a transient fault is tried again', 'EncoderCrashed', 'encode', 1, 'retry'],
  ['until attempts are used up', 'EncoderCrashed', 'encode', 5, 'giveUp'],
  ['a defect of ours is tried again', 'InternalError', 'plan', 2, 'retry'],
  ['a lost race is run again', 'RevisionStale', 'plan', 1, 'retry'],
  ['what cannot work is not', 'CodecUnsupported', 'plan', 1, 'giveUp'],
  ['a missing store is waited out', 'StoreUnreachable', 'write', 5, 'postpone'],
  ['a full disk is waited out', 'ScratchFull', 'encode', 1, 'postpone'],
  ['cleaning goes on whatever happens', 'StoreDenied', 'clean', 50, 'retry'],
  ['cleaning goes on even when it looks hopeless', 'RequestInvalid', 'clean', 1, 'retry'],
] as const)('%s', (_, code, stage, attempt, type) => {
  expect(resolveFailure(error(code), { stage, attempt }, SETTINGS)).toMatchObject({ type });
});

it('doubles the delay with every attempt, up to half a minute', () => {
  const delays = [1, 2, 3, 50].map((attempt) => {
    const resolution = resolveFailure(error('StoreDenied'), { stage: 'clean', attempt }, SETTINGS);
    return 'delayMs' in resolution ? resolution.delayMs : undefined;
  });
  expect(delays).toEqual([1_000, 2_000, 4_000, 30_000]);
});

it('names the last error when attempts are used up', () => {
  expect(resolveFailure(error('OutputInvalid'), { stage: 'write', attempt: 5 }, SETTINGS)).toMatchObject({
    fault: { code: 'AttemptsExhausted', details: { lastCode: 'OutputInvalid' } },
  });
  expect(lostOnLastAttempt({ attempt: 5 })).toMatchObject({ details: { lastCode: 'LeaseLost' } });
});
