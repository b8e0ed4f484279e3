import { createEnrolment } from "#lib/protocol/devices/devices.ts";
import { createEnrolment as command } from "#lib/server/devices/create-enrolment.ts";
import { handle } from "#lib/server/http/handle.ts";

export const POST = handle(createEnrolment, command);
