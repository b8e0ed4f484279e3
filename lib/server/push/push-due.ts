import "server-only";
import { createHash } from "node:crypto";
import { decidePushOutcome, PUSH_ATTEMPTS_MAX, type PushOutcome, pushRetryMs } from "#lib/domain/push/push-attempts.ts";
import { mayPushTo } from "#lib/domain/push/push-endpoint.ts";
import type { PushMessage } from "#lib/protocol/push/push-message.ts";
import type { PushConfig } from "../config/push-config.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { toReasonView } from "../jobs/get-job.ts";
import { type PushAnswer, postPush } from "./post-push.ts";
import { getPushKeys, type PushKeys } from "./push-keys.ts";
import { type Delivery, deleteSettledDeliveries, dropSubscription, lockDueDeliveries, noteAttempt, settleDelivery } from "./push-store.ts";

/** So many go at once: together they end within the eight seconds that each may take. */
const BATCH = 16;
const NAME_CHARS_MAX = 200;
const TOPIC_CHARS = 32;

type Instance = { keys: PushKeys; push: PushConfig };

/**
 * Pushes the messages that are due. An attempt is noted before it is made, with the time of the next: a process that is killed in between loses nothing and floods
 * nobody, and a message that arrives twice replaces itself in the browser. Returns how many were taken by their services.
 */
export async function pushDue(services: Services): Promise<number> {
  const { push } = services.config;
  if (!push) return 0;
  const due = await beginAttempts(services);
  if (due.length === 0) return 0;
  const instance = { keys: await getPushKeys(services), push };
  const outcomes = await Promise.all(due.map((delivery) => attempt(services, delivery, instance)));
  return outcomes.filter((outcome) => outcome === "sent").length;
}

/** Takes what is due for this process: nobody else takes it before its next attempt is due. */
async function beginAttempts({ db, clock }: Services): Promise<Delivery[]> {
  return await transaction(db, async (tx) => {
    const now = clock.now();
    await deleteSettledDeliveries(tx, { now, attemptsMax: PUSH_ATTEMPTS_MAX });
    const due = await lockDueDeliveries(tx, now, BATCH);
    const begun = due.map((delivery) => ({ ...delivery, attempts: delivery.attempts + 1 }));
    for (const delivery of begun) await noteAttempt(tx, delivery, { attempts: delivery.attempts, at: after(now, pushRetryMs(delivery.attempts)) });
    return begun;
  });
}

async function attempt(services: Services, delivery: Delivery, instance: Instance): Promise<PushOutcome> {
  // Looked at again: the operator may have taken the service off the list.
  const answer = mayPushTo(delivery.endpoint, instance.push.hosts) ? await send(services, delivery, instance) : null;
  const outcome = answer ? decidePushOutcome(answer.status) : "gone";
  await save(services, delivery, { outcome, askedMs: answer?.askedMs ?? 0 });
  if (outcome !== "sent") services.log.info({ host: new URL(delivery.endpoint).host, status: answer?.status ?? null, outcome }, "a message was not pushed");
  return outcome;
}

/** Null where the browser's keys are none. */
async function send({ log }: Services, delivery: Delivery, instance: Instance): Promise<PushAnswer | null> {
  const topic = createHash("sha256").update(delivery.event).digest("base64url").slice(0, TOPIC_CHARS);
  try {
    return await postPush(delivery, { message: JSON.stringify(messageOf(delivery, topic)), topic }, instance);
  } catch (err) {
    log.warn({ err }, "a browser's keys cannot be encrypted with");
    return null;
  }
}

function messageOf({ kind, jobId, jobName, reason, params, language }: Delivery, topic: string): PushMessage {
  return { version: 1, tag: topic, language, kind, job: { id: jobId, name: jobName.slice(0, NAME_CHARS_MAX) }, reason: toReasonView(reason), params };
}

async function save({ db, clock }: Services, delivery: Delivery, { outcome, askedMs }: { outcome: PushOutcome; askedMs: number }): Promise<void> {
  const now = clock.now();
  await transaction(db, async (tx) => {
    if (outcome === "gone") await dropSubscription(tx, delivery.subscription);
    else if (outcome !== "later") await settleDelivery(tx, delivery, outcome === "sent" ? now : null);
    else await noteAttempt(tx, delivery, { attempts: delivery.attempts, at: after(now, pushRetryMs(delivery.attempts, askedMs)) });
  });
}

const after = (at: Date, ms: number) => new Date(at.getTime() + ms);
