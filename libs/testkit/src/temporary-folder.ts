import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the tests of one file, or of one `describe`; removed after them. To be called where tests are declared. */
export function withTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clipmesh-test-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
