import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { PutJobBody } from './jobs';

const paths = (errors: readonly ValidationError[], before = ''): string[] =>
  errors.flatMap(({ property, children = [] }) => [
    ...(children.length === 0 ? [before + property] : []),
    ...paths(children, `${before}${property}.`),
  ]);

function wrongMembers(body: object): string[] {
  const options = { whitelist: true, forbidNonWhitelisted: true };
  return paths(
    validateSync(plainToInstance(PutJobBody, { name: 'clip', topologyName: 'copy', ...body }), options),
  );
}

it.each([
  ['the least', {}],
  [
    'all of it',
    {
      description: 'gate',
      parameters: [
        { name: 'sourceVideoName', value: 'gate-1' },
        { name: 'unset', value: null },
      ],
      options: {
        edges: 'keyframe-after',
        gaps: 'fail',
        onConfigChange: 'in-band',
        digest: 'required',
        priority: 'bulk',
        waitForMediaMs: 0,
      },
    },
  ],
  ['nulls for defaults', { description: null, parameters: null, options: { edges: null } }],
])('takes %s', (_, body) => {
  expect(wrongMembers(body)).toEqual([]);
});

it.each([
  ['a name that is none', { name: 'a b' }, 'name'],
  ['a topology name that is none', { topologyName: '.' }, 'topologyName'],
  ['an unknown member', { priority: 'urgent' }, 'priority'],
  ['an unknown option', { options: { egdes: 'edit-list' } }, 'options.egdes'],
  ['an unknown policy', { options: { edges: 'none' } }, 'options.edges'],
  ['a wait that never ends', { options: { waitForMediaMs: 1e12 } }, 'options.waitForMediaMs'],
  ['options that are no object', { options: 'fast' }, 'options'],
  ['parameters that are no list', { parameters: 'x' }, 'parameters'],
  ['a parameter without a name', { parameters: [{ value: 'x' }] }, 'parameters.0.name'],
  ['a description without end', { description: 'x'.repeat(2049) }, 'description'],
])('refuses %s by name', (_, body, path) => {
  expect(wrongMembers(body)).toContain(path);
});
