import { frameHeaders, type Headers, WORKER_HEADERS } from "../../workers/sandbox/policy.ts";
import type { ScriptDigests } from "./build-sandbox.ts";

type HeaderRule = { source: string; headers: { key: string; value: string }[] };

const rule = (source: string, headers: Headers): HeaderRule => ({ source, headers: Object.entries(headers).map(([key, value]) => ({ key, value })) });

/** The headers of everything that the sandbox is served as, in the words of Next. The page's own headers must not apply to these addresses. */
export function sandboxHeaders(digests: ScriptDigests): HeaderRule[] {
  return [
    rule("/sandbox/frame.html", frameHeaders(digests.frame)),
    rule("/sandbox/attempts.html", frameHeaders(digests.attempts)),
    rule("/sandbox/:script(executor|attempts).js", WORKER_HEADERS),
  ];
}
