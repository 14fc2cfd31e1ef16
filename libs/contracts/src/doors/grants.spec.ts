import { BUCKETS, KV } from '../buckets';
import { STREAMS } from '../streams';
import { OPERATOR, recorderUser, SERVICES, type ServiceUser } from './mesh-users';
import { recorderGrant, serviceGrant } from './nats-grants';
import { bucketsOf, recorderPolicy, storeGrant, storePolicy } from './store-grants';

const publishers = (begins: string): ServiceUser[] =>
  SERVICES.filter((service) => serviceGrant(service).publish.some((subject) => subject.startsWith(begins)));

it('each kind of record is changed by the services that docs/messages.md names, and by no other', () => {
  const writers = Object.fromEntries(Object.values(KV).map(({ name }) => [name, publishers(`$KV.${name}.`)]));
  const workers = ['segment-reader', 'encoder-worker', 'sink-writer'];
  expect(writers).toEqual({
    topologies: ['topology-registry'],
    jobs: ['job-scheduler'],
    tasks: ['job-scheduler', ...workers],
    videos: ['segment-reader'],
    catalog: ['segment-reader'],
    holds: ['segment-reader'],
    progress: ['job-scheduler', ...workers],
    workers,
    leases: ['job-scheduler'],
  });
});

it('work is handed out by the scheduler alone, and segments are announced by the reader and by recorders', () => {
  expect(publishers('clipmesh.v1.work.')).toEqual(['job-scheduler']);
  expect(publishers('clipmesh.v1.segments.')).toEqual(['segment-reader']);
  expect(recorderGrant('gate-1').publish).toEqual(['clipmesh.v1.segments.gate-1']);
});

it('no service may make, change, empty or remove a stream', () => {
  const subjects = SERVICES.flatMap((service) => serviceGrant(service).publish);
  const touching = subjects.filter((subject) =>
    /^\$JS\.API\.STREAM\.(?!INFO\.)|^\$JS\.API\.>|^>$/.test(subject),
  );
  expect(touching).toEqual([]);
});

it('a service makes consumers of the streams that it takes from or reads, and of no other', () => {
  const ofSink = serviceGrant('sink-writer').publish.filter((subject) =>
    subject.includes('.CONSUMER.CREATE.'),
  );
  const streams = new Set(ofSink.map((subject) => subject.split('.')[4]));
  expect([...streams].sort()).toEqual([
    'KV_jobs',
    'KV_progress',
    'KV_tasks',
    'KV_workers',
    STREAMS.work.name,
  ]);
});

it.each([...SERVICES, recorderUser('gate-1')])('%s hears one inbox: its own', (user) => {
  const { subscribe } = SERVICES.some((service) => service === user)
    ? serviceGrant(user as ServiceUser)
    : recorderGrant('gate-1');
  expect(subscribe.filter((subject) => subject.startsWith('_INBOX'))).toEqual([`_INBOX_${user}.>`]);
});

it('only two services write what is recorded or exported', () => {
  const writers = (bucket: 'archive' | 'exports') =>
    SERVICES.filter((service) => storeGrant(service)[bucket]?.includes('write'));
  expect([writers('archive'), writers('exports')]).toEqual([['segment-reader'], ['sink-writer']]);
});

it('a service that touches no object has no policy and looks for no bucket', () => {
  expect([storePolicy(storeGrant('job-scheduler')), bucketsOf('job-scheduler')]).toEqual([undefined, []]);
});

it('somebody unknown is given nothing', () => {
  expect(storePolicy(storeGrant('stranger'))).toBeUndefined();
  expect(storePolicy(storeGrant('constructor'))).toBeUndefined();
});

it('the operator has every bucket', () => {
  expect(Object.keys(storeGrant(OPERATOR)).sort()).toEqual(Object.keys(BUCKETS).sort());
});

it('a recorder writes below the name of its video only', () => {
  const [, , objects] = recorderPolicy('gate-1').Statement;
  expect(objects).toMatchObject({ Resource: ['arn:aws:s3:::archive/gate-1/*'] });
  expect(JSON.stringify(objects)).not.toContain('Delete');
});
