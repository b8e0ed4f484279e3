/** Features of WebAssembly beyond its first version that Shoal runs. */
export const FEATURES = [
  "bulk_memory",
  "extended_const",
  "multi_value",
  "reference_types",
  "saturating_float_to_int",
  "sign_extension",
  "simd128",
  "tail_call",
] as const;
export type Feature = (typeof FEATURES)[number];

/** Features that no program may use: results would differ between machines, or not every browser has them. */
export const FORBIDDEN_FEATURES = ["atomics", "exceptions", "gc", "memory64", "multiple_memories", "relaxed_simd", "shared_memory", "unknown_opcode"] as const;
export type ForbiddenFeature = (typeof FORBIDDEN_FEATURES)[number];

/** What a walk over a module has met so far; of each forbidden feature the first place. */
export interface Findings {
  features: Set<Feature>;
  forbidden: Map<ForbiddenFeature, { offset: number; detail: string }>;
}

/** Notes a forbidden feature at a byte offset, unless an earlier place is known. */
export function forbid(findings: Findings, feature: ForbiddenFeature, place: { offset: number; detail: string }): void {
  if (!findings.forbidden.has(feature)) findings.forbidden.set(feature, place);
}
