/** A picture as its pixels: red, green, blue and alpha of each, row by row from the top. */
export type Pixels = { width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> };

/** What an output is as a picture: bytes of a format that browsers read, pixels that were read here, or none. */
export type Picture = { kind: "encoded"; type: string } | ({ kind: "pixels" } & Pixels);

const SIGNATURES: readonly { type: string; bytes: readonly number[] }[] = [
  { type: "image/png", bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: "image/jpeg", bytes: [0xff, 0xd8, 0xff] },
  { type: "image/gif", bytes: [0x47, 0x49, 0x46, 0x38] },
];
/** Larger pictures are not drawn on a page. */
const PIXELS_MAX = 16_000_000;

/** Whether bytes begin as a picture does; whether they are one is known when all of it is there. */
export function beginsPicture(bytes: Uint8Array): boolean {
  return signatureOf(bytes) !== undefined || (bytes[0] === 0x50 && (bytes[1] === 0x35 || bytes[1] === 0x36));
}

function signatureOf(bytes: Uint8Array) {
  return SIGNATURES.find((signature) => signature.bytes.every((byte, at) => bytes[at] === byte));
}

/** What picture the bytes are, by how they begin: PNG, JPEG, GIF, or a binary PGM or PPM of one byte to a sample; null where they are none or cut off. */
export function findPicture(bytes: Uint8Array): Picture | null {
  const known = signatureOf(bytes);
  return known ? { kind: "encoded", type: known.type } : readNetpbm(bytes);
}

const BLANK = String.raw`(?:\s|#[^\n]*\n)+`;
const HEAD = new RegExp(`^P([56])${BLANK}(\\d{1,5})${BLANK}(\\d{1,5})${BLANK}(\\d{1,5})\\s`);

/** Source of the format: the manual pages pgm(5) and ppm(5) of Netpbm. */
function readNetpbm(bytes: Uint8Array): Picture | null {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const match = HEAD.exec(head);
  if (!match) return null;
  const [whole, kind, width, height, most] = [match[0], match[1], Number(match[2]), Number(match[3]), Number(match[4])];
  const samples = kind === "6" ? 3 : 1;
  const count = width * height;
  if (count === 0 || count > PIXELS_MAX || most === 0 || most > 255 || bytes.length < whole.length + count * samples) return null;
  const rgba = new Uint8ClampedArray(count * 4);
  for (let pixel = 0; pixel < count; pixel++) {
    const from = whole.length + pixel * samples;
    for (let channel = 0; channel < 3; channel++) rgba[pixel * 4 + channel] = ((bytes[from + (samples === 3 ? channel : 0)] ?? 0) * 255) / most;
    rgba[pixel * 4 + 3] = 255;
  }
  return { kind: "pixels", width, height, rgba };
}
