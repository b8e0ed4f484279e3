import { setTimeout as sleep } from "node:timers/promises";
import { privateKeyToAccount } from "viem/accounts";
import { fetchFrom } from "#cli/volunteer/errands/errand-loop.ts";
import { runErrand } from "#cli/volunteer/errands/run-errand.ts";
import { createApi } from "#lib/client/api/api.ts";
import { isId } from "#lib/domain/ids.ts";
import { createEnrolment, revokeDevice } from "#lib/protocol/devices/devices.ts";
import { type ErrandReport, exchangeErrands } from "#lib/protocol/errands/errands.ts";
import { createDeviceCalls } from "#workers/volunteer/exchange/device-calls.ts";
import { createDeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import { makeKey } from "../scripts/demo/make-key.ts";

/** Operates the instance of all stories; of use to nobody else, since that instance is gone with them. */
export const OPERATOR = privateKeyToAccount(`0x${"5a".repeat(32)}`);

const POLL_MS = 200;

/** A trusted device of the instance of all stories. `rounds` stands for its processor: what it makes of an output that its program wrote. */
export type TrustedDevice = { rounds: (output: Buffer) => Buffer; leave: () => Promise<void> };

/** Enrols a device that runs errands as the command line does, until it leaves and is revoked. */
export async function enrolTrustedDevice(baseUrl: string): Promise<TrustedDevice> {
  const key = await makeKey(baseUrl, OPERATOR, ["devices:manage"]);
  const operator = createApi({ baseUrl, token: async () => key });
  const { code } = await operator.call(createEnrolment, {});
  const calls = createDeviceCalls({ baseUrl, key: await createDeviceKey({ extractable: false }), kind: "headless", cores: 1, enrolmentCode: code });
  const leaving = new AbortController();
  const { signal } = leaving;
  const { deviceId } = await calls.signIn(signal);
  if (!isId("dev", deviceId)) throw new Error(`The instance named no device: ${deviceId}`);
  const device: TrustedDevice = {
    rounds: (output) => output,
    leave: async () => {
      leaving.abort();
      await served;
      await operator.call(revokeDevice, { deviceId });
    },
  };
  const report = ({ output, ...end }: ErrandReport): ErrandReport =>
    output === undefined ? end : { ...end, output: device.rounds(Buffer.from(output, "base64")).toString("base64") };
  const serve = async () => {
    for (let reports: ErrandReport[] = []; ; ) {
      const { errands } = await calls.call(exchangeErrands, { reports, want: 1 }, { signal });
      reports = await Promise.all(errands.map(async (errand) => report(await runErrand(errand, fetchFrom(baseUrl, signal)))));
      if (reports.length === 0) await sleep(POLL_MS, undefined, { signal });
    }
  };
  const served = serve().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return device;
}
