import type { VarintReader } from '../bytes/varint-reader';
import { greatestCommonDivisor } from '../time/common-divisor';
import { varintLength, zigzag, type VarintWriter } from '../bytes/varint-writer';

/**
 * A column of whole numbers in the shortest of three forms, each after division by what all of them share
 * (composition offsets are multiples of a frame's duration, so most then take one byte):
 *
 * - `plain`: each number; picture sizes.
 * - `delta`: each difference to the one before, the first to 0; sizes of sound.
 * - `runs`: pairs of a number and how often it comes; durations.
 *
 * All numbers are zigzag, so a column may be signed. Magnitudes stay below 2^51, differences below 2^52.
 */
type Column = Uint32Array | Int32Array | Float64Array;

const FORMS = ['plain', 'delta', 'runs'] as const;
type Form = (typeof FORMS)[number];

export function writeColumn(w: VarintWriter, column: Column): void {
  const unit = commonDivisor(column);
  const form = shortestForm(column, unit);
  w.u8(FORMS.indexOf(form));
  w.unsigned(unit);
  WRITERS[form](w, column, unit);
}

/** Reads as many values as are expected; only runs may tell of more of them than bytes are left. */
export function readColumn<T extends Column>(
  r: VarintReader,
  count: number,
  makeColumn: (count: number) => T,
): T {
  const form = FORMS[r.u8()];
  if (form === undefined) {
    throw r.refuse('has a column of an unknown form');
  }
  const unit = r.unsigned();
  if (form !== 'runs' && count > r.remaining) {
    throw r.refuse(`claims ${count} values in ${r.remaining} bytes`);
  }
  const column = makeColumn(count);
  READERS[form](r, column, unit);
  return column;
}

const WRITERS: Readonly<Record<Form, (w: VarintWriter, column: Column, unit: number) => void>> = {
  plain: (w, column, unit) => {
    for (let i = 0; i < column.length; i++) {
      w.signed((column[i] ?? 0) / unit);
    }
  },
  delta: (w, column, unit) => {
    let before = 0;
    for (let i = 0; i < column.length; i++) {
      const value = column[i] ?? 0;
      w.signed((value - before) / unit);
      before = value;
    }
  },
  runs: (w, column, unit) => {
    eachRun(column, (value, count) => {
      w.signed(value / unit);
      w.unsigned(count);
    });
  },
};

const READERS: Readonly<Record<Form, (r: VarintReader, column: Column, unit: number) => void>> = {
  plain: (r, column, unit) => {
    const { least, most } = limitsOf(column);
    for (let i = 0; i < column.length; i++) {
      const value = r.signed() * unit;
      if (value < least || value > most) {
        throw refuseNumber(r);
      }
      column[i] = value;
    }
  },
  delta: (r, column, unit) => {
    const { least, most } = limitsOf(column);
    let value = 0;
    for (let i = 0; i < column.length; i++) {
      value += r.signed() * unit;
      if (value < least || value > most) {
        throw refuseNumber(r);
      }
      column[i] = value;
    }
  },
  runs: (r, column, unit) => {
    const { least, most } = limitsOf(column);
    for (let i = 0; i < column.length;) {
      const value = r.signed() * unit;
      const count = r.atMost(column.length - i, 'values');
      if (count === 0 || value < least || value > most) {
        throw refuseNumber(r);
      }
      column.fill(value, i, i + count);
      i += count;
    }
  },
};

/** A typed array takes a number that does not fit by wrapping it; such numbers are refused before. */
function limitsOf(column: Column): { readonly least: number; readonly most: number } {
  if (column instanceof Uint32Array) {
    return { least: 0, most: 2 ** 32 - 1 };
  }
  return column instanceof Int32Array
    ? { least: -(2 ** 31), most: 2 ** 31 - 1 }
    : { least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER };
}

function refuseNumber(r: VarintReader): Error {
  return r.refuse('has a number that its column cannot hold, or an empty run');
}

function shortestForm(column: Column, unit: number): Form {
  let plain = 0;
  let delta = 0;
  let runs = 0;
  let before = 0;
  for (let i = 0; i < column.length; i++) {
    const value = column[i] ?? 0;
    plain += varintLength(zigzag(value / unit));
    delta += varintLength(zigzag((value - before) / unit));
    before = value;
  }
  eachRun(column, (value, count) => {
    runs += varintLength(zigzag(value / unit)) + varintLength(count);
  });
  if (runs <= plain && runs <= delta) {
    return 'runs';
  }
  return plain <= delta ? 'plain' : 'delta';
}

function eachRun(column: Column, visit: (value: number, count: number) => void): void {
  for (let from = 0; from < column.length;) {
    const value = column[from] ?? 0;
    let to = from + 1;
    while (to < column.length && column[to] === value) {
      to++;
    }
    visit(value, to - from);
    from = to;
  }
}

/** At least 1. */
function commonDivisor(column: Column): number {
  let divisor = 0;
  for (let i = 0; i < column.length && divisor !== 1; i++) {
    divisor = greatestCommonDivisor(divisor, Math.abs(column[i] ?? 0));
  }
  return Math.max(divisor, 1);
}
