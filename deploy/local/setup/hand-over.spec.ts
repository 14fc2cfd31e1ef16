import { FakeMachine } from './fake-machine';

let machine: FakeMachine;

beforeEach(() => {
  machine = new FakeMachine();
});

afterEach(() => {
  machine.remove();
});

const handOver = (code: string) =>
  machine.start('hand-over.mjs', `it.handOver(['-e', ${JSON.stringify(code)}], { env: process.env })`);

describe('handOver', () => {
  it('gives back the exit code of the command', async () => {
    const { stdout } = await handOver('process.exit(7)').ending;
    expect(stdout).toBe('7');
  });

  it('leaves standard output to the command', async () => {
    const { stdout } = await handOver('process.stdout.write("said ")').ending;
    expect(stdout).toBe('said 0');
  });

  it('passes signals on and waits for the end of the command', async () => {
    const running = handOver(`
      process.on('SIGTERM', () => process.exit(3));
      setInterval(() => {}, 1000);
      process.stdout.write('ready ');`);
    await new Promise((resolve) => running.process.stdout?.once('data', resolve));
    running.process.kill('SIGTERM');
    expect((await running.ending).stdout).toBe('ready 3');
  });

  it('tells the command when the set-up is killed', async () => {
    const running = handOver(`
      process.on('disconnect', () => {
        require('node:fs').writeFileSync(process.env.MACHINE + '/told', '');
        process.exit();
      });
      process.stdout.write('ready');`);
    await new Promise((resolve) => running.process.stdout?.once('data', resolve));
    running.process.kill('SIGKILL');
    await machine.appearanceOf('told');
  });
});
