import { headers, type MsgHdrs } from 'nats';

/** Headers by their exact names: NATS compares them with upper and lower case. */
export type Headers = Readonly<Record<string, string>>;

export function toMsgHeaders(given: Headers): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(given)) {
    made.set(name, oneLine(value));
  }
  return made;
}

export function fromMsgHeaders(given: MsgHdrs | undefined): Headers {
  return Object.fromEntries((given?.keys() ?? []).map((name) => [name, given?.get(name) ?? '']));
}

/** A header ends at its line's end: a line break in a value would forge the next header. */
function oneLine(value: string): string {
  return value.replace(/[\r\n]+/g, ' ');
}
