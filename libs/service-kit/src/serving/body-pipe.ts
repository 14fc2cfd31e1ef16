import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import { ExportError, type Problem } from '@clipmesh/errors';
import { bodyProblems } from './body-problems';

/**
 * Turns the body of a request into the class that its handler declares, or refuses it with everything that is wrong
 * with it at once. Members that the class does not know are wrong.
 */
export class BodyPipe implements PipeTransform {
  async transform(body: unknown, { metatype }: ArgumentMetadata): Promise<unknown> {
    if (metatype === undefined || !hasRules(metatype)) {
      return body;
    }
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new ExportError('RequestInvalid', { message: `the body is ${kindOf(body)}, send an object` });
    }
    const instance = toInstance(metatype, body);
    const errors = await validate(instance, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
    });
    if (errors.length > 0) {
      throw refusal(bodyProblems(errors));
    }
    return instance;
  }
}

function toInstance(metatype: Type<object>, body: object): object {
  try {
    return plainToInstance(metatype, body);
  } catch (thrown) {
    // class-transformer stumbles over a null where a class is chosen by a member of the element.
    const problems = nullElements(body, '');
    if (problems.length > 0) {
      throw refusal(problems, thrown);
    }
    throw thrown;
  }
}

function refusal(problems: readonly Problem[], cause?: unknown): ExportError {
  const [first] = problems;
  return new ExportError('RequestInvalid', {
    message: problems.map(({ target, message }) => `${target}: ${message}`).join('; '),
    problems,
    cause,
    // One problem alone is the target of the whole error.
    ...(first !== undefined && problems.length === 1 ? { target: first.target } : {}),
  });
}

function nullElements(value: unknown, path: string): Problem[] {
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown, i) => {
      const target = `${path}[${String(i)}]`;
      return element === null
        ? [{ code: 'RequestInvalid', message: 'must not be null', target }]
        : nullElements(element, target);
    });
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    nullElements(member, path === '' ? name : `${path}.${name}`),
  );
}

function hasRules(metatype: Type<unknown>): metatype is Type<object> {
  return getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false).length > 0;
}

function kindOf(body: unknown): string {
  return body === null ? 'null' : Array.isArray(body) ? 'an array' : `a ${typeof body}`;
}
