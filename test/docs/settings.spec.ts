import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDoc, ROOT } from './generated';

const CLASSES = [
  'libs/service-kit/src/settings/mesh-settings.ts',
  'apps/topology-registry/src/config.ts',
  'apps/job-scheduler/src/config.ts',
  'apps/segment-reader/src/config.ts',
  'apps/api-gateway/src/config.ts',
  'apps/encoder-worker/src/config.ts',
  'apps/sink-writer/src/config.ts',
];

/** Members of a settings class, by its source: two spaces, a name, and a default or a type. */
function variablesOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  const members = [...source.matchAll(/^ {2}([a-z]\w*)[?!]?(?::| =)/gm)].map((match) => String(match[1]));
  return members.map(
    (name) => `CLIPMESH_${name.replace(/[A-Z]/g, (capital) => `_${capital}`).toUpperCase()}`,
  );
}

it.each(CLASSES.flatMap((file) => variablesOf(file).map((variable) => [variable, file])))(
  'docs/operations.md tells of %s (%s)',
  (variable) => {
    expect(readDoc('docs/operations.md')).toContain(`\`${variable}\``);
  },
);

it('finds settings in every class', () => {
  expect(CLASSES.map((file) => variablesOf(file).length).every((count) => count > 0)).toBe(true);
});
