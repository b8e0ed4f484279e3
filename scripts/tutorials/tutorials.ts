import { findGo, findPackaged, findRust, findZig, type Toolchain } from "./find-toolchain.ts";

/** A page that teaches to write a program, the example it builds, and what the example's job must give. */
export type Tutorial = {
  /** From the repository's root. */
  page: string;
  example: string;
  /** The program's source inside the example's folder, and how the page marks it. */
  source: string;
  language: string;
  expected: string;
  findToolchain: () => Toolchain;
};

/** Every tutorial of the guide. */
export const TUTORIALS: readonly Tutorial[] = [
  {
    page: "docs/guide/write-a-program-in-c.md",
    example: "word-count",
    source: "src/word-count.c",
    language: "c",
    expected: "expected/words.ndjson",
    findToolchain: findPackaged,
  },
  {
    page: "docs/guide/write-a-program-in-rust.md",
    example: "kmer-count",
    source: "src/main.rs",
    language: "rust",
    expected: "expected/kmers.csv",
    findToolchain: findRust,
  },
  {
    page: "docs/guide/write-a-program-in-go.md",
    example: "station-summary",
    source: "main.go",
    language: "go",
    expected: "expected/summaries.csv",
    findToolchain: findGo,
  },
  {
    page: "docs/guide/write-a-program-in-zig.md",
    example: "prime-count",
    source: "prime-count.zig",
    language: "zig",
    expected: "expected/primes.csv",
    findToolchain: findZig,
  },
  {
    page: "docs/guide/write-a-program-in-typescript.md",
    example: "word-frequency",
    source: "assembly/word-frequency.ts",
    language: "ts",
    expected: "expected/words.csv",
    findToolchain: findPackaged,
  },
];
