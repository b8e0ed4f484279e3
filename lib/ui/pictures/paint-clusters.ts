const STARS = 512;
const FLOAT_BYTES = 4;
const NUMBERS_PER_STAR = 4;
/** After the stars of a cluster come four numbers about the whole. */
const CLUSTER_BYTES = (STARS * NUMBERS_PER_STAR + 4) * FLOAT_BYTES;
const COLUMNS = 4;
/** Half the side of the square that is shown of each cluster, in its own units. */
const REACH = 1.6;

/** Paints the stars of every cluster, seen from above, each cluster in a field of its own. */
export function paintClusters(context: CanvasRenderingContext2D, results: DataView): void {
  const count = Math.floor(results.byteLength / CLUSTER_BYTES);
  const side = context.canvas.width / COLUMNS;
  context.fillStyle = "#08131d";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.fillStyle = "rgb(126 214 223 / 70%)";
  for (let no = 0; no < count; no++) {
    const [left, top] = [(no % COLUMNS) * side, Math.floor(no / COLUMNS) * side];
    for (let star = 0; star < STARS; star++) {
      const at = no * CLUSTER_BYTES + star * NUMBERS_PER_STAR * FLOAT_BYTES;
      const [x, y] = [results.getFloat32(at, true) / REACH, results.getFloat32(at + FLOAT_BYTES, true) / REACH];
      if (Math.abs(x) < 1 && Math.abs(y) < 1) context.fillRect(left + ((x + 1) * side) / 2, top + ((y + 1) * side) / 2, 1.5, 1.5);
    }
  }
}
