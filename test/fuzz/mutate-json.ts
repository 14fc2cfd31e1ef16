import type { Random } from './random';

/** Changes one value of a JSON text, so that what is read behind the parser is read. */
const VALUES = [
  null,
  true,
  '',
  '0',
  -1,
  0,
  1,
  0.5,
  255,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e300,
  [],
  {},
] as const;

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

export function mutateJson(text: string, random: Random): string {
  const root: Record<string, unknown> = { value: JSON.parse(text) as unknown };
  const places = placesIn(root);
  const place = places[random.below(places.length)];
  if (place !== undefined) {
    change(place, places, random);
  }
  return root.value === undefined ? 'null' : JSON.stringify(root.value);
}

function change({ holder, name }: Place, places: readonly Place[], random: Random): void {
  const value = holder[name];
  const other = places[random.below(places.length)];
  if (typeof value === 'number' && random.oneIn(2)) {
    holder[name] = value + random.below(5) - 2;
  } else if (Array.isArray(value) && value.length > 0 && random.oneIn(2)) {
    value.splice(random.below(value.length), random.below(2), value[random.below(value.length)]);
  } else if (random.oneIn(4)) {
    Reflect.deleteProperty(holder, name);
  } else {
    // A copy: a value inside of itself would have no end.
    holder[name] =
      other !== undefined && random.oneIn(3)
        ? structuredClone(other.holder[other.name])
        : random.oneOf(VALUES);
  }
}

function placesIn(holder: Record<string, unknown>): Place[] {
  return Object.entries(holder).flatMap(([name, value]) => [
    { holder, name },
    // Whatever has members is searched by their names, lists by their numbers.
    ...(typeof value === 'object' && value !== null ? placesIn(value as Record<string, unknown>) : []),
  ]);
}
