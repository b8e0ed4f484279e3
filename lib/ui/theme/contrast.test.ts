import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../../app/globals.css", import.meta.url), "utf8");

type Rgb = [number, number, number];

/** The colours of one theme as linear sRGB, read from the stylesheet itself. */
function readColours(theme: "light" | "dark"): Map<string, Rgb> {
  const colours = new Map<string, Rgb>();
  for (const [, name = "", light = "", dark = ""] of css.matchAll(/--color-([\w-]+): light-dark\(oklch\(([^)]*)\), oklch\(([^)]*)\)\);/g)) {
    const [l = 0, c = 0, h = 0] = (theme === "light" ? light : dark).split(" ").map(Number);
    colours.set(name, oklchToLinear(l, c, h));
  }
  return colours;
}

/** OKLCH to linear sRGB, clamped to the gamut: Ottosson, "A perceptual color space for image processing" (2020). */
function oklchToLinear(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb: Rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return rgb.map((value) => Math.min(1, Math.max(0, value))) as Rgb;
}

function contrast(a: Rgb, b: Rgb): number {
  const [y1, y2] = [a, b].map(([r, g, blue]) => 0.2126 * r + 0.7152 * g + 0.0722 * blue) as [number, number];
  return (Math.max(y1, y2) + 0.05) / (Math.min(y1, y2) + 0.05);
}

const TEXT: [text: string, on: string[]][] = [
  ["ink", ["ground", "surface", "sunken", "accent-soft", "good-soft", "warn-soft", "bad-soft"]],
  ["quiet", ["ground", "surface", "sunken"]],
  ["accent", ["ground", "surface", "sunken", "accent-soft"]],
  ["on-accent", ["accent", "accent-strong"]],
  ["good", ["surface", "good-soft"]],
  ["warn", ["surface", "warn-soft"]],
  ["bad", ["ground", "surface", "bad-soft"]],
];
const EDGES: [edge: string, on: string[]][] = [
  ["edge", ["ground", "surface"]],
  ["accent", ["line"]],
  ["bad", ["line"]],
];

for (const theme of ["light", "dark"] as const) {
  const colours = readColours(theme);
  const ratio = (a: string, b: string) => contrast(colours.get(a) ?? [0, 0, 0], colours.get(b) ?? [0, 0, 0]);

  test(`text on every surface has a contrast of 4.5 in the ${theme} theme`, () => {
    const low = TEXT.flatMap(([text, on]) => on.map((ground) => ({ pair: `${text} on ${ground}`, ratio: ratio(text, ground) }))).filter(
      (p) => !(p.ratio >= 4.5),
    );
    expect(low).toEqual([]);
  });

  test(`edges of controls and bars have a contrast of 3 in the ${theme} theme`, () => {
    const low = EDGES.flatMap(([edge, on]) => on.map((ground) => ({ pair: `${edge} on ${ground}`, ratio: ratio(edge, ground) }))).filter(
      (p) => !(p.ratio >= 3),
    );
    expect(low).toEqual([]);
  });
}
