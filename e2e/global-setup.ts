import { startTestInstance } from "./instance.ts";
import { OPERATOR } from "./trusted-device.ts";

/** One instance for all stories; they find it by SHOAL_E2E_URL. Its end is the returned function. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const instance = await startTestInstance({ OPERATOR_ADDRESSES: OPERATOR.address });
  process.env.SHOAL_E2E_URL = instance.url;
  // A story that needs an instance of its own starts it on the same server.
  process.env.TEST_DATABASE_URL = instance.serverUrl;
  return instance.stop;
}
