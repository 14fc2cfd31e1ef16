const SHOWN = 80;

/** A value as an error message shows it: in quotes, and never longer than a line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}
