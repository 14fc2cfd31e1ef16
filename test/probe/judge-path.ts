import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What set-up provides for tests and benchmarks alone: the variable that names it, and what it is called on PATH. */
const JUDGES = {
  chromium: { variable: 'CLIPMESH_CHROMIUM', names: ['chromium', 'chromium-browser', 'google-chrome'] },
  nginx: { variable: 'CLIPMESH_NGINX', names: ['nginx'] },
} as const;

/** The path of a program that we judge by or are measured beside; `npm test` and `npm run bench` provide it. */
export function judgePath(judge: keyof typeof JUDGES): string {
  const { variable, names } = JUDGES[judge];
  const given = process.env[variable];
  if (given !== undefined && given !== '') {
    return given;
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
  if (found === undefined) {
    throw new Error(`there is no ${judge}, neither in ${variable} nor on PATH; \`npm test\` provides it`);
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
