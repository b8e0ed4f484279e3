import { expose } from "comlink";
import { createAttemptDoor } from "./attempts/try-attempt.ts";
import { LISTENING } from "./frame-contract.ts";

/*
 * The hostile twin of the executor's worker. Programs get no further than WebAssembly lets them; what is tried here begins where such a wall had already fallen,
 * with JavaScript of the attacker's choice in the very worker that runs programs. It is an honest test of what stands behind: the frame's document, its headers
 * and the way in which the worker is made are those of the executors; only the script differs, and so the digest of it in the policy.
 */
self.onmessage = (event) => {
  const [port] = event.ports;
  if (event.data !== "port" || port === undefined) return;
  expose(createAttemptDoor(port), port);
  self.postMessage(LISTENING);
};
