import { ExportError } from '@clipmesh/errors';
import { demo } from './demo/demo';
import { interruptible } from './interruptible';
import { start } from './start';

type Command = (args: readonly string[], signal: AbortSignal) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { start, demo };

const [name = '', ...args] = process.argv.slice(2);

void interruptible(async (signal) => {
  const command = COMMANDS[name];
  if (command === undefined) {
    throw new ExportError('RequestInvalid', {
      message: `there is no command "${name}"`,
      hint: `Commands: ${Object.keys(COMMANDS).join(', ')}.`,
    });
  }
  return command(args, signal);
});
