import "server-only";
import type { IncidentKind } from "#lib/domain/operations/incident.ts";
import type { Reader, Tx } from "../db/client.ts";

export type Incident = { no: number; kind: IncidentKind; text: string; startedAt: Date; endedAt: Date | null };

export async function insertIncident(tx: Tx, told: { kind: IncidentKind; text: string; at: Date }): Promise<Incident> {
  const [row] = await tx<Incident[]>`
    insert into instance_incidents (kind, text, started_at) values (${told.kind}, ${told.text}, ${told.at})
    returning no, kind, text, started_at as "startedAt", ended_at as "endedAt"`;
  if (!row) throw new Error("the incident was not stored");
  return row;
}

/** Ends one; false where it has ended or never was. */
export async function closeIncident(tx: Tx, no: number, at: Date): Promise<boolean> {
  return (await tx`update instance_incidents set ended_at = ${at} where no = ${no} and ended_at is null returning no`).length > 0;
}

/** Those that are open, and those that ended since; the newest first. */
export async function listIncidents(reader: Reader, endedSince: Date, limit: number): Promise<Incident[]> {
  return await reader<Incident[]>`
    select no, kind, text, started_at as "startedAt", ended_at as "endedAt" from instance_incidents
    where ended_at is null or ended_at >= ${endedSince} order by ended_at is null desc, started_at desc, no desc limit ${limit}`;
}
