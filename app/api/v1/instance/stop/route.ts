import { resumeInstance, stopInstance } from "#lib/protocol/instance/policy.ts";
import { handle } from "#lib/server/http/handle.ts";
import { resumeInstance as resume, stopInstance as stop } from "#lib/server/policy/instance-stop.ts";

export const PUT = handle(stopInstance, stop);
export const DELETE = handle(resumeInstance, resume);
