import { z } from "zod";
import { endpoint } from "../endpoint.ts";
import { sha256Field } from "../fields.ts";
import { pushBrowser } from "./push-view.ts";

const PATH = "/api/v1/me/push";

export const getPush = endpoint({
  name: "getPush",
  method: "GET",
  path: PATH,
  auth: "session",
  input: z.strictObject({}),
  output: z.object({
    /** For `PushManager.subscribe()`, base64url; null where this instance pushes nothing. */
    publicKey: z.string().nullable(),
    browsers: z.array(pushBrowser),
  }),
  summary: "With which key browsers subscribe to notices, and which browsers of yours have.",
});

export const subscribePush = endpoint({
  name: "subscribePush",
  method: "POST",
  path: PATH,
  auth: "session",
  input: z.strictObject({
    endpoint: z.url({ protocol: /^https$/ }).max(1024),
    keys: z.strictObject({ p256dh: z.base64url().max(100), auth: z.base64url().max(40) }),
    /** In which messages are written; one that the browser has no words for is English. */
    language: z.string().regex(/^[a-z]{2}$/, { error: "must be two letters" }),
  }),
  output: z.object({ sha256: sha256Field }),
  refusals: ["conflict"],
  summary: "Lets notices be pushed to a browser, as its PushSubscription says. Only push services that the operator named are taken.",
});

export const unsubscribePush = endpoint({
  name: "unsubscribePush",
  method: "DELETE",
  path: `${PATH}/{sha256}`,
  auth: "session",
  input: z.strictObject({ sha256: sha256Field }),
  output: z.object({ unsubscribed: z.literal(true) }),
  summary: "Ends that for one browser, named by the SHA-256 of its endpoint.",
});
