import { type Api, type ApiOptions, createApi } from "#lib/client/api/api.ts";
import { ApiError } from "#lib/protocol/errors.ts";

export type ShoalOptions = {
  /** Origin of the instance, for example `https://shoal.example`. In a page of the instance itself it may be left out. */
  url?: string;
  /** An API key (`shoal_…`), or how to find one before each call. Without one the page's session speaks. */
  key?: string | (() => Promise<string | null>);
  fetch?: typeof fetch;
};

/** Typed calls to one instance in the name of one key. */
export type Connection = { url: string; api: Api; options: ApiOptions };

/** Throws an ApiError with the field `url` when it is no address of an instance. */
export function connect({ url = "", key, fetch }: ShoalOptions): Connection {
  const baseUrl = url === "" ? "" : originOf(url);
  const token = typeof key === "function" ? key : async () => key ?? null;
  const options = { baseUrl, token, ...(fetch ? { fetch } : {}) };
  return { url: baseUrl, options, api: createApi(options) };
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:")
    throw new ApiError("bad_request", { field: "url", problem: `must begin with http:// or https://, not “${url}”` });
  return parsed.origin;
}
