/** Something to say about a place of the source; lines and columns count from 1. */
export type Diagnostic = { severity: "error" | "warning" | "info"; message: string; line: number; column: number; endLine: number; endColumn: number };

/** A source to compile; `id` comes back with the answer. */
export type CompileRequest = { id: number; source: string };

/** A WASI command, or why there is none. Diagnostics may come with both. */
export type CompileAnswer = { id: number; program: Uint8Array<ArrayBuffer> | null; diagnostics: Diagnostic[]; ms: number };
