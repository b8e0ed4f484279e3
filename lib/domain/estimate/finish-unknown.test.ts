import { expect, test } from "vitest";
import { whyFinishUnknown } from "./finish-unknown.ts";

const KNOWN = { runtime: "wasi", isOfPool: false, quorum: 2, fleet: { devices: 3, voters: 2 }, trials: 1 } as const;

test("a time is told where shards were tried and devices are there that can agree; otherwise why not, first what a trial would not change", () => {
  const why = (change: Partial<Parameters<typeof whyFinishUnknown>[0]>) => whyFinishUnknown({ ...KNOWN, ...change });
  expect(why({})).toBeNull();
  expect(why({ trials: 0 })).toBe("untried");
  expect(why({ trials: 0, quorum: 3 })).toBe("too_few_devices");
  expect(why({ trials: 0, fleet: { devices: 0, voters: 0 } })).toBe("no_device");
  expect(why({ isOfPool: true, fleet: { devices: 0, voters: 0 } })).toBe("no_pool_device");
  expect(why({ runtime: "wgsl", fleet: { devices: 0, voters: 0 } })).toBe("kernel");
});
