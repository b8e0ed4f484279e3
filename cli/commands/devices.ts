import type { CheckingDevice } from "#lib/protocol/devices/checking-devices.ts";
import { connectOwner, OWNER_OPTIONS, type OwnerShoal } from "../instance.ts";
import { readOptions } from "../read-options.ts";
import { type Command, type Terminal, UsageError } from "../terminal.ts";

type Act = (shoal: OwnerShoal, of: { named: readonly string[]; isJson: boolean; terminal: Terminal }) => Promise<void>;

const ACTS: Record<string, Act> = {
  async list(shoal, { isJson, terminal }) {
    const devices = await shoal.checkingDevices({ signal: terminal.interrupt });
    for (const device of devices) terminal.print(isJson ? JSON.stringify(device) : lineOf(device));
    if (devices.length === 0 && !isJson) terminal.tell("No device checks your jobs. “shoal devices add” makes a code for one.");
  },
  async add(shoal, { isJson, terminal }) {
    const { code, expiresAt } = await shoal.addCheckingDevice({ signal: terminal.interrupt });
    terminal.print(isJson ? JSON.stringify({ code, expiresAt }) : code);
    terminal.tell(`It works once, until ${expiresAt}. On the machine that shall check: shoal volunteer --server ${shoal.url} --trusted CODE --name checks`);
  },
  async revoke(shoal, { named, terminal }) {
    await shoal.revokeCheckingDevice(named[0] ?? "", { signal: terminal.interrupt });
    terminal.tell("Revoked: it is turned away within a second or two, and what it doubted is asked no more.");
  },
};

/** Lists the devices that check the owner's jobs; `add` prints a one-time code for another one, `revoke DEVICE` revokes one. */
export const devicesCommand: Command = async (args, terminal) => {
  const options = { ...OWNER_OPTIONS, json: { type: "boolean" } } as const;
  const [first = "-", ...others] = args;
  const [name, rest] = first.startsWith("-") ? ["list", args] : [first, others];
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (!act) throw new UsageError(`“${name}” is not known here: give add, revoke DEVICE, or nothing to list them.`);
  const { values, named } = readOptions(rest, options, name === "revoke" ? ["DEVICE"] : []);
  await act(await connectOwner(values, terminal), { named, isJson: values.json === true, terminal });
  return 0;
};

function lineOf({ id, lastSeenAt, same, other, unclear }: CheckingDevice): string {
  return `${id}  last seen ${lastSeenAt.slice(0, 16).replace("T", " ")}  same ${same}  other ${other}  unclear ${unclear}`;
}
