import type { LoggerService } from '@nestjs/common';
import type { WorkLog } from '../work/work-log';

/** Nest's own words in our log. What it says of its start is for those who look for a fault in it. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: WorkLog) {}

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(factsOf(message, rest), textOf(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(factsOf(message, rest), textOf(message));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(factsOf(message, rest), textOf(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(factsOf(message, rest), textOf(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(factsOf(message, rest), textOf(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

function textOf(message: unknown): string {
  return message instanceof Error ? message.message : String(message);
}

/** Nest's last argument is the class that speaks; before it may stand a stack. */
function factsOf(message: unknown, rest: readonly unknown[]): object {
  const nest = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return {
    ...(typeof nest === 'string' ? { nest } : {}),
    ...(typeof stack === 'string' ? { stack } : {}),
    ...(message instanceof Error ? { err: message } : {}),
  };
}
