import { FrameUnsupported, FrameWing } from "./frame-wing.ts";
import type { Sandbox, Wing } from "./wall.ts";
import { WorkerWing } from "./worker-wing.ts";

/**
 * The strongest wall that this browser has, proved by a first worker that runs behind it, with the port of that worker. Only a browser that shows that it cannot
 * hold workers in the frame gets the weaker wall; a frame that cannot be loaded is an error.
 */
export async function openWing(sandbox: Sandbox, firstId: string, pace?: MessagePort): Promise<{ wing: Wing; port: MessagePort }> {
  try {
    const wing = await FrameWing.open(sandbox.frame);
    return { wing, port: await wing.spawn(firstId, pace) };
  } catch (error) {
    if (!(error instanceof FrameUnsupported)) throw error;
    const wing = new WorkerWing(sandbox.worker);
    return { wing, port: await wing.spawn(firstId) };
  }
}
