import { canonicalJson } from "./canonical-json.ts";
import type { ClosenessRule } from "./compare-rule.ts";
import { imageDistance } from "./image-distance.ts";
import { outputDistance } from "./output-distance.ts";
import { textDistance } from "./text-distance.ts";

/** How far two outputs are apart under a rule, as a share of what it tolerates: at most 1 is close, infinite where they cannot be compared. Symmetric; 0 for equal bytes. */
export function closeness(a: Uint8Array, b: Uint8Array, rule: ClosenessRule): number {
  switch (rule.kind) {
    case "numeric":
      return outputDistance(a, b, rule);
    case "text":
      return textDistance(a, b, rule);
    case "image":
      return imageDistance(a, b, rule);
    case "json":
      return jsonDistance(a, b);
  }
}

function jsonDistance(a: Uint8Array, b: Uint8Array): number {
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left !== null && left === right ? 0 : Number.POSITIVE_INFINITY;
}
