import type { ProblemList } from './problem-list';
import { quote } from './quote';

const LONGEST_NAME = 80;
const MAX_ELEMENTS = 100;

/** A member that was there: its value, where it lies, and the name that it had. */
export interface Member {
  readonly value: unknown;
  readonly path: string;
  readonly name: string;
}

/**
 * A JSON object that is read member by member; what nobody asked for is refused by name at the end.
 * `null` is the same as absent. Blanks around a member's name are overlooked: the tutorial's JSON has them.
 */
export class JsonObject {
  private readonly members = new Map<string, Member>();

  private constructor(
    object: object,
    readonly path: string,
    private readonly problems: ProblemList,
  ) {
    for (const [key, value] of Object.entries(object) as [string, unknown][]) {
      const name = key.trim();
      const member = { value, name, path: this.pathOf(name) };
      if (this.members.has(name)) {
        problems.add(member.path, `${quote(name)} is there twice`);
      }
      if (value !== null) {
        this.members.set(name, member);
      }
    }
  }

  /** Adds a problem and gives nothing when the value is no object. */
  static read(value: unknown, path: string, problems: ProblemList): JsonObject | undefined {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      problems.add(path, value === undefined ? 'is missing' : `expected an object, got ${kindOf(value)}`);
      return undefined;
    }
    return new JsonObject(value, path, problems);
  }

  /** The member under its name, or under one of its older names. */
  take(name: string, ...olderNames: readonly string[]): Member | undefined {
    const given = [name, ...olderNames].flatMap((candidate) => this.remove(candidate));
    const [first, ...others] = given;
    for (const other of others) {
      this.problems.add(other.path, `says the same as ${quote(first?.name ?? name)}: give one of them`);
    }
    return first;
  }

  /** As {@link take}, with a problem when the member is missing. */
  require(name: string, ...olderNames: readonly string[]): Member | undefined {
    const member = this.take(name, ...olderNames);
    if (member === undefined) {
      this.problems.add(this.pathOf(name), 'is missing');
    }
    return member;
  }

  /** Members that only an answer has. They may come back in a request and mean nothing there. */
  ignore(...names: readonly string[]): void {
    for (const name of names) {
      this.members.delete(name);
    }
  }

  /** Refuses members that exist elsewhere, with the reason why not here. */
  refuse(why: string, ...names: readonly string[]): void {
    for (const member of names.flatMap((name) => this.remove(name))) {
      this.problems.add(member.path, why);
    }
  }

  /** Refuses what is left. */
  close(): void {
    for (const member of this.members.values()) {
      this.problems.add(member.path, `unknown member ${quote(member.name)}`);
    }
    this.members.clear();
  }

  /** Cut short where somebody sent a page as a name. */
  pathOf(name: string): string {
    return this.path === '' ? name.slice(0, LONGEST_NAME) : `${this.path}.${name.slice(0, LONGEST_NAME)}`;
  }

  private remove(name: string): readonly Member[] {
    const member = this.members.get(name);
    this.members.delete(name);
    return member === undefined ? [] : [member];
  }
}

/** The elements of a list, each with its path; a problem when the member is no list or too long a one. */
export function readList(member: Member | undefined, problems: ProblemList): readonly Member[] {
  if (member === undefined) {
    return [];
  }
  if (!Array.isArray(member.value)) {
    problems.add(member.path, `expected a list, got ${kindOf(member.value)}`);
    return [];
  }
  const values: readonly unknown[] = member.value;
  if (values.length > MAX_ELEMENTS) {
    problems.add(member.path, `holds ${values.length} elements; at most ${MAX_ELEMENTS} are allowed`);
    return [];
  }
  return values.map((value, index) => ({ value, name: member.name, path: `${member.path}[${index}]` }));
}

export function readString(member: Member | undefined, problems: ProblemList): string | undefined {
  if (member === undefined || typeof member.value === 'string') {
    return member?.value as string | undefined;
  }
  const number = typeof member.value === 'number' || typeof member.value === 'boolean';
  const hint = number ? `: write "${String(member.value)}"` : '';
  problems.add(member.path, `expected a string, got ${kindOf(member.value)}${hint}`);
  return undefined;
}

/** One of the choices, matched without regard to case and given back as it is spelled here. */
export function readChoice<T extends string>(
  member: Member | undefined,
  choices: readonly T[],
  problems: ProblemList,
): T | undefined {
  const text = readString(member, problems);
  if (member === undefined || text === undefined) {
    return undefined;
  }
  const choice = choices.find((candidate) => candidate.toLowerCase() === text.toLowerCase());
  if (choice === undefined) {
    problems.add(member.path, `${quote(text)} is not one of ${choices.join(', ')}`);
  }
  return choice;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'a list' : typeof value;
}
