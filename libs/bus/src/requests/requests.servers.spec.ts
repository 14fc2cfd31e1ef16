import { ExportError } from '@clipmesh/errors';
import { withNats } from '@clipmesh/testkit';
import { connect, headers, StringCodec, type NatsConnection } from 'nats';
import { Bus, type Endpoint, type ErrorBody } from '../index';
import { fresh, Signal } from '../testing/arrange';

const servers = withNats();
let bus: Bus;
let shell: NatsConnection;

beforeAll(async () => {
  bus = await Bus.connect({ servers: servers.nats.url, name: 'spec' });
  // What somebody with `nats req` has: the bare protocol.
  shell = await connect({ servers: servers.nats.url, reconnect: false });
});
afterAll(async () => {
  await shell.close();
  await bus.close();
});

const identity = { name: 'spec-service', version: '1.2.3', description: 'Answers tests' };

async function serving(handler: Endpoint['handler']) {
  const subject = `test.${fresh('things')}.get`;
  const service = await bus.serve(identity, [{ subject, handler }]);
  return { subject, service };
}

async function raw(subject: string, payload: string) {
  const reply = await shell.request(subject, StringCodec().encode(payload), { timeout: 2_000 });
  return {
    status: reply.headers?.get('Nats-Service-Error-Code'),
    text: reply.headers?.get('Nats-Service-Error'),
    body: reply.json<ErrorBody>(),
    trace: reply.headers?.get('traceparent'),
  };
}

it('an answer is what the handler returned', async () => {
  const { subject } = await serving((body) => Promise.resolve({ echo: body }));
  expect(await bus.request(subject, { a: 1, data: 2, pattern: 'x' })).toEqual({
    echo: { a: 1, data: 2, pattern: 'x' },
  });
});

it('a handler that returns nothing answers null', async () => {
  const { subject } = await serving(() => Promise.resolve(undefined));
  expect(await bus.request(subject, {})).toBeNull();
});

it('an error reaches the caller with code, target, hint, details and problems', async () => {
  const thrown = new ExportError('TopologyInvalid', {
    message: 'the graph is broken',
    target: 'properties.sinks',
    hint: 'mend it',
    details: { sinks: 2 },
    problems: [{ code: 'NameInvalid', message: 'no name', target: 'properties.sinks[1].name' }],
  });
  const { subject } = await serving(() => Promise.reject(thrown));
  const { code, message, target, hint, details, problems } = thrown;
  await expect(bus.request(subject, {})).rejects.toMatchObject({
    name: 'ExportError',
    ...{ code, message, target, hint, details, problems },
  });
});

it('a defect is told by neutral words, and in full to the service itself', async () => {
  const subject = `test.${fresh('things')}.get`;
  const told: ExportError[] = [];
  const handler = () => Promise.reject(new Error('secret of the house'));
  await bus.serve(identity, [{ subject, handler }], { onError: (error) => told.push(error) });
  const { status, text, body } = await raw(subject, '{}');
  expect(status).toBe('500');
  expect(JSON.stringify([text, body])).not.toContain('secret');
  expect(body.error.code).toBe('InternalError');
  expect(told.map(({ message }) => message)).toEqual(['secret of the house']);
});

it.each([
  ['an empty body', '', 'has no body'],
  ['no JSON', 'hello', 'is not JSON'],
  ['half a JSON', '{"a":', 'is not JSON'],
])('%s is refused, and the service lives', async (_, payload, text) => {
  const { subject } = await serving(() => Promise.resolve('fine'));
  const { status, body } = await raw(subject, payload);
  expect([status, body.error.code]).toEqual(['400', 'RequestInvalid']);
  expect(body.error.message).toContain(text);
  expect(await bus.request(subject, {})).toBe('fine');
});

it('bytes that are no text are refused', async () => {
  const { subject } = await serving(() => Promise.resolve('fine'));
  const reply = await shell.request(subject, new Uint8Array([0xff, 0xfe, 0x00]));
  expect(reply.headers?.get('Nats-Service-Error-Code')).toBe('400');
});

it('a line break in a message forges no header', async () => {
  const forged = new ExportError('JobNotFound', { message: 'no such job\r\nNats-Forged: yes' });
  const { subject } = await serving(() => Promise.reject(forged));
  const reply = await shell.request(subject, '{}');
  expect(reply.headers?.get('Nats-Service-Error')).toBe('no such job Nats-Forged: yes');
  expect(reply.headers?.has('Nats-Forged')).toBe(false);
});

it('an answer larger than NATS takes becomes an error and not a silence', async () => {
  const { subject } = await serving(() => Promise.resolve('x'.repeat(1_100_000)));
  await expect(bus.request(subject, {})).rejects.toMatchObject({ code: 'InternalError' });
});

it('an error with more problems than NATS takes arrives without them', async () => {
  const problem = { code: 'RequestInvalid', message: 'x'.repeat(1_000), target: 'a' } as const;
  const problems = [...Array(1_100).keys()].map(() => problem);
  const message = problems.map((each) => each.message).join('; ');
  const { subject } = await serving(() =>
    Promise.reject(new ExportError('TopologyInvalid', { message, problems })),
  );
  await expect(bus.request(subject, {})).rejects.toMatchObject({ code: 'TopologyInvalid', problems: [] });
});

it('nobody there is NoResponder', async () => {
  await expect(bus.request(`test.${fresh('nobody')}`, {})).rejects.toMatchObject({ code: 'NoResponder' });
});

it('somebody who does not answer in time is BusUnreachable', async () => {
  const release = new Signal();
  const { subject } = await serving(() => release.seen);
  await expect(bus.request(subject, {}, { timeoutMs: 50 })).rejects.toMatchObject({
    code: 'BusUnreachable',
  });
  release.fire();
});

it('an aborted request ends at once with the reason of its signal', async () => {
  const release = new Signal();
  const asked = new Signal();
  const { subject } = await serving(() => {
    asked.fire();
    return release.seen;
  });
  const abort = new AbortController();
  const answer = bus.request(subject, {}, { signal: abort.signal });
  await asked.seen;
  const reason = new Error('no longer wanted');
  abort.abort(reason);
  await expect(answer).rejects.toBe(reason);
  release.fire();
});

it('traceparent goes in with the request and out with the answer', async () => {
  const seen: unknown[] = [];
  const { subject } = await serving((_, context) => {
    seen.push(context.headers['traceparent']);
    return Promise.resolve({});
  });
  const trace = headers();
  trace.set('traceparent', '00-aa-bb-01');
  const reply = await shell.request(subject, '{}', { headers: trace, timeout: 1_000 });
  expect([seen, reply.headers?.get('traceparent')]).toEqual([['00-aa-bb-01'], '00-aa-bb-01']);
});

it('copies of a service share the requests', async () => {
  const subject = `test.${fresh('things')}.get`;
  const other = await Bus.connect({ servers: servers.nats.url, name: 'copy' });
  let answered = 0;
  const handler = () => Promise.resolve((answered += 1));
  await bus.serve(identity, [{ subject, handler }]);
  await other.serve(identity, [{ subject, handler }]);
  await Promise.all([...Array(20).keys()].map(() => bus.request(subject, {})));
  await other.close();
  expect(answered).toBe(20);
});

it('the service shows itself to `nats micro`', async () => {
  const metadata = { instance: fresh('copy'), slots: '2' };
  const subject = `test.${fresh('things')}.get`;
  await bus.serve({ ...identity, metadata }, [{ subject, handler: () => Promise.resolve({}) }]);
  const found: object[] = [];
  for await (const info of await shell.services.client().info('spec-service')) {
    found.push({
      version: info.version,
      metadata: info.metadata,
      subjects: info.endpoints.map((each) => each.subject),
    });
  }
  expect(found).toContainEqual({ version: identity.version, metadata, subjects: [subject] });
});

it('stop lets the requests that were taken finish and takes no more', async () => {
  const release = new Signal<string>();
  const asked = new Signal();
  const { subject, service } = await serving(() => {
    asked.fire();
    return release.seen;
  });
  const answer = bus.request(subject, {});
  await asked.seen;
  let hasStopped = false;
  const stopped = service.stop().then(() => (hasStopped = true));
  // Several times the way to the server and back, which is all that a stop with nothing in hand takes.
  for (let i = 0; i < 10; i += 1) {
    await bus.link.nc.flush();
  }
  expect(hasStopped).toBe(false);
  release.fire('done all the same');
  await stopped;
  expect(await answer).toBe('done all the same');
  await expect(bus.request(subject, {})).rejects.toMatchObject({ code: 'NoResponder' });
});
