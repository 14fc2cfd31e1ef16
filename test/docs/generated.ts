import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

export function readDoc(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/**
 * Holds a document to what the code says. `npm run docs` writes it instead, so that adding a code
 * is one line in the registry and one command.
 */
export function expectDoc(path: string, content: string): void {
  if (process.env['CLIPMESH_WRITE_DOCS'] === '1') {
    writeFileSync(join(ROOT, path), content);
  }
  expect(readDoc(path)).toBe(content);
}
