import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeMachine } from './fake-machine';

const isDebian = existsSync('/etc/os-release') && /debian/.test(readFileSync('/etc/os-release', 'utf8'));
const isRoot = process.getuid?.() === 0;
const onDebianAsRoot = isDebian && isRoot ? it : it.skip;
const NGINX = 'echo "configure arguments: --with-http_mp4_module" >&2';

/** An apt-get that writes down what it is told, and puts on PATH the packages that it is to install. */
const APT = `
echo "$@" >> "$MACHINE/apt.log"
[ "$1" = install ] || exit 0
for package in "$@"; do
  case "$package" in
    nginx) printf '#!/bin/sh\\n${NGINX.replaceAll('"', '\\"')}\\n' > "$MACHINE/path/nginx" ;;
    ffmpeg) printf '#!/bin/sh\\n' > "$MACHINE/path/ffmpeg"; printf '#!/bin/sh\\n' > "$MACHINE/path/ffprobe" ;;
    chromium) printf '#!/bin/sh\\n' > "$MACHINE/path/chromium" ;;
    *) continue ;;
  esac
done
/bin/chmod +x "$MACHINE"/path/*`;
const OPTIONS = '-y --no-install-recommends -o DPkg::Lock::Timeout=300';

let machine: FakeMachine;

beforeEach(() => {
  machine = new FakeMachine();
  machine.file('apt.log', '');
});

afterEach(() => {
  machine.remove();
});

/** With nothing on PATH but what the test has put there. */
const provide = (names: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  machine.start('packaged-programs.mjs', `it.providePackagedPrograms(${JSON.stringify(names)})`, {
    PATH: join(machine.folder, 'path'),
    ...env,
  }).ending;
const own = (name: string) => join(machine.folder, 'path', name);

describe('providePackagedPrograms', () => {
  it('installs nothing when all is there', async () => {
    machine.program('ffmpeg', '');
    machine.program('chromium', '');
    machine.program('nginx', NGINX);
    machine.program('apt-get', APT);
    const { stdout } = await provide(['ffmpeg', 'chromium', 'nginx']);
    expect(JSON.parse(stdout)).toEqual({ CLIPMESH_CHROMIUM: own('chromium'), CLIPMESH_NGINX: own('nginx') });
    expect(machine.read('apt.log')).toBe('');
  });

  onDebianAsRoot('installs all that is missing by one apt-get', async () => {
    machine.program('ffmpeg', '');
    machine.program('apt-get', APT);
    const { stdout } = await provide(['ffmpeg', 'ffprobe', 'chromium', 'nginx']);
    expect(JSON.parse(stdout)).toEqual({ CLIPMESH_CHROMIUM: own('chromium'), CLIPMESH_NGINX: own('nginx') });
    expect(machine.read('apt.log')).toBe(`update\ninstall ${OPTIONS} ffmpeg chromium nginx\n`);
  });

  onDebianAsRoot('stops the server that a package has started', async () => {
    machine.program('apt-get', APT);
    machine.program('systemctl', 'echo "$@" >> "$MACHINE/systemctl.log"');
    await provide(['nginx']);
    expect(machine.read('systemctl.log')).toBe('is-active --quiet nginx\ndisable --now nginx\n');
  });

  onDebianAsRoot('leaves alone a server that was there before, and says what it lacks', async () => {
    machine.program('nginx', 'echo "configure arguments: " >&2');
    machine.program('apt-get', 'true');
    machine.program('systemctl', 'echo "$@" >> "$MACHINE/systemctl.log"');
    const { stderr } = await provide(['nginx']);
    expect(stderr).toContain('nginx with its mp4 module is not on PATH');
    expect(existsSync(join(machine.folder, 'systemctl.log'))).toBe(false);
  });

  onDebianAsRoot('says so when apt-get cannot bring a program', async () => {
    machine.program('apt-get', '[ "$1" = update ] || { echo "no candidate" >&2; exit 100; }');
    const { stderr } = await provide(['chromium']);
    expect(stderr).toContain('install chromium by hand');
    expect(stderr).toContain('no candidate');
  });

  it('takes the binary that the environment names', async () => {
    const { stdout } = await provide(['chromium'], { CLIPMESH_CHROMIUM: '/bin/true' });
    expect(JSON.parse(stdout)).toEqual({ CLIPMESH_CHROMIUM: '/bin/true' });
  });

  it('refuses a binary of the environment that cannot be used', async () => {
    const { stderr } = await provide(['nginx'], { CLIPMESH_NGINX: '/bin/true' });
    expect(stderr).toContain('CLIPMESH_NGINX is /bin/true, which cannot be used as nginx');
  });

  it('says what is missing and how to get it where apt-get cannot be used', async () => {
    machine.program('ffmpeg', '');
    const { stderr } = await provide(['ffmpeg', 'ffprobe', 'chromium']);
    expect(stderr).toContain('ffprobe is not on PATH: install ffmpeg');
    expect(stderr).toContain('apt-get install ffmpeg chromium');
  });
});
