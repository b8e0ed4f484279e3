import { setTimeout as sleep } from "node:timers/promises";
import type { ChaosInstance } from "./chaos-instance.ts";
import type { Crowd } from "./crowd.ts";
import type { FaultKind, PlannedFault } from "./plan-faults.ts";

const DAY_MS = 86_400_000;
/** What a clock is set by when its machine finds out that it went wrong; leases and windows last longer. */
const SERVER_JUMP_MS_MAX = 3000;
const DRAIN_MS = 300;

export type Breakable = { instance: ChaosInstance; crowd: Crowd };
/** Lets a fault last, puts everything right again, and says what was done. */
type Breaker = (world: Breakable, fault: PlannedFault) => Promise<string>;

/** Faults of one part that cannot happen to it at once take turns, one after the other; what would have to wait for several is left out. */
const turns = new Map<string, { last: Promise<unknown>; waiting: number }>();
async function inTurn(part: string, act: () => Promise<string>): Promise<string> {
  const turn = turns.get(part) ?? { last: Promise.resolve(), waiting: 0 };
  turns.set(part, turn);
  if (turn.waiting > 1) return `left out: other faults of the ${part} still last`;
  turn.waiting += 1;
  const mine = turn.last.then(act).finally(() => {
    turn.waiting -= 1;
  });
  turn.last = mine.catch(() => undefined);
  return await mine;
}

const pick = <T>(items: readonly T[], lot: number): T => items[Math.floor(lot * items.length)] as T;

const BREAKERS: Record<FaultKind, Breaker> = {
  "kill-app": async ({ instance }, { lot, lastsMs }) =>
    await inTurn("apps", async () => {
      const { process } = pick(instance.apps, lot);
      await process.down("SIGKILL", sleep(lastsMs));
      await process.settled(true);
      return process.name;
    }),
  "freeze-app": async ({ instance }, { lot, lastsMs }) =>
    await inTurn("apps", async () => {
      const { process } = pick(instance.apps, lot);
      process.signal("SIGSTOP");
      await sleep(lastsMs);
      process.signal("SIGCONT");
      return process.name;
    }),
  "roll-apps": async ({ instance }) => await inTurn("apps", async () => await rollApps(instance)),
  "kill-background": async ({ instance }, { lastsMs }) => {
    await instance.background.down("SIGKILL", sleep(lastsMs));
    await instance.background.settled(true);
    return "background";
  },
  "kill-database": async ({ instance }, { lastsMs }) =>
    await inTurn("database", async () => {
      await instance.database.restart("kill", lastsMs);
      return "PostgreSQL, its postmaster first";
    }),
  "restart-database": async ({ instance }, { lastsMs }) =>
    await inTurn("database", async () => {
      await instance.database.restart("stop", lastsMs);
      return "PostgreSQL";
    }),
  "kill-device": async ({ crowd }, { lot, lastsMs }) => {
    const device = pick(crowd.processes, lot);
    await device.down("SIGKILL", sleep(lastsMs));
    await device.settled(true);
    return device.name;
  },
  "kill-crowd": async ({ crowd }, { lot, lastsMs }) => {
    const victims = crowd.light.filter((_, i) => (i * 0.618 + lot) % 1 < 0.5);
    await Promise.all(victims.map(async (device) => await device.kill()));
    await sleep(lastsMs);
    for (const device of victims) device.start();
    return `${victims.length} of ${crowd.light.length} light devices`;
  },
  "fill-disk": async ({ instance }, { lastsMs }) =>
    await inTurn("disk", async () => {
      const isFull = instance.disk.fill();
      await sleep(lastsMs);
      instance.disk.empty();
      return isFull ? instance.disk.kind : "left out: only a file system of its own can be filled";
    }),
  "lock-disk": async ({ instance }, { lastsMs }) =>
    await inTurn("disk", async () => {
      instance.disk.lock();
      await sleep(lastsMs);
      instance.disk.unlock();
      return instance.disk.kind;
    }),
  "bad-network": async ({ instance }, { lastsMs }) =>
    await inTurn("network", async () => {
      instance.proxy.weather = "stormy";
      await sleep(lastsMs);
      instance.proxy.weather = "fair";
      return "requests lost, doubled, delayed, slowed";
    }),
  "cut-network": async ({ instance }, { lastsMs }) =>
    await inTurn("network", async () => {
      instance.proxy.isCut = true;
      await sleep(lastsMs);
      instance.proxy.isCut = false;
      return "nobody reaches the apps";
    }),
  "jump-device-clocks": async ({ instance, crowd }, { lot, lastsMs }) => {
    const skewMs = Math.round((lot * 2 - 1) * DAY_MS);
    for (const device of crowd.light) device.jumpClock(skewMs);
    for (const device of crowd.processes) instance.setClock(device.name, skewMs);
    await sleep(lastsMs);
    for (const device of crowd.light) device.jumpClock(0);
    for (const device of crowd.processes) instance.setClock(device.name, 0);
    return `${skewMs} ms`;
  },
  "jump-server-clocks": async ({ instance }, { lot, lastsMs }) => {
    const server = pick(instance.servers, lot);
    const skewMs = Math.round(Math.sin(lot * 100) * SERVER_JUMP_MS_MAX);
    instance.setClock(server.name, skewMs);
    await sleep(lastsMs);
    instance.setClock(server.name, 0);
    return `${server.name} by ${skewMs} ms`;
  },
  "lose-chain": async ({ instance }, { lastsMs }) =>
    await inTurn("chain", async () => {
      instance.gate.state = "shut";
      await sleep(lastsMs);
      instance.gate.state = "open";
      return "connections refused";
    }),
  "hang-chain": async ({ instance }, { lastsMs }) =>
    await inTurn("chain", async () => {
      instance.gate.state = "hanging";
      await sleep(lastsMs);
      instance.gate.state = "open";
      return "connections silent";
    }),
};

/** Breaks what the fault says, waits until it is whole again, and says what it was. */
export async function breakInstance(world: Breakable, fault: PlannedFault): Promise<string> {
  return await BREAKERS[fault.kind](world, fault);
}

/** One app after the other is drained, asked to end, and started anew, as at every deployment; no request may be lost by it. */
async function rollApps(instance: ChaosInstance): Promise<string> {
  const lostBefore = instance.proxy.lostWhileDraining;
  for (const { process, port } of instance.apps) {
    instance.proxy.drain(port);
    // What was on its way to it when it was taken out has arrived then; what it still answers is its own to finish.
    await sleep(DRAIN_MS);
    await process.down("SIGTERM", process.settled(false));
    await process.settled(true);
    instance.proxy.undrain(port);
  }
  return `${instance.apps.length} apps, ${instance.proxy.lostWhileDraining - lostBefore} requests lost`;
}
