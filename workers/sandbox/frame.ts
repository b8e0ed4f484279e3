import { createPaceMemory, servePace } from "#workers/executor/pacing/pace-words.ts";
import { type FrameNews, type FrameOrder, LISTENING } from "./frame-contract.ts";

/** The worker's whole script as a data: URL; the build puts it here, because the frame may load nothing. */
declare const WORKER_URL: string;

/*
 * All that ever runs on the frame's own thread. It makes and ends workers at the page's word and passes nothing on: a worker talks to the engine through the port
 * it was given. It writes into shared memory how much the worker is to rest, because a worker that runs a program hears nothing. Programs must not come near this thread, for a document has doors that workers lack (WebRTC, navigation).
 */
const workers = new Map<string, Worker>();
const page = window.parent;

// The page's origin is not known here, and nothing that is said is a secret.
const tell = (news: FrameNews): void => page.postMessage(news, "*");

function trySpawn(id: string, port: MessagePort, pace: MessagePort | undefined): void {
  try {
    spawn(id, port, pace);
  } catch (error) {
    tell({ op: "failed", id, reason: error instanceof Error ? error.message : String(error) });
  }
}

function spawn(id: string, port: MessagePort, pace: MessagePort | undefined): void {
  const worker = new Worker(WORKER_URL);
  workers.set(id, worker);
  // One word is listened for, once: whatever else a worker says here is heard by nobody.
  worker.onmessage = ({ data }) => {
    if (data !== LISTENING) return;
    worker.onmessage = null;
    tell({ op: "spawned", id });
  };
  worker.onerror = (event) => {
    event.preventDefault();
    kill(id);
    tell({ op: "failed", id, reason: event.message || "the worker's script did not run" });
  };
  const memory = pace ? createPaceMemory() : null;
  if (pace && memory) {
    worker.postMessage({ pace: memory });
    servePace(memory, pace);
  }
  worker.postMessage("port", [port]);
}

function kill(id: string): void {
  workers.get(id)?.terminate();
  workers.delete(id);
}

addEventListener("message", ({ source, data, ports }: MessageEvent<FrameOrder>) => {
  if (source !== page) return;
  const [port, pace] = ports;
  if (data.op === "spawn" && port) trySpawn(data.id, port, pace);
  else if (data.op === "kill") kill(data.id);
  else if (data.op === "ping") tell({ op: "pong", no: data.no });
});

tell({ op: "ready" });
