import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDoc, ROOT } from './generated';

const decisions = readdirSync(join(ROOT, 'docs/adr')).filter((file) => /^\d{4}-.*\.md$/.test(file));

it.each(decisions)('docs/adr/README.md lists %s with its title and status', (file) => {
  const text = readDoc(join('docs/adr', file));
  const title = /^# \d{4}: (.*)$/m.exec(text)?.[1];
  const status = /^\| (Proposed|Accepted|Superseded by \d{4}) \|/m.exec(text)?.[1];
  expect(readDoc('docs/adr/README.md')).toContain(
    `| [${file.slice(0, 4)}](${file}) | ${String(title)} | ${String(status)} |`,
  );
});

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((f) => f.endsWith('.md'))
    .map((f) => join('docs', f)),
];

it.each(PAGES)('%s names only files that exist', (page) => {
  const text = readDoc(page);
  const named = [
    ...text.matchAll(/`((?:apps|libs|deploy|test|docs)\/[\w./-]+?\.(?:ts|md|mjs|cjs|json))`/g),
  ].map((match) => String(match[1]));
  const linked = [...text.matchAll(/\]\(([^)#:]+\.md)(?:#[^)]*)?\)/g)].map((match) =>
    join(page, '..', String(match[1])),
  );
  const missing = [...named, ...linked].filter((path) => !existsSync(join(ROOT, path)));
  expect(missing).toEqual([]);
});
