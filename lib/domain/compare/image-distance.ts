import type { ImageRule } from "./compare-rule.ts";

/** How far two pictures of one size are apart: the larger of their mean and their largest difference of samples, each as a share of what the rule allows. */
export function imageDistance(a: Uint8Array, b: Uint8Array, rule: ImageRule): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  let largest = 0;
  for (let at = 0; at < a.length; at++) {
    const apart = Math.abs((a[at] as number) - (b[at] as number));
    sum += apart;
    if (apart > largest) largest = apart;
  }
  return largest === 0 ? 0 : Math.max(sum / a.length / rule.mean, largest / rule.largest);
}
