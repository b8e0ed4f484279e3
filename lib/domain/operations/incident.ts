/** What an operator tells everybody: something to know, something that works worse, something that does not work. */
export const INCIDENT_KINDS = ["notice", "degraded", "down"] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
