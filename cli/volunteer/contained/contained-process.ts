import { type ChildProcess, spawn } from "node:child_process";
import { bundleChild } from "./bundle-child.ts";
import { type Bounds, containedCommand, NO_ENVIRONMENT } from "./contain.ts";
import { encodeFrame, type Frame, type FrameLimits, readFrames } from "./frames.ts";

const ENTRY = new URL("contained-child.ts", import.meta.url);

/** One process that runs programs of strangers for its parent and is thrown away. It answers one call after another; one that is dead answers null. */
export class ContainedProcess {
  readonly #child: ChildProcess;
  readonly #answers: AsyncGenerator<Frame>;

  private constructor(child: ChildProcess, limits: FrameLimits) {
    this.#child = child;
    // A process that ends while it is written to says so by its output's end.
    child.stdin?.on("error", () => undefined);
    this.#answers = readFrames(child.stdout as AsyncIterable<Uint8Array>, limits);
  }

  /** Starts one whose answers may be as large as `limits` say. */
  static async start(bounds: Bounds, limits: FrameLimits, entry = ENTRY): Promise<ContainedProcess> {
    const { file, args } = await containedCommand(await bundleChild(entry), bounds);
    const child = spawn(file, args, { env: NO_ENVIRONMENT, cwd: "/", stdio: ["pipe", "pipe", "ignore"] });
    child.on("error", () => child.stdout?.destroy());
    return new ContainedProcess(child, limits);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends a call and waits for its answer; null when the process ended, or said what is no answer. */
  async ask(frame: Frame): Promise<Frame | null> {
    for (const bytes of encodeFrame(frame)) this.#child.stdin?.write(bytes);
    const answer = await this.#answers.next().catch(() => null);
    if (answer && !answer.done) return answer.value;
    this.kill();
    return null;
  }

  /** Ends it at once, whatever it does. */
  kill(): void {
    this.#child.kill("SIGKILL");
    this.#child.stdout?.destroy();
  }
}
