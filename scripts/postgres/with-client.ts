import pg from "pg";

const CONNECT_TIMEOUT_MS = 10_000;

/** Calls `body` with a connection of its own to the server at `url`, and closes it afterwards. */
export async function withClient<T>(url: string, body: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await openClient(url);
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}

/** A connection that its caller ends. When the server drops it, the statements that wait fail, and nothing else does. */
export async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** A name as it stands in a statement. */
export const quoteName = (name: string): string => pg.escapeIdentifier(name);
