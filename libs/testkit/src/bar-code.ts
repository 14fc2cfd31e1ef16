import { mediaBytes } from './media-tool';

const NUMBER_BITS = 14;
/** Two marks, white and black, then the bits of the number, the lowest first; together as wide as the picture. */
export const BAR_CODE_BLOCKS = 2 + NUMBER_BITS;
/** The bar code takes this part of the picture's height, at the top. */
export const BAR_CODE_HEIGHT = 1 / 8;
const DARK_BELOW = 80;
const LIGHT_ABOVE = 175;

/** ffmpeg filters that draw the number of each frame into the picture, as blocks that survive every codec. */
export function barCodeFilters(firstNumber = 0): string {
  const block = (i: number, color: string, enable = '1'): string =>
    `drawbox=x=iw*${i}/${BAR_CODE_BLOCKS}:y=0:w=iw/${BAR_CODE_BLOCKS}:h=ih*${BAR_CODE_HEIGHT}:color=${color}:t=fill:enable='${enable}'`;
  const background = `drawbox=x=0:y=0:w=iw:h=ih*${BAR_CODE_HEIGHT}:color=black:t=fill`;
  const bits = Array.from({ length: NUMBER_BITS }, (_, bit) =>
    block(bit + 2, 'white', `mod(floor((n+${firstNumber})/${2 ** bit}),2)`),
  );
  return [background, block(0, 'white'), ...bits].join(',');
}

/** The number in a picture, from the luma (0 to 255) of each block; null when there is no bar code. */
export function readBarCode(luma: readonly number[]): number | null {
  const isClear = luma.every((value) => value < DARK_BELOW || value > LIGHT_ABOVE);
  const [white = 0, black = 255, ...bits] = luma;
  if (!isClear || luma.length !== BAR_CODE_BLOCKS || white < black) {
    return null;
  }
  return bits.reduce((number, value, bit) => number + (value > LIGHT_ABOVE ? 2 ** bit : 0), 0);
}

/** The numbers of all frames of a file in the order in which ffmpeg shows them. */
export async function frameNumbers(path: string): Promise<readonly (number | null)[]> {
  const picture = await rawPicture(
    path,
    `crop=iw:ih*${BAR_CODE_HEIGHT}:0:0,scale=${BAR_CODE_BLOCKS}:1:flags=area`,
  );
  return rowsOf(picture, BAR_CODE_BLOCKS).map((row) => readBarCode(row));
}

/** Side of the grid of {@link lumaGrids}. */
export const LUMA_GRID = 8;

/** Every frame of a file as 8 times 8 mean luma values (0 to 255), row by row. */
export async function lumaGrids(path: string): Promise<readonly (readonly number[])[]> {
  const picture = await rawPicture(path, `scale=${LUMA_GRID}:${LUMA_GRID}:flags=area`);
  return rowsOf(picture, LUMA_GRID * LUMA_GRID);
}

async function rawPicture(path: string, filters: string): Promise<Buffer> {
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-'];
  return mediaBytes('ffmpeg', [
    ...['-v', 'error', '-i', path, '-map', '0:v:0', '-vf', `${filters},format=gray`],
    ...output,
  ]);
}

function rowsOf(bytes: Buffer, width: number): number[][] {
  return Array.from({ length: bytes.length / width }, (_, i) => [
    ...bytes.subarray(i * width, (i + 1) * width),
  ]);
}
