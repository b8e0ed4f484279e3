import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import { createJob as createJobEndpoint, rerunFailed as rerunFailedEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { makeAccount, type WalletOwner } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission, type SubmissionShape } from "#lib/testing/submission.ts";
import { eraseAccount } from "../accounts/data/account-data-store.ts";
import { createKey } from "../accounts/keys/create-key.ts";
import { deleteExpired } from "../background/delete-expired.ts";
import { transaction } from "../db/transaction.ts";
import { handle } from "../http/handle.ts";
import { createJob } from "../jobs/create-job.ts";
import { rerunFailed } from "../jobs/rerun/rerun-failed.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { postFaucet } from "../ledger/post-faucet.ts";
import { removeRule, setRule } from "../policy/policy-rules.ts";

const DAY_MS = 86_400_000;
let services: TestServices;

beforeAll(async () => {
  services = await openTestServices({ feeBps: 0 });
});
afterAll(async () => {
  expect(await checkLedger(services.db)).toEqual([]);
  await services.close();
});

type Owner = { ctx: WalletOwner; secret: string };
type Answer = { status: number; id: string | undefined; error: { code: string; params: Record<string, string> } | undefined };

async function makeOwner(balanceMicro?: bigint, limits: { spendTotalMicro?: string } = {}): Promise<Owner> {
  const { ctx } = await makeAccount(services, balanceMicro);
  return { ctx, secret: await keyOf(ctx, limits) };
}
async function keyOf(ctx: WalletOwner, limits: { spendTotalMicro?: string } = {}): Promise<string> {
  const scopes: KeyScope[] = ["artifacts:write", "jobs:write"];
  const fresh = { ...ctx, principal: { ...ctx.principal, signedInAt: services.clock.now() } };
  return (await createKey(fresh, { name: "script", scopes, ...limits })).secret;
}

async function send(
  door: (request: Request) => Promise<Response>,
  path: string,
  { secret, key, body }: { secret: string; key?: string; body: string },
): Promise<Answer> {
  const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) };
  const response = await door(new Request(`http://127.0.0.1:3999${path}`, { method: "POST", headers, body }));
  const json = await response.json();
  return { status: response.status, id: json.id, error: json.error };
}
const submit = async (secret: string, key: string | undefined, spec: unknown) =>
  await send(
    handle(createJobEndpoint, createJob, async () => services),
    "/api/v1/jobs",
    { secret, ...(key === undefined ? {} : { key }), body: typeof spec === "string" ? spec : JSON.stringify(spec) },
  );
const specOf = async ({ ctx }: Owner, shape: SubmissionShape = {}) => await makeSubmission(ctx, { price: { replicaMicro: "1000" }, ...shape });
const escrow = async ({ ctx }: Owner) => (await getAccountBalance(services.db, ctx.principal.accountId, 0)).escrowMicro;

describe("a submission that is repeated", () => {
  test("with its key is answered with the same job, which is paid for once and counts once against the API key", async () => {
    const owner = await makeOwner();
    const spec = await specOf(owner);
    const first = await submit(owner.secret, "a1", spec);
    const cost = await escrow(owner);
    expect([first.status, cost > 0n]).toEqual([200, true]);
    const rows = await countRows(services.db);
    expect(await submit(owner.secret, "a1", spec)).toEqual(first);
    expect(await submit(await keyOf(owner.ctx), "a1", spec)).toEqual(first);
    expect([await escrow(owner), (await countRows(services.db)).jobs, (await countRows(services.db)).key_spends]).toEqual([cost, rows.jobs, rows.key_spends]);
  });

  test("without a key, or with another one, is another job", async () => {
    const owner = await makeOwner();
    const spec = await specOf(owner);
    const ids = [await submit(owner.secret, undefined, spec), await submit(owner.secret, undefined, spec), await submit(owner.secret, "b1", spec)].map(
      ({ id }) => id,
    );
    expect(new Set([...ids, (await submit(owner.secret, "b2", spec)).id]).size).toBe(4);
  });

  test("at the same moment is one job too, for everybody who asked", async () => {
    const owner = await makeOwner();
    const spec = await specOf(owner, { inputText: "one\ntwo\n" });
    const answers = await Promise.all(Array.from({ length: 8 }, () => submit(owner.secret, "c1", spec)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    const [made] = await services.db<{ count: number }[]>`select count(*)::int as count from jobs where account_id = ${uuidOf(owner.ctx.principal.accountId)}`;
    expect(made?.count).toBe(1);
  });

  test("is known by what it means, not by how it is written", async () => {
    const owner = await makeOwner();
    const { name, ...rest } = await specOf(owner);
    const first = await submit(owner.secret, "d1", JSON.stringify({ ...rest, name }));
    expect(await submit(owner.secret, "d1", JSON.stringify({ name, ...rest }, null, 4))).toEqual(first);
  });

  test("is answered also after the money has gone and the instance would no longer take it", async () => {
    const owner = await makeOwner(60_000n);
    const spec = await specOf(owner);
    const first = await submit(owner.secret, "e1", spec);
    expect((await submit(owner.secret, "e2", { ...spec, slicing: { mode: "range", from: 0, to: 1000 } })).error?.code).toBe("funds_short");
    const operator = { ...owner.ctx, principal: { ...owner.ctx.principal, roles: ["operator"] } };
    await setRule(operator, { subject: spec.program.artifact.sha256, verdict: "deny", reason: "A test." });
    expect((await submit(owner.secret, "e3", spec)).error?.code).toBe("program_denied");
    expect(await submit(owner.secret, "e1", spec)).toEqual(first);
    await removeRule(operator, { subject: spec.program.artifact.sha256 });
  });
});

describe("a key that was used", () => {
  test("is refused with another request, which leaves nothing behind", async () => {
    const owner = await makeOwner();
    const spec = await specOf(owner);
    await submit(owner.secret, "f1", spec);
    const rows = await countRows(services.db);
    for (const other of [
      { ...spec, name: "Another" },
      { ...spec, price: { replicaMicro: "1" } },
    ])
      expect(await submit(owner.secret, "f1", other)).toMatchObject({ status: 422, error: { code: "idempotency_key_reused" } });
    expect(await countRows(services.db)).toEqual(rows);
  });

  test("is another account's own, and tells it nothing", async () => {
    const [ada, bob] = [await makeOwner(), await makeOwner()];
    const first = await submit(ada.secret, "g1", await specOf(ada));
    const second = await submit(bob.secret, "g1", await specOf(bob));
    expect([second.status, second.id === first.id]).toEqual([200, false]);
  });

  test("was not used by what was refused: with money it makes the job", async () => {
    const owner = await makeOwner(0n);
    const spec = await specOf(owner);
    expect((await submit(owner.secret, "h1", spec)).error?.code).toBe("funds_short");
    await transaction(services.db, (tx) => postFaucet(tx, owner.ctx.principal.accountId, 1_000_000n));
    expect((await submit(owner.secret, "h1", spec)).status).toBe(200);
  });

  test("is forgotten after a week, and with its account", async () => {
    const owner = await makeOwner();
    const spec = await specOf(owner);
    const { id } = await submit(owner.secret, "i1", spec);
    services.clock.advance(6 * DAY_MS);
    await deleteExpired(services);
    expect((await submit(owner.secret, "i1", spec)).id).toBe(id);
    services.clock.advance(2 * DAY_MS);
    await deleteExpired(services);
    expect((await submit(owner.secret, "i1", spec)).id).not.toBe(id);
    const { accountId } = owner.ctx.principal;
    await transaction(services.db, (tx) => eraseAccount(tx, accountId, "nobody"));
    expect(await services.db`select 1 from idempotency_keys where account_id = ${uuidOf(accountId)}`).toEqual([]);
  });

  test.each(["", "x".repeat(201), "two words", "ünï"])("is named where it is none: %j", async (key) => {
    const owner = await makeOwner();
    expect(await submit(owner.secret, key, await specOf(owner))).toMatchObject({
      status: 400,
      error: { code: "bad_request", params: { field: "Idempotency-Key" } },
    });
  });
});

test("failed shards are computed again once, however often the request arrives", async () => {
  const owner = await makeOwner();
  const { id = "" } = await submit(owner.secret, undefined, await specOf(owner, { slicing: { mode: "range", from: 0, to: 1 } }));
  const rerun = (key: string) =>
    send(
      handle(rerunFailedEndpoint, rerunFailed, async () => services),
      `/api/v1/jobs/${id}/rerun`,
      { secret: owner.secret, key, body: "{}" },
    );
  expect((await rerun("r1")).error?.code).toBe("conflict");
  await services.db`update jobs set state = 'failed', closed_at = now(), ended_at = now() where id = ${id.slice(4)}`;
  await services.db`update job_cursors set state = 'failed' where job_id = ${id.slice(4)}`;
  await services.db`insert into shards (job_id, no, verdict, outcome, output_bytes, decided_at) values (${id.slice(4)}, 0, 'failed', 'exit_code', 0, now())`;
  await services.db`insert into job_counters (job_id, stripe, failed) values (${id.slice(4)}, 0, 1)`;
  const before = await escrow(owner);
  const answers = await Promise.all([rerun("r1"), rerun("r1"), rerun("r1")]);
  expect(answers.map(({ status, id: job }) => [status, job])).toEqual(Array(3).fill([200, id]));
  const [note] = await services.db<{ count: number }[]>`select count(*)::int as count from job_reruns where job_id = ${id.slice(4)}`;
  expect([note?.count, (await escrow(owner)) > before]).toEqual([1, true]);
  expect((await rerun("r2")).error?.code).toBe("conflict");
});
