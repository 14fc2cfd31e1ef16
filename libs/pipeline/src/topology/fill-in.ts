import type { BoundValue } from './resolve-parameters';
import { parseTemplate, type TemplatePart } from './template';
import { MAX_TEXT } from './template-texts';

/** Where a text had references, and to what: for saying which value is to blame. */
export type Uses = ReadonlyMap<string, readonly BoundValue[]>;

/**
 * Fills in every text of a stored graph, wherever it lies. Node names and `@type`s hold no `${`, so they stay.
 * A text that grows beyond {@link MAX_TEXT} is left a little longer than that, which its rule then refuses.
 */
export function fillIn(
  graph: unknown,
  path: string,
  values: ReadonlyMap<string, BoundValue>,
): { readonly filled: unknown; readonly uses: Uses } {
  const uses = new Map<string, readonly BoundValue[]>();
  const visit = (value: unknown, at: string): unknown => {
    if (typeof value === 'string') {
      const { text, used } = fillInText(value, values);
      uses.set(at, used);
      return text;
    }
    if (Array.isArray(value)) {
      return value.map((element, index) => visit(element, `${at}[${index}]`));
    }
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value) as [string, unknown][];
      return Object.fromEntries(entries.map(([name, member]) => [name, visit(member, `${at}.${name}`)]));
    }
    return value;
  };
  return { filled: visit(graph, path), uses };
}

function fillInText(
  template: string,
  values: ReadonlyMap<string, BoundValue>,
): { readonly text: string; readonly used: readonly BoundValue[] } {
  const reading = parseTemplate(template);
  const parts: readonly TemplatePart[] = 'parts' in reading ? reading.parts : [{ literal: template }];
  const used: BoundValue[] = [];
  let text = '';
  for (const part of parts) {
    const value = 'reference' in part ? values.get(part.reference) : undefined;
    if (value !== undefined) {
      used.push(value);
    }
    text += 'literal' in part ? part.literal : (value?.text ?? '');
    if (text.length > MAX_TEXT) {
      break;
    }
  }
  return { text, used };
}
