/*
 * `node --import scripts/chaos/skew-clock.mjs …` moves the wall clock of a process: what the file SHOAL_CLOCK_FILE says, in milliseconds, is added to every
 * reading of Date. The file may change while the process runs. Timers and performance.now() are monotonic and go on as they are, as on a machine whose clock is set.
 */
import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const READ_EVERY_MS = 100;
const RealDate = Date;
const file = process.env.SHOAL_CLOCK_FILE;
let skewMs = 0;

function readSkew() {
  try {
    skewMs = Number(readFileSync(file, "utf8")) || 0;
  } catch {
    skewMs = 0;
  }
}

if (file && isMainThread) {
  readSkew();
  setInterval(readSkew, READ_EVERY_MS).unref();
  globalThis.Date = class SkewedDate extends RealDate {
    // Its own, and not only inherited: Next makes a Date of its own of what it finds here.
    static parse = RealDate.parse;
    static UTC = RealDate.UTC;

    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + skewMs);
      else super(...args);
    }

    static now() {
      return RealDate.now() + skewMs;
    }
  };
}
