/** From the page to the frame. `spawn` comes with one port, which the new worker gets, and may come with a second one for the orders by which it rests. */
export type FrameOrder = { op: "spawn"; id: string } | { op: "kill"; id: string } | { op: "ping"; no: number };

/**
 * From the frame to the page. `ready` says that the frame's script runs; `spawned` that the worker listens on its port; `failed` that there is no such
 * worker, or none any more.
 */
export type FrameNews = { op: "ready" } | { op: "spawned"; id: string } | { op: "failed"; id: string; reason: string } | { op: "pong"; no: number };

/** What a worker tells whoever made it once it listens on the port it was given. */
export const LISTENING = "listening";
