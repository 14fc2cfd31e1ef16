import 'reflect-metadata';

const SECRET = Symbol('secret setting');

/** Marks a setting whose value is never shown, not even when it is wrong. */
export function Secret(): PropertyDecorator {
  return (target, property) => {
    Reflect.defineMetadata(SECRET, true, target, property);
  };
}

export function isSecret(settings: object, property: string): boolean {
  return Reflect.getMetadata(SECRET, settings, property) === true;
}
