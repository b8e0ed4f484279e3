import { createHash } from "node:crypto";
import type { DeviceId } from "#lib/domain/ids.ts";
import { type ExchangeInput, type ExchangeOutput, exchange, type GrantView, type ResultReport } from "#lib/protocol/exchange/exchange.ts";
import type { Context } from "#lib/server/context.ts";
import { exchangeWithDevice } from "#lib/server/exchange/exchange-with-device.ts";
import type { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import type { DevicePrincipal } from "#lib/server/principal.ts";

export type ExchangeWish = Partial<Pick<ExchangeInput, "reports" | "running" | "abandoned" | "measured" | "knownJobs" | "cores" | "webgpu" | "serves">> & {
  shards?: number;
  seq?: number;
};

/** A device that speaks the protocol by hand: every request passes the protocol's schema, every answer too. */
export class DrivenDevice {
  readonly deviceId: DeviceId;
  readonly #ctx: Context<DevicePrincipal>;
  readonly #snapshot: JobSnapshot;
  seq = 0;

  constructor(ctx: Context<DevicePrincipal>, snapshot: JobSnapshot) {
    this.#ctx = ctx;
    this.#snapshot = snapshot;
    this.deviceId = ctx.principal.deviceId;
  }

  /** One exchange; the job snapshot is refreshed first, so that tests need no waiting. */
  async exchange(wish: ExchangeWish = {}): Promise<ExchangeOutput> {
    const { shards = 0, seq, ...rest } = wish;
    this.seq = seq ?? this.seq + 1;
    this.#snapshot.expire();
    const input = exchange.input.parse({
      version: 1,
      seq: this.seq,
      want: { shardsMax: shards, timeMs: 600_000 },
      cores: Math.max(1, Math.min(1024, shards)),
      ...rest,
    });
    return exchange.output.parse(await exchangeWithDevice(this.#ctx, input, this.#snapshot));
  }

  /** Asks for shards, and reports what `outputOf` says of each; returns how many there were. */
  async compute(shards: number, outputOf: (no: number) => string): Promise<number> {
    const { grants } = await this.exchange({ shards });
    if (grants.length > 0) await this.exchange({ reports: grants.map((grant) => reportOf(grant, outputOf)) });
    return grants.reduce((sum, grant) => sum + grant.toNo - grant.fromNo, 0);
  }
}

/** A result that says `text` was the output. */
export function okResult(no: number, text: string): ResultReport {
  return { no, outcome: "ok", digest: createHash("sha256").update(text).digest("hex"), output: Buffer.from(text).toString("base64"), durationMs: 10 };
}

/** A report of a whole grant, with the output each number has. */
export function reportOf(grant: GrantView, outputOf: (no: number) => string): ExchangeInput["reports"][number] {
  const results = Array.from({ length: grant.toNo - grant.fromNo }, (_, i) => okResult(grant.fromNo + i, outputOf(grant.fromNo + i)));
  return { jobId: grant.jobId, grantId: grant.grantId, results };
}
