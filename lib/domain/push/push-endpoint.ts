const ENDPOINT_CHARS_MAX = 1024;

/**
 * Whether the server may send to an endpoint that somebody gave it: https at one of the hosts that the operator named, and nothing in the address that would make it
 * another one. An entry is a host, `*.` and what a host ends with, or either with a port where that is not 443. An address in numbers is only ever taken as an entry
 * spells it.
 */
export function mayPushTo(endpoint: string, hosts: readonly string[]): boolean {
  if (endpoint.length > ENDPOINT_CHARS_MAX || !URL.canParse(endpoint)) return false;
  const { protocol, username, password, host, hash } = new URL(endpoint);
  if (protocol !== "https:" || username !== "" || password !== "" || hash !== "") return false;
  return hosts.some((entry) => (entry.startsWith("*.") ? isUnder(host, entry.slice(1)) : host === entry));
}

/** `suffix` begins with a dot. Numbers end no name, so that no address is under anything. */
function isUnder(host: string, suffix: string): boolean {
  return host.length > suffix.length && host.endsWith(suffix) && !/\.\d+(:\d+)?$/.test(host);
}
