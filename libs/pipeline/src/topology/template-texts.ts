import { readString, type Member } from './json-object';
import type { ProblemList } from './problem-list';
import { quote } from './quote';
import { isDateVariable, isSystemVariable, parseTemplate, type TemplatePart } from './template';
import type { TextRule } from './text-rules';

/** A text is no place for a document; values are bounded alike, so that filling in cannot explode. */
export const MAX_TEXT = 16_384;

export interface Reference {
  readonly parameter: string;
  readonly path: string;
}

/** Reads the texts of a topology that is to be stored, and keeps which parameters they refer to. */
export class TemplateTexts {
  readonly references: Reference[] = [];

  constructor(private readonly problems: ProblemList) {}

  /** The text as it is to be stored: references untouched, a plain text in its canonical spelling. */
  readonly readText = (member: Member | undefined, rule: TextRule): string | undefined => {
    const text = readString(member, this.problems);
    if (member === undefined || text === undefined) {
      return undefined;
    }
    if (text.length > MAX_TEXT) {
      this.problems.add(member.path, `is longer than ${MAX_TEXT} characters`);
      return undefined;
    }
    const reading = parseTemplate(text);
    if ('problem' in reading) {
      this.problems.add(member.path, reading.problem);
      return undefined;
    }
    const literals = reading.parts.flatMap((part) => ('literal' in part ? [part.literal] : []));
    return literals.length === reading.parts.length
      ? this.readLiteral(member.path, text, literals.join(''), rule)
      : this.readReferences(member.path, text, reading.parts, rule);
  };

  private readLiteral(path: string, text: string, literal: string, rule: TextRule): string | undefined {
    const canonical = rule.read(literal);
    if (typeof canonical === 'string') {
      return canonical === literal ? text : canonical;
    }
    this.problems.add(path, canonical?.problem ?? `${quote(literal)} is not ${rule.expected}`);
    return undefined;
  }

  private readReferences(
    path: string,
    text: string,
    parts: readonly TemplatePart[],
    rule: TextRule,
  ): string | undefined {
    if (rule.noReferences !== undefined) {
      this.problems.add(path, rule.noReferences);
    }
    for (const part of parts) {
      if ('literal' in part) {
        continue;
      }
      if (!isSystemVariable(part.reference)) {
        this.references.push({ parameter: part.reference, path });
      } else if (isDateVariable(part.reference) && rule.takesDates !== true) {
        this.problems.add(path, `\${${part.reference}} may only stand in a title or a description`);
      }
    }
    return text;
  }
}
