import type { FuzzTarget } from './targets';

/** Targets of a module like `targets.ts`, those of a name only when one is given. */
export function loadTargets(module: string, name?: string): readonly FuzzTarget[] {
  // The tests of this program plant bugs in targets of their own.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { makeTargets } = require(module) as { readonly makeTargets: () => readonly FuzzTarget[] };
  return makeTargets().filter((target) => name === undefined || target.name === name);
}
