import { Absent, type Attempt, type AttemptTools, need, soon } from "./attempt.ts";
import { ESCAPE_CHANNEL } from "./escape-channel.ts";

async function byBroadcast({ mark }: AttemptTools): Promise<string> {
  const channel = new (need<typeof BroadcastChannel>("BroadcastChannel"))(ESCAPE_CHANNEL);
  const { promise, resolve } = Promise.withResolvers<string>();
  channel.onmessage = () => resolve("an answer of the page");
  channel.postMessage(mark);
  try {
    return await soon(promise);
  } finally {
    channel.close();
  }
}

/** Speaks to the frame's thread as if it gave orders; the page watches whether anything of it arrives. */
async function byForgedOrder({ mark }: AttemptTools): Promise<never> {
  for (const op of ["spawned", "ready", "pong", "spawn", "kill"]) self.postMessage({ op, id: mark, no: mark });
  await new Promise((resolve) => setTimeout(resolve, 100));
  throw new Error("nobody listens");
}

/** Calls what the other side of its own port might offer, in the words that Comlink has for it. */
async function byForgedCall({ port, mark }: AttemptTools): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const hear = ({ data }: MessageEvent): void => {
    if (data?.id === mark) resolve("an answer to a call");
  };
  port.addEventListener("message", hear);
  try {
    port.postMessage({ id: mark, type: "GET", path: [] });
    port.postMessage({ id: mark, type: "APPLY", path: ["constructor", "constructor"], argumentList: [{ type: "RAW", value: "return self" }] });
    return await soon(promise);
  } finally {
    port.removeEventListener("message", hear);
  }
}

function byLocation({ other, mark }: AttemptTools): never {
  const { assign } = location as { assign?: (url: string) => void };
  if (!assign) throw new Absent("location.assign does not exist here");
  assign.call(location, `${other}/${mark}/location`);
  throw new Error("it did not leave");
}

const surroundings = (name: string, attempt: Attempt["attempt"]): Attempt => ({ name, group: "surroundings", attempt });

/** Ways to reach the page, other tabs, or devices of the machine. */
export const SURROUNDINGS_ATTEMPTS: readonly Attempt[] = [
  surroundings("window.parent", () => `${need("parent")}`),
  surroundings("document", () => `${need("document")}`),
  surroundings("location.assign(other)", byLocation),
  surroundings("window.open(other)", (t) => need<typeof window.open>("open")(`${t.other}/${t.mark}/open`)),
  surroundings("postMessage(forged order)", byForgedOrder),
  surroundings("port.postMessage(forged call)", byForgedCall),
  surroundings("new BroadcastChannel(own)", byBroadcast),
  surroundings("navigator.usb.getDevices()", () => soon(need<{ getDevices(): Promise<unknown> }>("navigator.usb").getDevices())),
  surroundings("navigator.serial.getPorts()", () => soon(need<{ getPorts(): Promise<unknown> }>("navigator.serial").getPorts())),
];
