import { ERROR_CODES } from '@clipmesh/errors';
import { expectDoc } from './generated';

function errorTable(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { kind, meaning, remedy }]) => `| \`${code}\` | ${kind} | ${meaning} | ${remedy} |`,
  );
  return [
    '# Error codes',
    '',
    'One vocabulary for NATS, jobs and logs, made from `libs/errors/src/codes.ts` by `npm run docs`. A code never changes its meaning.',
    'The kind says whether it is worth trying again: `exhausted`, `unavailable` and `internal` are, the others are not.',
    '',
    '| code | kind | meaning | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

it('docs/errors.md is the registry of error codes', () => {
  expectDoc('docs/errors.md', errorTable());
});
