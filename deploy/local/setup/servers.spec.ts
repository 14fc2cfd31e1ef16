import { execFileSync } from 'node:child_process';
import { FakeMachine } from './fake-machine';

// A `go install` that tells when it has begun, and ends when the test lets it.
const GO = `
echo install >> "$MACHINE/go.log"
touch "$MACHINE/go-begun"
while [ ! -e "$MACHINE/go-may-end" ]; do sleep 0.02; done
printf '#!/bin/sh\\necho built\\n' > "$GOBIN/nats-server"
chmod +x "$GOBIN/nats-server"`;
const PROVIDE = 'it.provideServers(["nats-server"])';
const BINARY = 'nats-server@v2.15.2';

let machine: FakeMachine;

beforeEach(() => {
  machine = new FakeMachine();
  machine.program('go', GO);
  machine.program('nats-server', 'echo "nats-server: v2.9.10"');
});

afterEach(() => {
  machine.remove();
});

const provide = (env?: NodeJS.ProcessEnv) => machine.start('servers.mjs', PROVIDE, env);
const built = () => ({ CLIPMESH_NATS_SERVER: `${machine.cache}/clipmesh/bin/${BINARY}` });

describe('provideServers', () => {
  it('builds a server once when two set-ups run at once', async () => {
    const first = provide();
    await machine.appearanceOf('go-begun');
    const second = provide();
    await new Promise((resolve) => second.process.stderr?.once('data', resolve)); // it says that it waits
    machine.file('go-may-end', '');
    const endings = await Promise.all([first.ending, second.ending]);
    expect(endings.map(({ stdout }) => JSON.parse(stdout) as unknown)).toEqual([built(), built()]);
    expect(machine.read('go.log')).toBe('install\n');
    expect(machine.list('cache/clipmesh/bin')).toEqual([BINARY]);
  });

  it('leaves no half binary and no lock that blocks when it is killed', async () => {
    const killed = provide();
    await machine.appearanceOf('go-begun');
    killed.process.kill('SIGKILL');
    await killed.ending;
    expect(machine.list('cache/clipmesh/bin')).not.toContain(BINARY);
    machine.file('go-may-end', '');
    const { stdout } = await provide().ending;
    expect(JSON.parse(stdout)).toEqual(built());
    expect(machine.list('cache/clipmesh/bin')).toEqual([BINARY]);
  });

  it('removes what it has begun when it is interrupted', async () => {
    const interrupted = provide();
    await machine.appearanceOf('go-begun');
    interrupted.process.kill('SIGINT');
    await interrupted.ending;
    expect(machine.list('cache/clipmesh/bin')).toEqual([]);
  });

  it('takes what is in the cache without building', async () => {
    machine.file('go-may-end', '');
    await provide().ending;
    await provide().ending;
    expect(machine.read('go.log')).toBe('install\n');
  });

  it('takes a server from PATH when it is new enough', async () => {
    machine.program('nats-server', 'echo "nats-server: v2.16.0"');
    const { stdout } = await provide().ending;
    expect(JSON.parse(stdout)).toEqual({ CLIPMESH_NATS_SERVER: `${machine.folder}/path/nats-server` });
  });

  it('takes the server that the environment names', async () => {
    const { stdout } = await provide({ CLIPMESH_NATS_SERVER: '/bin/true' }).ending;
    expect(JSON.parse(stdout)).toEqual({ CLIPMESH_NATS_SERVER: '/bin/true' });
  });

  it('refuses a server in the environment that is not there', async () => {
    const { stderr } = await provide({ CLIPMESH_NATS_SERVER: '/nowhere' }).ending;
    expect(stderr).toContain('CLIPMESH_NATS_SERVER is /nowhere, which is not a program');
  });

  it('takes a server out of its image when it cannot be built and Docker answers', async () => {
    machine.program('go', 'exit 1');
    machine.program(
      'docker',
      `case "$1" in
        create) echo c0ffee ;;
        cp) [ "$2" = "c0ffee:/nats-server" ] && printf '#!/bin/sh\necho taken\n' > "$3" ;;
      esac`,
    );
    const { stdout } = await provide().ending;
    const { CLIPMESH_NATS_SERVER: path = '' } = JSON.parse(stdout) as Record<string, string>;
    expect(execFileSync(path, { encoding: 'utf8' })).toBe('taken\n');
  });

  it('says what to do, and what go said, when nothing provides the server', async () => {
    machine.program('go', 'echo "dial tcp: no route to host" >&2; exit 1');
    const { stderr } = await provide().ending;
    expect(stderr).toContain('no nats-server v2.15.2: install Go');
    expect(stderr).toContain('no route to host');
  });
});
