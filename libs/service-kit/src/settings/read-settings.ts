import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { ExportError } from '@clipmesh/errors';
import { isSecret } from './secret';
import { isOurs, variableOf } from './variable-of';

export type SettingsClass<T extends object> = new () => T;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a class of settings from the environment: each property that has a class-validator decorator, by the name of
 * its variable; initial values are the defaults. A secret may lie in the file that `<variable>_FILE` names instead.
 * @throws ExportError `SettingsInvalid` that lists all that is wrong, each with its variable and value.
 */
export function readSettings<T extends object>(Settings: SettingsClass<T>, env: Environment): T {
  const settings = new Settings();
  const given: Record<string, unknown> = {};
  for (const property of propertiesOf(Settings)) {
    const raw = isSecret(settings, property) ? secretOf(property, env) : env[variableOf(property)];
    // An empty variable is what a shell makes of one that is not set.
    if (raw !== undefined && raw !== '') {
      given[property] = convert(raw, kindOf(settings, property));
    }
  }
  Object.assign(settings, given);
  const errors = validateSync(settings);
  if (errors.length > 0) {
    throw settingsError(settings, errors);
  }
  return settings;
}

/** Variables of ours that this class does not know: another service's, or a misspelt one. */
export function unknownVariables(Settings: SettingsClass<object>, env: Environment): string[] {
  const settings = new Settings();
  const known = new Set(
    propertiesOf(Settings).flatMap((property) => {
      const variable = variableOf(property);
      return isSecret(settings, property) ? [variable, fileOf(variable)] : [variable];
    }),
  );
  return Object.keys(env)
    .filter((variable) => isOurs(variable) && !known.has(variable))
    .sort();
}

function propertiesOf(Settings: SettingsClass<object>): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(Settings, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

const fileOf = (variable: string): string => `${variable}_FILE`;

/** From its variable, or from a file, without the white space around it: an editor ends a file with a line feed. */
function secretOf(property: string, env: Environment): string | undefined {
  const variable = variableOf(property);
  const path = env[fileOf(variable)];
  if (path === undefined || path === '') {
    return env[variable];
  }
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new ExportError('SettingsInvalid', {
      message: `${fileOf(variable)}=${path}: the file cannot be read`,
      target: fileOf(variable),
      cause,
    });
  }
}

type Kind = 'number' | 'boolean' | 'list' | 'text';

/** By the default where there is one, otherwise by the declared type. */
function kindOf(settings: object, property: string): Kind {
  const initial: unknown = Reflect.get(settings, property);
  const declared: unknown = Reflect.getMetadata('design:type', settings, property);
  if (typeof initial === 'number' || declared === Number) {
    return 'number';
  }
  if (typeof initial === 'boolean' || declared === Boolean) {
    return 'boolean';
  }
  return Array.isArray(initial) || declared === Array ? 'list' : 'text';
}

/** What cannot be converted stays as it is, for the validator to name. */
function convert(raw: string, kind: Kind): unknown {
  switch (kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw;
    case 'boolean':
      return raw === 'true' || raw === '1' ? true : raw === 'false' || raw === '0' ? false : raw;
    case 'list':
      return raw.split(',').map((part) => part.trim());
    case 'text':
      return raw;
  }
}

function settingsError(settings: object, errors: readonly ValidationError[]): ExportError {
  const problems = errors.flatMap((error) =>
    Object.values(error.constraints ?? {}).map((rule) => ({
      code: 'SettingsInvalid' as const,
      target: variableOf(error.property),
      message: `${shown(settings, error)}: ${rule.replace(`${error.property} `, '')}`,
    })),
  );
  return new ExportError('SettingsInvalid', {
    message: problems.map(({ message }) => message).join('; '),
    problems,
  });
}

function shown(settings: object, { property, value }: ValidationError): string {
  const variable = variableOf(property);
  if (value === undefined) {
    return `${variable} is not set`;
  }
  return isSecret(settings, property) ? `${variable}=<secret>` : `${variable}=${String(value)}`;
}
