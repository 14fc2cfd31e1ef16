import { NAME_PATTERN } from './name-pattern';
import { quote } from './quote';

/**
 * Texts with references, as topologies hold them.
 *
 * - `${name}` stands for a parameter's value, also inside a longer text (`clip-${camera}`).
 * - `$${` is a literal `${`. Any other `$` is itself.
 * - A value is put in as it is: what looks like a reference in it stays text, so nothing nests.
 */
export type TemplatePart = { readonly literal: string } | { readonly reference: string };

export type TemplateReading = { readonly parts: readonly TemplatePart[] } | { readonly problem: string };

/** Variables that need no declaration. `PipelineName` is the job's name. */
export const SYSTEM_VARIABLES = {
  topologyName: 'System.TopologyName',
  pipelineName: 'System.PipelineName',
  dateTime: 'System.Runtime.DateTime',
  preciseDateTime: 'System.Runtime.PreciseDateTime',
} as const;

const SYSTEM_NAMES: ReadonlySet<string> = new Set(Object.values(SYSTEM_VARIABLES));
const SYSTEM_PREFIX = 'System.';
const ESCAPED = '$${';
const OPENING = '${';

export const isSystemVariable = (reference: string): boolean => reference.startsWith(SYSTEM_PREFIX);

/** The two dates are the moment of resolution, so they may only stand where nothing is looked up by the text. */
export const isDateVariable = (reference: string): boolean => reference.startsWith('System.Runtime.');

export function parseTemplate(text: string): TemplateReading {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) {
      break;
    }
    literal += text.slice(at, dollar);
    if (text.startsWith(ESCAPED, dollar)) {
      literal += OPENING;
      at = dollar + ESCAPED.length;
    } else if (text.startsWith(OPENING, dollar)) {
      const end = text.indexOf('}', dollar);
      const reference = text.slice(dollar + OPENING.length, end < 0 ? undefined : end);
      const problem = referenceProblem(reference, end >= 0);
      if (problem !== undefined) {
        return { problem };
      }
      parts.push({ literal }, { reference });
      literal = '';
      at = end + 1;
    } else {
      literal += '$';
      at = dollar + 1;
    }
  }
  parts.push({ literal: literal + text.slice(at) });
  return { parts: parts.filter((part) => !('literal' in part) || part.literal !== '') };
}

function referenceProblem(reference: string, closed: boolean): string | undefined {
  if (!closed) {
    return 'a ${ without its }; write $${ for a literal ${';
  }
  if (isSystemVariable(reference) && !SYSTEM_NAMES.has(reference)) {
    return `no system variable ${quote(reference)}: there are ${[...SYSTEM_NAMES].join(', ')}`;
  }
  if (!isSystemVariable(reference) && !NAME_PATTERN.test(reference)) {
    return `${quote(reference)} is no parameter name; write $\${ for a literal \${`;
  }
  return undefined;
}
