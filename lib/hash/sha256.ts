import { createSHA256 } from "hash-wasm";

type Engine = Awaited<ReturnType<typeof createSHA256>>;

/** One SHA-256 over bytes that arrive in pieces. */
export interface Sha256Stream {
  update(bytes: Uint8Array): void;
  /** The digest as 64 lower-case hexadecimal digits; ends the stream. */
  digestHex(): string;
}

let engine: Engine | null = null;
let loading: Promise<Engine> | null = null;
/** Which stream's state sits in the engine; the others' states are parked in themselves. */
let resident: ParkedStream | null = null;

interface ParkedStream {
  state: Uint8Array | null;
  ended: boolean;
}

/** Loads the pinned WebAssembly implementation; everything else in this file is synchronous after it. Calling it again costs nothing. */
export async function initSha256(): Promise<void> {
  loading ??= createSHA256();
  engine = await loading;
}

/** The SHA-256 of the bytes as 64 lower-case hexadecimal digits. Needs `initSha256()` once before. */
export function sha256Hex(bytes: Uint8Array): string {
  const stream = createSha256();
  stream.update(bytes);
  return stream.digestHex();
}

/** Begins a stream. Any number may be open at once, they share one engine. Needs `initSha256()` once before. */
export function createSha256(): Sha256Stream {
  const loaded = loadedEngine();
  const stream: ParkedStream = { state: null, ended: false };
  return {
    update(bytes) {
      enter(loaded, stream);
      loaded.update(bytes);
    },
    digestHex() {
      enter(loaded, stream);
      stream.ended = true;
      resident = null;
      return loaded.digest("hex");
    },
  };
}

function loadedEngine(): Engine {
  if (engine === null) throw new Error("SHA-256 is not loaded: await initSha256() before hashing.");
  return engine;
}

function enter(loaded: Engine, stream: ParkedStream): void {
  if (stream.ended) throw new Error("This SHA-256 stream has ended: create a new one.");
  if (resident === stream) return;
  if (resident !== null) resident.state = loaded.save();
  if (stream.state === null) loaded.init();
  else loaded.load(stream.state);
  resident = stream;
}
