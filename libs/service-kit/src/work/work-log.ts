type Write = (facts: object, message: string) => void;

/** Where a loop tells what happens; pino's loggers are such. */
export interface WorkLog {
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
