import type { ValidationError } from 'class-validator';
import { ERROR_CODES, type ErrorCode, type Problem } from '@clipmesh/errors';

/** Everything that class-validator found, each with the path of its member, as in `properties.parameters[0].name`. */
export function bodyProblems(errors: readonly ValidationError[], path = ''): Problem[] {
  return errors.flatMap((error) => {
    const target = memberPath(path, error);
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      code: codeOf(error, rule),
      message: messageOf(rule, message, error),
      target,
    }));
    return [...own, ...bodyProblems(error.children ?? [], target)];
  });
}

/** An element of an array is named by its place, a member by its name. */
function memberPath(path: string, { target, property }: ValidationError): string {
  if (Array.isArray(target)) {
    return `${path}[${property}]`;
  }
  return path === '' ? property : `${path}.${property}`;
}

function messageOf(rule: string, message: string, { property, value }: ValidationError): string {
  if (rule === 'whitelistValidation') {
    return `there is no member ${property}`;
  }
  return value === undefined ? `${property} is missing` : message;
}

/** A rule may name its own code: `@Matches(NAME_PATTERN, { context: { code: 'NameInvalid' } })`. */
function codeOf({ contexts }: ValidationError, rule: string): ErrorCode {
  const context: unknown = contexts?.[rule];
  const code =
    typeof context === 'object' && context !== null && 'code' in context ? context.code : undefined;
  return typeof code === 'string' && isErrorCode(code) ? code : 'RequestInvalid';
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
