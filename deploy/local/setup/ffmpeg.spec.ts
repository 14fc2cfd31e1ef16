import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeMachine } from './fake-machine';

const isDebian = existsSync('/etc/os-release') && /debian/.test(readFileSync('/etc/os-release', 'utf8'));
const isRoot = process.getuid?.() === 0;

let machine: FakeMachine;

beforeEach(() => {
  machine = new FakeMachine();
  machine.file('apt.log', '');
});

afterEach(() => {
  machine.remove();
});

/** With nothing on PATH but what the test has put there. */
const provide = () =>
  machine.start('ffmpeg.mjs', 'it.provideFfmpeg()', { PATH: join(machine.folder, 'path') }).ending;

describe('provideFfmpeg', () => {
  it('installs nothing when both programs are there', async () => {
    machine.program('ffmpeg', '');
    machine.program('ffprobe', '');
    machine.program('apt-get', 'echo "$1" >> "$MACHINE/apt.log"');
    expect((await provide()).code).toBe(0);
    expect(machine.read('apt.log')).toBe('');
  });

  (isDebian && isRoot ? it : it.skip)('has apt-get install it on Debian, as root', async () => {
    machine.program('ffmpeg', '');
    machine.program('apt-get', 'echo "$1" >> "$MACHINE/apt.log"');
    expect((await provide()).code).toBe(0);
    expect(machine.read('apt.log')).toBe('update\ninstall\n');
  });

  it('says what is missing and how to get it where apt-get cannot be used', async () => {
    machine.program('ffmpeg', '');
    const { stderr } = await provide();
    expect(stderr).toContain('ffprobe is not on PATH: install ffmpeg');
  });
});
