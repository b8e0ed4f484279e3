const FRACTION_BITS = 88n;
const WORD = 0xffff_ffffn;

/** A view of the set: the centre and the width as decimal numbers in text, the image in pixels. */
export type View = { x: string; y: string; viewWidth: string; width: number; height: number; iterationsMax: number };

/** The view that job.json asks for: a spiral of the seahorse valley, a billion times smaller than the set. */
export const VIEW: View = {
  x: "-0.743643887037158704752191506114774",
  y: "0.131825904205311970493132056385139",
  viewWidth: "0.0000000025",
  width: 128,
  height: 96,
  iterationsMax: 1500,
};

/** A decimal number as a fixed-point one with 88 bits behind the point, cut off towards zero. */
function toFixed(text: string): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(text) ?? [];
  const magnitude = (BigInt(whole + fraction) << FRACTION_BITS) / 10n ** BigInt(fraction.length);
  return sign === "-" ? -magnitude : magnitude;
}

/** The distance of two pixels of a view. */
function stepOf(view: View): bigint {
  return toFixed(view.viewWidth) / BigInt(view.width);
}

function words(value: bigint): string[] {
  const bits = BigInt.asUintN(96, value);
  return [bits & WORD, (bits >> 32n) & WORD, bits >> 64n].map((word) => `0x${word.toString(16)}`);
}

/** The arguments of `program.args` that make the kernel draw a view. */
export function argsOf(view: View): string[] {
  const { width, height, iterationsMax } = view;
  return ["{from}", "{to}", String(width), String(height), String(iterationsMax), ...words(toFixed(view.x)), ...words(toFixed(view.y)), ...words(stepOf(view))];
}

function multiply(a: bigint, b: bigint): bigint {
  const product = a * b;
  return product < 0n ? -(-product >> FRACTION_BITS) : product >> FRACTION_BITS;
}

/** The iteration count of one pixel, with the numbers of JavaScript: whole ones of any length. */
export function countSteps(view: View, column: number, row: number): number {
  const step = stepOf(view);
  const cX = toFixed(view.x) + step * BigInt(column - Math.floor(view.width / 2));
  const cY = toFixed(view.y) + step * BigInt(Math.floor(view.height / 2) - row);
  let x = 0n;
  let y = 0n;
  for (let steps = 0; steps < view.iterationsMax; steps++) {
    const xx = multiply(x, x);
    const yy = multiply(y, y);
    if (xx + yy >= 4n << FRACTION_BITS) return steps;
    y = 2n * multiply(x, y) + cY;
    x = xx - yy + cX;
  }
  return view.iterationsMax;
}

/** Rows of a view as the kernel writes them: big-endian 16-bit counts. */
export function drawRows(view: View, fromRow: number, toRow: number): Uint8Array {
  const rows = new DataView(new ArrayBuffer((toRow - fromRow) * view.width * 2));
  for (let row = fromRow; row < toRow; row++) {
    for (let column = 0; column < view.width; column++) rows.setUint16(((row - fromRow) * view.width + column) * 2, countSteps(view, column, row));
  }
  return new Uint8Array(rows.buffer);
}

/** A result as a picture: binary PGM with 16 bits a pixel, which is a header before the same bytes. */
export function toPgm(view: View, counts: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${view.width} ${view.height}\n${view.iterationsMax}\n`), counts]);
}
