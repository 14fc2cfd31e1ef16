type Optional<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };
type Required<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] };
export type DefinedMembers<T> = Required<T> & Optional<T>;

/** The same object without the members that are `undefined`, so that absent is said in one way only. */
export function definedMembers<T extends object>(members: T): DefinedMembers<T> {
  // `as`: the type says member by member what the filter does.
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as DefinedMembers<T>;
}
