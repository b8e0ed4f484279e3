/** What an owner may let others do with a job: look at it and download its result, or also pause, resume and cancel it. */
export const MEMBER_ROLES = ["view", "manage"] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** What somebody is to a job. Money, members and the public page are the owner's alone. */
export const JOB_ROLES = ["view", "manage", "owner"] as const;
export type JobRole = (typeof JOB_ROLES)[number];

/** No job has more members. */
export const MEMBERS_MAX = 50;

/** Whether a role suffices for what needs another: each may what those before it may. */
export function suffices(role: JobRole, needed: JobRole): boolean {
  return JOB_ROLES.indexOf(role) >= JOB_ROLES.indexOf(needed);
}
