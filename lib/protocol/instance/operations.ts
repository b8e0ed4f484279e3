import { z } from "zod";
import { JOB_STATES } from "#lib/domain/job/job.ts";
import { INSTANCE_STATUSES, STATUS_PARTS } from "#lib/domain/operations/decide-status.ts";
import { INCIDENT_KINDS } from "#lib/domain/operations/incident.ts";
import { OPERATOR_ACTS } from "#lib/domain/operations/operator-act.ts";
import { endpoint } from "../endpoint.ts";
import { idField, momentField, pageFields, sha256Field } from "../fields.ts";
import { epochView } from "../payouts/payouts.ts";
import { operatorReason } from "./policy.ts";

const operator = { auth: "account", scope: "instance:manage" } as const;
const moment = momentField.nullable();

/** How far a chain was followed, and why nothing of it is booked, if so. */
const chainFigures = z.object({ head: z.number(), nextBlock: z.number(), followedAt: moment, frozen: z.string().nullable() });

export const getInstanceFigures = endpoint({
  name: "getInstanceFigures",
  method: "GET",
  path: "/api/v1/instance/figures",
  ...operator,
  input: z.strictObject({}),
  output: z.object({
    devices: z.object({ computing: z.number(), seen: z.number(), trusted: z.number(), suspended: z.number(), revoked: z.number() }),
    /** In the last hour; null while fewer than two counts lie in it. */
    lastHour: z.object({ accepted: z.number(), failed: z.number(), replicas: z.number(), wrong: z.number() }).nullable(),
    /** Open jobs with the most replicas that disagreed with their shard's verdict, at most five. */
    disagreements: z.array(z.object({ jobId: idField("job"), name: z.string(), wrong: z.number(), replicas: z.number() })),
    /** Further replicas that nobody took yet, by why they are wanted. */
    wanted: z.array(z.object({ kind: z.string(), count: z.number(), oldestS: z.number() })),
    /** Null on an instance without contracts. */
    chain: chainFigures.nullable(),
    epochs: z.array(epochView),
    /** The same of each further chain; `chain` is null before it was looked at. */
    furtherChains: z.array(
      z.object({
        name: z.string(),
        chain: chainFigures.nullable(),
        epochs: z.array(epochView),
      }),
    ),
    duties: z.array(
      z.object({ name: z.string(), endedAt: momentField, durationMs: z.number(), doneAt: moment, failures: z.number(), error: z.string().nullable() }),
    ),
    /** What the process that answers has refused and where it failed, since it started. */
    process: z.object({
      startedAt: momentField,
      refusals: z.array(z.object({ code: z.string(), count: z.number() })),
      faults: z.array(z.object({ at: momentField, where: z.string(), reference: z.string(), message: z.string() })),
    }),
  }),
  refusals: ["forbidden"],
  summary:
    "An operator's figures: devices, verdicts of the last hour, where results disagree, what waits, chain and epochs, background duties, and what the answering process refused.",
});

export const listInstanceJobs = endpoint({
  name: "listInstanceJobs",
  method: "GET",
  path: "/api/v1/instance/jobs",
  ...operator,
  input: z.strictObject({ ...pageFields, after: idField("job").optional(), search: z.string().trim().max(120).optional() }),
  output: z.object({
    jobs: z.array(
      z.object({
        jobId: idField("job"),
        name: z.string(),
        state: z.enum(JOB_STATES),
        isHeld: z.boolean(),
        owner: z.string(),
        program: sha256Field,
        shardCount: z.number(),
        acceptedCount: z.number(),
        reports: z.number(),
        createdAt: momentField,
      }),
    ),
    next: idField("job").nullable(),
  }),
  refusals: ["forbidden"],
  summary: "Jobs of all owners, those that are open before the others, the newest first; `search` finds in name, id, program and owner.",
});

export const holdJob = endpoint({
  name: "holdJob",
  method: "POST",
  path: "/api/v1/instance/holds",
  ...operator,
  input: z.strictObject({ jobId: idField("job"), reason: operatorReason }),
  output: z.object({ held: z.literal(true) }),
  refusals: ["forbidden", "not_found", "conflict", "job_ended"],
  summary: "An operator pauses a job until it is decided about like one that waits for review. Its owner reads the reason and cannot start it.",
});

export const listActs = endpoint({
  name: "listActs",
  method: "GET",
  path: "/api/v1/instance/acts",
  ...operator,
  input: z.strictObject({ limit: pageFields.limit, before: z.coerce.number().int().min(1).optional() }),
  output: z.object({
    acts: z.array(z.object({ no: z.number(), at: momentField, by: z.string(), act: z.enum(OPERATOR_ACTS), subject: z.string(), reason: z.string() })),
    next: z.number().nullable(),
  }),
  refusals: ["forbidden"],
  summary: "What operators did, the newest first.",
});

const incident = z.object({ no: z.number(), kind: z.enum(INCIDENT_KINDS), text: z.string(), startedAt: momentField, endedAt: moment });

export const postIncident = endpoint({
  name: "postIncident",
  method: "POST",
  path: "/api/v1/instance/incidents",
  ...operator,
  input: z.strictObject({ kind: z.enum(INCIDENT_KINDS), text: operatorReason }),
  output: incident,
  refusals: ["forbidden"],
  summary: "An operator tells everybody about the instance, on its status page.",
});

export const endIncident = endpoint({
  name: "endIncident",
  method: "DELETE",
  path: "/api/v1/instance/incidents/{no}",
  ...operator,
  input: z.strictObject({ no: z.coerce.number().int().min(1).max(2_147_483_647) }),
  output: z.object({ ended: z.boolean() }),
  refusals: ["forbidden"],
  summary: "An operator ends what was told; it stays on the status page as past.",
});

export const getStatus = endpoint({
  name: "getStatus",
  method: "GET",
  path: "/api/v1/status",
  auth: "public",
  input: z.strictObject({}),
  output: z.object({
    status: z.enum(INSTANCE_STATUSES),
    checkedAt: momentField,
    /** `since` is when the part was last seen to work; null where that is not known. */
    parts: z.array(z.object({ part: z.enum(STATUS_PARTS), state: z.enum(["ok", "late", "failed", "absent"]), since: moment })),
    stoppedAt: moment,
    /** Those that are open, and those that ended in the last two weeks; the newest first. */
    incidents: z.array(incident),
  }),
  summary: "How the instance is: its parts, whether an operator stopped it, and what operators tell. At most five seconds old.",
});
export type StatusView = z.output<(typeof getStatus)["output"]>;
