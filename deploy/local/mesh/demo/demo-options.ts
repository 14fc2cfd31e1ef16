import { parseArgs } from 'node:util';
import { ExportError } from '@clipmesh/errors';

export interface DemoOptions {
  /** Footage to record; generated when absent. */
  readonly input?: string;
  /** One JSON document on standard output and nothing else. */
  readonly json: boolean;
}

export function readDemoOptions(args: readonly string[]): DemoOptions {
  try {
    const options = { input: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
    const { values } = parseArgs({ args: [...args], options });
    return values.input === undefined ? { json: values.json } : { input: values.input, json: values.json };
  } catch (error) {
    throw new ExportError('RequestInvalid', {
      message: error instanceof Error ? error.message : String(error),
      hint: 'usage: npm run demo -- [--input FILE] [--json]',
    });
  }
}
