import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { openClient } from "../scripts/postgres/with-client.ts";

/** What is between a closed epoch and a booked claim, in order: the states of an epoch, and the booking of a claim. */
export const MONEY_STEPS = ["cut", "leaves", "tree", "file", "proposed", "finalized", "claim"] as const;
export type MoneyStep = (typeof MONEY_STEPS)[number];

const LOCK = 4_177_001;
const WAIT_MS_MAX = 60_000;
const POLL_MS = 100;

/** Holds whoever is about to take one of these steps, in the middle of its transaction. */
export type StepGate = {
  /** Resolves when a process stands before a step. */
  reached(): Promise<void>;
  /** Ends the connections that stand there, as an operating system does for a dead process, and lets the next one through this step. */
  open(step: MoneyStep): Promise<void>;
  close(): Promise<void>;
};

/** Puts triggers into an instance's database that stop it before each of these steps. */
export async function openStepGate(databaseUrl: string, steps: readonly MoneyStep[]): Promise<StepGate> {
  const client = await openClient(databaseUrl);
  await client.query(`
    create table closed_steps (step text primary key);
    create function stand_before_step() returns trigger language plpgsql as $$
      begin
        if exists (select 1 from closed_steps where step = coalesce(to_jsonb(new) ->> 'state', 'claim')) then perform pg_advisory_xact_lock(${LOCK}); end if;
        return new;
      end $$;
    create trigger stand_before_cut before insert on epochs for each row execute function stand_before_step();
    create trigger stand_before_state before update on epochs for each row when (old.state is distinct from new.state) execute function stand_before_step();
    create trigger stand_before_claim before insert on account_postings for each row when (new.ref ^@ 'claim:') execute function stand_before_step();
  `);
  await client.query("insert into closed_steps select unnest($1::text[])", [steps]);
  await client.query(`select pg_advisory_lock(${LOCK})`);
  return {
    reached: () => untilSomebodyWaits(client),
    open: async (step) => {
      await client.query("delete from closed_steps where step = $1", [step]);
      await client.query("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = $1 and not granted", [LOCK]);
    },
    close: () => client.end(),
  };
}

async function untilSomebodyWaits(client: Client): Promise<void> {
  for (const deadline = Date.now() + WAIT_MS_MAX; Date.now() < deadline; await sleep(POLL_MS)) {
    const { rowCount } = await client.query("select 1 from pg_locks where locktype = 'advisory' and objid = $1 and not granted", [LOCK]);
    if (rowCount) return;
  }
  throw new Error(`Nobody came to the step within ${WAIT_MS_MAX / 1000} s.`);
}
