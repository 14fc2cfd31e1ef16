/** One line that a service writes to standard output (pino): its members are the service's own affair. */
export type LogRecord = Readonly<Record<string, unknown>>;

/** Lets tests and starters wait for something that a service logs, instead of sleeping. */
export class LogWatch {
  private readonly listeners = new Set<(record: LogRecord) => void>();

  /** To be called with every line of the service. */
  tell(line: string): void {
    const record = this.listeners.size === 0 ? undefined : parseLogLine(line);
    if (record !== undefined) {
      for (const listener of [...this.listeners]) {
        listener(record);
      }
    }
  }

  /** The next record for which `matches` holds; rejects with the signal's reason when that is aborted before. */
  async next(matches: (record: LogRecord) => boolean, signal: AbortSignal): Promise<LogRecord> {
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.listeners.delete(listener);
        reject(signal.reason as Error); // whoever aborts here gives an error as the reason
      };
      const listener = (record: LogRecord): void => {
        if (matches(record)) {
          this.listeners.delete(listener);
          signal.removeEventListener('abort', giveUp);
          resolve(record);
        }
      };
      this.listeners.add(listener);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) {
        giveUp();
      }
    });
  }
}

/** The record of a line; undefined for what is not one, such as a warning of Node. */
function parseLogLine(line: string): LogRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is LogRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
