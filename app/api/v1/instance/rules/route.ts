import { listRules, removeRule, setRule } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { listRules as list, removeRule as remove, setRule as set } from "#lib/server/policy/policy-rules.ts";

export const GET = handle(listRules, list);
export const PUT = handle(setRule, set);
export const DELETE = handle(removeRule, remove);
