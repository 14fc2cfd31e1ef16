import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';

/**
 * The log of a service: one JSON object a line, on standard output. It is written before the call returns, so that the
 * last line of a process that ends is not the one that is missing.
 */
export function openLog(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
