// Writes expected/counts.bin and the picture expected/mandelbrot.pgm without a GPU, in whole numbers of any length:
//
//   node examples/mandelbrot-gpu/generate-expected.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawRows, toPgm, VIEW } from "./mandelbrot-reference.ts";

const counts = drawRows(VIEW, 0, VIEW.height);
writeFileSync(join(import.meta.dirname, "expected", "counts.bin"), counts);
writeFileSync(join(import.meta.dirname, "expected", "mandelbrot.pgm"), toPgm(VIEW, counts));
