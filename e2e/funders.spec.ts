import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { expect, installWallet, signIn, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

const WALK_MS_MAX = 120_000;

/** The owner names a wallet and its share; that wallet puts money in on the job's page; what is not spent goes back to both. */
test("a job is funded by two, who see beforehand what comes back to whom, and it does", async ({ owner, browser, baseURL }) => {
  test.setTimeout(WALK_MS_MAX);
  const jobId = await submitRange(owner, baseURL ?? "", { name: "Currents, paid by two", shards: 4, price: { replicaMicro: "1000000" } });
  const funderKey = generatePrivateKey();
  const { address } = privateKeyToAccount(funderKey);

  await owner.goto(`/jobs/${jobId}`);
  await owner.getByLabel("Let a wallet put money in").fill(address);
  await owner.getByLabel("Their share of what returns").fill("150");
  await owner.getByRole("button", { name: "Let them fund it" }).click();
  await expect(owner.getByText("Write per cent from 0 to 100")).toBeVisible();
  await owner.getByLabel("Their share of what returns").fill("25");
  await owner.getByRole("button", { name: "Let them fund it" }).click();
  await expect(owner.getByText(/25.?% of what returns/)).toBeVisible();

  const context = await browser.newContext({ baseURL: baseURL ?? "" });
  await installWallet(context, funderKey);
  const funder = await context.newPage();
  await signIn(funder);
  await funder.getByRole("link", { name: "Currents, paid by two" }).click();
  await funder.getByLabel("Your money in this job").fill("0");
  await funder.getByRole("button", { name: "Put in" }).click();
  await expect(funder.getByText("Write a total above the")).toBeVisible();
  await funder.getByLabel("Your money in this job").fill("100");
  await funder.getByRole("button", { name: "Put in" }).click();
  await expect(funder.getByText(/put in 100 /)).toBeVisible();

  await owner.reload();
  await expect(owner.getByText(/put in 100 /)).toBeVisible();
  await expect(
    owner
      .getByRole("listitem")
      .filter({ hasText: /25.?% of what returns/ })
      .getByRole("button"),
  ).toHaveCount(0);
  await owner.getByRole("button", { name: "Cancel job" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Cancel job" }).click();
  await expect(owner.getByText(/got back/).first()).toBeVisible();
  const { funders } = (await (await owner.request.get(`/api/v1/jobs/${jobId}/funders`)).json()) as { funders: { putMicro: string; returnedMicro: string }[] };
  const [put, returned] = (["putMicro", "returnedMicro"] as const).map((name) => funders.reduce((sum, funder) => sum + BigInt(funder[name]), 0n));
  expect(returned).toBe(put);
  await context.close();
});
