import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { CoverageRequest, ScanRequest } from './archive';
import { ListVideos, PublishVideoBody, VideoBody, type VideoView } from './videos';

const paths = (errors: readonly ValidationError[], before = ''): string[] =>
  errors.flatMap(({ property, children = [] }) => [
    ...(children.length === 0 ? [before + property] : []),
    ...paths(children, `${before}${property}.`),
  ]);

const wrongMembers = (type: new () => object, body: object): string[] =>
  paths(validateSync(plainToInstance(type, body), { whitelist: true, forbidNonWhitelisted: true }));

const ANSWER: VideoView = {
  id: 'x',
  name: 'gate-1',
  type: 'Microsoft.Media/videoAnalyzers/videos',
  systemData: { createdAt: '2026-11-01T05:20:00.000Z', lastModifiedAt: '2026-11-01T05:20:00.000Z' },
  properties: {
    title: 'Gate',
    description: 'North',
    type: 'Archive',
    flags: { canStream: false, hasData: false, isInUse: false },
    contentUrls: { downloadUrl: 'http://x' },
    deleting: true,
  },
};

it.each<[string, new () => object, object]>([
  ['a name alone', VideoBody, { name: 'gate-1' }],
  ['what a get has answered', VideoBody, ANSWER],
  ['texts to be cleared', VideoBody, { name: 'gate-1', properties: { title: null, description: null } }],
  ['nothing, of a list', ListVideos, {}],
  ['the least of a scan', ScanRequest, { video: 'gate-1' }],
  ['a range', CoverageRequest, { video: 'g', start: '2026-11-01T05:20:00Z', end: '2026-11-01T05:21:00Z' }],
])('takes %s', (_, type, body) => {
  expect(wrongMembers(type, body)).toEqual([]);
});

it.each<[string, new () => object, object, string]>([
  ['a name that is none', VideoBody, { name: 'a/b' }, 'name'],
  [
    'a title that is too long',
    VideoBody,
    { name: 'a', properties: { title: 'x'.repeat(257) } },
    'properties.title',
  ],
  ['a misspelt member', VideoBody, { name: 'a', properties: { titel: '' } }, 'properties.titel'],
  ['retention, which is not there yet', VideoBody, { name: 'a', archival: {} }, 'archival'],
  ['a page of nothing', ListVideos, { top: 0 }, 'top'],
  ['a scan without end', ScanRequest, { video: 'a', limit: 1e6 }, 'limit'],
  ['a misspelt option of a scan', ScanRequest, { video: 'a', dryrun: true }, 'dryrun'],
  ['a range without an end', CoverageRequest, { video: 'a', start: '2026-11-01T05:20:00Z' }, 'end'],
  ['a publication without its file', PublishVideoBody, { jobId: 'j', name: 'a' }, 'export'],
])('refuses %s by name', (_, type, body, member) => {
  expect(wrongMembers(type, body)).toEqual([member]);
});
