import "server-only";
import { ASSURANCE, ASSURANCE_CLASSES, ASSURANCE_OFFERS } from "#lib/domain/trust/assurance.ts";
import { chooseDefaultClass, errorBound, whyUnavailable } from "#lib/domain/trust/promise.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { listAssurances as listAssurancesEndpoint } from "#lib/protocol/jobs/trust.ts";
import type { Context } from "../context.ts";
import { getInstanceTrust } from "./get-instance-trust.ts";

/** What each class costs and promises on this instance. A result is final when the window after its own has ended and its own is closed. */
export async function listAssurances(ctx: Context): Promise<OutputOf<typeof listAssurancesEndpoint>> {
  const instance = await getInstanceTrust(ctx);
  return {
    default: chooseDefaultClass(instance),
    windowResults: instance.resultsPerWindow,
    classes: ASSURANCE_CLASSES.map((assurance) => ({
      assurance,
      unavailable: whyUnavailable(assurance, instance),
      ...ASSURANCE_OFFERS[assurance],
      errorBound: errorBound(assurance, instance.resultsPerWindow),
      holdMsMax: ASSURANCE[assurance].hasHold ? 2 * ctx.config.hold.windowMsMax : 0,
    })),
  };
}
