/** Types of numbers that outputs can be compared as, little-endian. */
export const COMPARE_ELEMENTS = ["f32", "f64"] as const;
export type CompareElements = (typeof COMPARE_ELEMENTS)[number];

/**
 * How the outputs of two replicas are compared. `exact`: by digest. `numeric`: as arrays of numbers, each pair within
 * `absolute + relative · max(|a|, |b|)` or at most `ulp` representable numbers apart.
 */
export type NumericRule = { kind: "numeric"; elements: CompareElements; absolute: number; relative: number; ulp: number };
export type CompareRule = { kind: "exact" } | NumericRule;

export const COMPARE_LIMITS = {
  /** Outputs are read by the server to be compared, so that they have a bound of their own. */
  outputBytesMax: 4 * 1024 * 1024,
  ulpMax: 1_000_000,
} as const;
