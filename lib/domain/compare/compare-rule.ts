/** Types of numbers that outputs can be compared as, little-endian. */
export const COMPARE_ELEMENTS = ["f32", "f64"] as const;
export type CompareElements = (typeof COMPARE_ELEMENTS)[number];

/** As arrays of numbers, each pair within `absolute + relative · max(|a|, |b|)` or at most `ulp` representable numbers apart. */
export type NumericRule = { kind: "numeric"; elements: CompareElements; absolute: number; relative: number; ulp: number };
/** As text: decimal numbers within the tolerance, everything else equal, blanks at the ends of lines and of the text only if they count. */
export type TextRule = { kind: "text"; absolute: number; relative: number; ignoreTrailingSpace: boolean };
/** As pixels, one byte to a sample: the mean and the largest difference of samples, 0 to 255, stay within these. */
export type ImageRule = { kind: "image"; mean: number; largest: number };
/** As one JSON document each, by their canonical form (RFC 8785). */
export type JsonRule = { kind: "json" };

/** Rules under which outputs of different bytes can agree. */
export type ClosenessRule = NumericRule | TextRule | ImageRule | JsonRule;
/** How the outputs of two replicas are compared; `exact` is by digest. */
export type CompareRule = { kind: "exact" } | ClosenessRule;

export const COMPARE_LIMITS = {
  /** Outputs are read by the server to be compared, so that they have a bound of their own. */
  outputBytesMax: 4 * 1024 * 1024,
  ulpMax: 1_000_000,
} as const;
