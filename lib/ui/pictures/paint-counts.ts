const WIDTH = 128;
const HEIGHT = 96;
const INSIDE = 1500;

/** Paints big-endian 16-bit step counts, 128 × 96 of them, as large as the canvas: light where a point leaves early, dark where it stays. */
export function paintCounts(context: CanvasRenderingContext2D, counts: DataView): void {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * HEIGHT) / height) * WIDTH + Math.floor((x * WIDTH) / width);
      image.data.set(colourOf(counts.getUint16(2 * cell)), 4 * (y * width + x));
    }
  }
  context.putImageData(image, 0, 0);
}

/** A deep-water scale on the logarithm of the count; its rings show how one count follows the other. */
function colourOf(count: number): [number, number, number, number] {
  if (count >= INSIDE) return [5, 12, 20, 255];
  const level = (Math.log(count + 1) * 3) % 1;
  return [20 + 190 * level ** 2, 60 + 170 * level, 90 + 150 * Math.sqrt(level), 255];
}
