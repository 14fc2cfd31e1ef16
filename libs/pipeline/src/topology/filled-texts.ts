import type { ErrorCode } from '@clipmesh/errors';
import type { Uses } from './fill-in';
import { readString, type Member } from './json-object';
import type { ProblemList } from './problem-list';
import { quote } from './quote';
import type { BoundValue } from './resolve-parameters';
import type { TextRule } from './text-rules';

/** Reads the texts of a graph that has been filled in, and blames the value that does not fit. */
export class FilledTexts {
  constructor(
    private readonly problems: ProblemList,
    private readonly uses: Uses,
  ) {}

  readonly readText = (member: Member | undefined, rule: TextRule): string | undefined => {
    const text = readString(member, this.problems);
    if (member === undefined || text === undefined) {
      return undefined;
    }
    const canonical = rule.read(text);
    if (typeof canonical === 'string') {
      return canonical;
    }
    const used = this.uses.get(member.path) ?? [];
    const problem = canonical?.problem !== undefined && !isSecret(used) ? canonical.problem : undefined;
    this.refuse(member.path, text, problem ?? `not ${rule.expected}`, rule.code);
    return undefined;
  };

  /**
   * The target is the first value that the job gave for the text, else the text in the topology;
   * the message tells both what it became and where, but not when a secret is in it.
   */
  refuse(path: string, text: string, problem: string, code: ErrorCode = 'ParameterInvalid'): void {
    const used = this.uses.get(path) ?? [];
    const target = used.find((value) => value.path.endsWith('.value'))?.path ?? path;
    const shown = isSecret(used) ? 'a text with a secret' : quote(text);
    this.problems.add(target, `${path} is ${shown}: ${problem}`, code);
  }
}

const isSecret = (used: readonly BoundValue[]): boolean => used.some(({ secret }) => secret);
