import { OfflineError } from "#lib/client/api/api.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { createShoal } from "../shoal.ts";

/** What a page gets of the SDK in the test that runs it in a browser. */
Object.assign(globalThis, { sdk: { createShoal, ApiError, OfflineError } });
