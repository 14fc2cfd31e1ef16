import { failureOf, StoppedByTimeout } from './ending';

const running = new AbortController().signal;
const saying = (text: string) => ({ toString: () => text });

describe('failureOf', () => {
  it('finds nothing wrong with exit code 0, whatever was said', () => {
    expect(failureOf({ exitCode: 0, signal: null }, running, saying('Invalid data found'))).toBeUndefined();
  });

  it.each([
    ['bad media', 1, null, 'pipe:0: Invalid data found when processing input', 'UndecodableMedia'],
    ['media without the track', 1, null, "Stream map '0:v:0' matches no streams.", 'UndecodableMedia'],
    ['a full disk', 1, null, 'av_interleaved_write_frame(): No space left on device', 'ScratchFull'],
    ['an encoder that it lacks', 1, null, "Unknown encoder 'libx265'", 'EncoderMissing'],
    ['no reason', 1, null, '', 'EncoderCrashed'],
    ['ffmpeg missing', 127, null, 'sh: exec: ffmpeg: not found', 'EncoderCrashed'],
    ['too little memory', 1, null, 'malloc of size 33177664 failed', 'EncoderCrashed'],
    [
      'a crash while it complained of the media',
      null,
      'SIGSEGV' as const,
      'Invalid data found',
      'EncoderCrashed',
    ],
  ])('names %s', (_what, exitCode, signal, text, code) => {
    expect(failureOf({ exitCode, signal }, running, saying(text))).toMatchObject({
      code,
      details: { exitCode, signal, stderrTail: text },
    });
  });

  it('gives the reason of a stop, however the process took it', () => {
    const reason = new Error('job canceled');
    const stop = AbortSignal.abort(reason);
    for (const ending of [
      { exitCode: 255, signal: null },
      { exitCode: 0, signal: null },
      { exitCode: null, signal: 'SIGKILL' as const },
    ]) {
      expect(failureOf(ending, stop, saying('Exiting normally'))).toBe(reason);
    }
  });

  it('names a stop because of the time', () => {
    const stop = AbortSignal.abort(new StoppedByTimeout('did not end within 500 ms'));
    expect(failureOf({ exitCode: 255, signal: null }, stop, saying(''))).toMatchObject({
      code: 'EncoderTimedOut',
      message: 'ffmpeg did not end within 500 ms',
    });
  });
});
