import { type FetchPiece, runErrand } from "#cli/volunteer/errands/run-errand.ts";
import type { AccountId } from "#lib/domain/ids.ts";
import { getArtifact as getArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import type { ErrandReport } from "#lib/protocol/errands/errands.ts";
import { exchangeErrands as endpoint } from "#lib/protocol/errands/errands.ts";
import { getArtifact } from "#lib/server/artifacts/get-artifact.ts";
import type { Context, Services } from "#lib/server/context.ts";
import { exchangeErrands } from "#lib/server/errands/exchange-errands.ts";
import type { DevicePrincipal } from "#lib/server/principal.ts";
import { makeDevice } from "./builders.ts";

/** A trusted device, or one that checks its owner's jobs, that runs errands in real contained processes, and reads what they need through the signed URLs that come with them. */
export class ErrandDevice {
  readonly ctx: Context<DevicePrincipal>;

  constructor(ctx: Context<DevicePrincipal>) {
    this.ctx = ctx;
  }

  static async open(services: Services, options: { trusted?: boolean; checksFor?: AccountId } = { trusted: true }): Promise<ErrandDevice> {
    return new ErrandDevice((await makeDevice(services, options)).ctx);
  }

  async exchange(input: { reports?: ErrandReport[]; want?: number }) {
    return endpoint.output.parse(await exchangeErrands(this.ctx, endpoint.input.parse({ want: 0, ...input })));
  }

  /** Runs what there is until there is nothing more; the reports. */
  async runAll(): Promise<ErrandReport[]> {
    const all: ErrandReport[] = [];
    for (let reports: ErrandReport[] = []; ; ) {
      const { errands } = await this.exchange({ reports, want: 4 });
      if (errands.length === 0) return all;
      reports = await Promise.all(errands.map((errand) => runErrand(errand, this.#fetchPiece)));
      all.push(...reports);
    }
  }

  readonly #fetchPiece: FetchPiece = async ({ url, start, end }) => {
    const { pathname, searchParams } = new URL(url, "http://instance");
    const input = getArtifactEndpoint.input.parse({ sha256: pathname.split("/").at(-1), ...Object.fromEntries(searchParams) });
    const range = end === Number.MAX_SAFE_INTEGER ? null : `bytes=${start}-${end - 1}`;
    const { body } = await getArtifact({ ...this.ctx, principal: { kind: "anonymous" } }, input, { range });
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return new Uint8Array(Buffer.concat(parts));
  };
}
