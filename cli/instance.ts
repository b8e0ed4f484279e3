import { createShoal, type Shoal } from "#sdk/shoal.ts";
import { findCredential } from "./credentials.ts";
import { type Terminal, UsageError } from "./terminal.ts";

const DEFAULT_SERVER = "http://localhost:3000";

/** Options of every command that speaks to an instance. */
export const SERVER_OPTION = { server: { type: "string" } } as const;
export const OWNER_OPTIONS = { ...SERVER_OPTION, key: { type: "string" } } as const;

/** The origin of the instance: `--server`, else SHOAL_SERVER, else this machine. */
export function readServer(server: string | undefined, { env }: Terminal): string {
  const text = server ?? env.SHOAL_SERVER ?? DEFAULT_SERVER;
  if (!URL.canParse(text)) throw new UsageError(`--server must be a URL such as ${DEFAULT_SERVER}, not “${text}”.`);
  const { protocol, origin } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") throw new UsageError(`--server must begin with http:// or https://, not “${protocol}”.`);
  return origin;
}

/** An instance in the name of an owner. */
export type OwnerShoal = Shoal & { url: string };

/** The instance with `--key`, else SHOAL_API_KEY, else the key that `shoal login` kept for it. */
export async function connectOwner(values: { server?: string | undefined; key?: string | undefined }, terminal: Terminal): Promise<OwnerShoal> {
  const url = readServer(values.server, terminal);
  const key = values.key ?? terminal.env.SHOAL_API_KEY ?? (await findCredential(terminal, url));
  if (!key) throw new UsageError(`An API key is needed: run “shoal login”, or give one of the dashboard as --key KEY or in the environment as SHOAL_API_KEY.`);
  return { ...createShoal({ url, key }), url };
}
