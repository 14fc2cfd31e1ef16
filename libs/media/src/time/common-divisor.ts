/** Of whole numbers, 0 or more; that of 0 and a number is the number. */
export function greatestCommonDivisor(a: number, b: number): number {
  let divisor = a;
  let rest = b;
  while (rest !== 0) {
    const next = divisor % rest;
    divisor = rest;
    rest = next;
  }
  return divisor;
}
