import { hostname, userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createApi } from "#lib/client/api/api.ts";
import { mayPass } from "#lib/client/api/retry.ts";
import { getCurrentKey, revokeCurrentKey } from "#lib/protocol/accounts/accounts.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { claimLogin, createLogin, LOGIN_SCOPES } from "#lib/protocol/logins/logins.ts";
import { listCredentials, saveCredential } from "../credentials.ts";
import { readServer, SERVER_OPTION } from "../instance.ts";
import { readNumber, readOptions } from "../read-options.ts";
import { type Command, UsageError } from "../terminal.ts";

const DAYS_BOUNDS = { min: 1, max: 90 };
const CLIENT_CHARS_MAX = 80;
const HINT_CHARS = 4;

type LoginScope = Exclude<KeyScope, "devices:manage" | "instance:manage">;

/** Asks an instance's owner, in their browser, for a key of this terminal, and keeps it where only this person can read it. */
export const login: Command = async (args, terminal) => {
  const { values } = readOptions(args, { ...SERVER_OPTION, scope: { type: "string", multiple: true }, days: { type: "string" } });
  const server = readServer(values.server, terminal);
  const api = createApi({ baseUrl: server });
  const signal = terminal.interrupt;
  const expiresInDays = readNumber("days", values.days, DAYS_BOUNDS) ?? 30;
  const asked = await api.call(createLogin, { client: clientName(), scopes: readScopes(values.scope), expiresInDays }, { signal });
  if (new URL(asked.url).origin !== server) terminal.tell(`${server} is the instance ${new URL(asked.url).origin}.`);
  terminal.tell(`Open ${asked.url} in a browser where you are signed in, and type this code:`);
  terminal.print(asked.code);
  terminal.tell(`It is good until ${new Date(asked.expiresAt).toLocaleTimeString()}. Tell it to nobody.`);
  for (;;) {
    await sleep(asked.pollAfterMs, undefined, { signal });
    try {
      const { secret } = await api.call(claimLogin, { secret: asked.secret }, { signal });
      await saveCredential(terminal, server, secret);
      terminal.tell(`This terminal may now act for you at ${server}. “shoal logout” ends that.`);
      return 0;
    } catch (error) {
      const isPending = error instanceof ApiError && error.code === "login_pending";
      // A connection that is lost for a while loses no login; one that stays lost ends with the code.
      if (!isPending && (!mayPass(error) || Date.now() > Date.parse(asked.expiresAt))) throw error;
    }
  }
};

/** Revokes this terminal's key at the instance and forgets it here. */
export const logout: Command = async (args, terminal) => {
  const { values } = readOptions(args, SERVER_OPTION);
  const server = readServer(values.server, terminal);
  const kept = (await listCredentials(terminal)).find((credential) => credential.server === server);
  if (!kept) throw new UsageError(`This terminal is not signed in at ${server}.`);
  await createApi({ baseUrl: server, token: async () => kept.key })
    .call(revokeCurrentKey, {}, { signal: terminal.interrupt })
    .catch((error: unknown) => {
      // A key that is unknown by now is as good as revoked.
      if (!(error instanceof ApiError) || error.code !== "unauthenticated") throw error;
    });
  await saveCredential(terminal, server, null);
  terminal.tell(`Signed out of ${server}.`);
  return 0;
};

/** Lists the keys of this terminal with what each may and has spent. */
export const listKeysCommand: Command = async (args, terminal) => {
  const { values } = readOptions(args, { json: { type: "boolean" } });
  const kept = await listCredentials(terminal);
  if (kept.length === 0) terminal.tell("This terminal keeps no key. “shoal login” gets one.");
  if (!values.json) terminal.tell("The keys of your other terminals and programs stand in the dashboard, at /keys of each instance.");
  for (const { server, key } of kept) {
    const answer = await createApi({ baseUrl: server, token: async () => key })
      .call(getCurrentKey, {}, { signal: terminal.interrupt })
      .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    if (values.json) terminal.print(JSON.stringify(answer instanceof Error ? { server, error: answer.message } : { server, ...answer.key }));
    else if (answer instanceof Error) terminal.print(`${server}  …${key.slice(-HINT_CHARS)}  ${answer.message}`);
    else {
      const { hint, scopes, expiresAt, spend } = answer.key;
      const limit = spend.dayLimitMicro === null ? "" : ` of ${spend.dayLimitMicro}`;
      terminal.print(`${server}  …${hint}  ${scopes.join(",")}  until ${expiresAt?.slice(0, 10) ?? "revoked"}  today ${spend.dayMicro}${limit} micro`);
    }
  }
  return 0;
};

function readScopes(texts: string[] | undefined): LoginScope[] {
  const known = LOGIN_SCOPES as LoginScope[];
  return (texts ?? known).map((text) => {
    const scope = known.find((candidate) => candidate === text);
    if (!scope) throw new UsageError(`--scope must be one of ${known.join(", ")}, not “${text}”.`);
    return scope;
  });
}

/** Who asks, for the owner's eyes: person and machine, in printable characters. */
function clientName(): string {
  const name = `${userInfo().username}@${hostname()}`.replace(/[^\x20-\x7e]/g, "?");
  return `shoal on ${name}`.slice(0, CLIENT_CHARS_MAX);
}
