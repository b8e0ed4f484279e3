/** Version of the exchange; an older client is told to reload. */
export const PROTOCOL_VERSION = 1;
