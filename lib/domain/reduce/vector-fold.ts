import type { Fold } from "./fold.ts";
import type { StatisticKind } from "./reducer.ts";

/** Bytes before the elements of a state: how many outputs it holds. */
const HEAD_BYTES = 8;

/**
 * Sum, least, greatest or mean of arrays of f32, element by element, computed and given in f64, little-endian. The first output tells how many elements there are;
 * one of another length is left out.
 */
export function createVectorFold(kind: StatisticKind): Fold {
  let elements: Float64Array | null = null;
  let count = 0;
  const take = (length: number, more: number, valueAt: (index: number) => number) => {
    if (elements === null) elements = Float64Array.from({ length }, (_, index) => valueAt(index));
    else if (elements.length !== length) return;
    else for (let index = 0; index < length; index++) elements[index] = combine(kind, elements[index] as number, valueAt(index));
    count += more;
  };
  return {
    add(_, output) {
      const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
      take(Math.floor(output.length / 4), 1, (index) => view.getFloat32(index * 4, true));
    },
    merge(state) {
      const view = new DataView(state.buffer, state.byteOffset, state.byteLength);
      const more = view.getFloat64(0, true);
      if (more > 0) take((state.length - HEAD_BYTES) / 8, more, (index) => view.getFloat64(HEAD_BYTES + index * 8, true));
    },
    save: () => encode(elements ?? new Float64Array(), { head: [count], scale: 1 }),
    result: () => ({ bytes: encode(elements ?? new Float64Array(), { head: [], scale: kind === "mean" && count > 0 ? 1 / count : 1 }), format: "f64" }),
  };
}

function combine(kind: StatisticKind, a: number, b: number): number {
  if (kind === "min") return Math.min(a, b);
  return kind === "max" ? Math.max(a, b) : a + b;
}

function encode(elements: Float64Array, { head, scale }: { head: number[]; scale: number }): Uint8Array {
  const bytes = new Uint8Array((head.length + elements.length) * 8);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of head.entries()) view.setFloat64(i * 8, number, true);
  for (let i = 0; i < elements.length; i++) view.setFloat64((head.length + i) * 8, (elements[i] as number) * scale, true);
  return bytes;
}
