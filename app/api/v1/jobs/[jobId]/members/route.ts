import { listMembers, removeMember, setMember } from "#lib/protocol/jobs/members.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listMembers as list, removeMember as remove, setMember as set } from "#lib/server/jobs/members/job-members.ts";

export const GET = handle(listMembers, list);
export const PUT = handle(setMember, set);
export const DELETE = handle(removeMember, remove);
