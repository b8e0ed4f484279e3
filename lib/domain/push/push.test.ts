import { expect, test } from "vitest";
import { decidePushOutcome, PUSH_ATTEMPTS_MAX, pushRetryMs } from "./push-attempts.ts";
import { mayPushTo } from "./push-endpoint.ts";

const HOSTS = ["fcm.googleapis.com", "*.push.apple.com", "127.0.0.1:8443"];

test.each([
  "https://fcm.googleapis.com/fcm/send/abc:def",
  "https://FCM.googleapis.com:443/x",
  "https://web.push.apple.com/QABC",
  "https://127.0.0.1:8443/push/1",
])("a push service that the operator named may be called: %s", (endpoint) => expect(mayPushTo(endpoint, HOSTS)).toBe(true));

test.each([
  "http://fcm.googleapis.com/fcm/send/abc",
  "https://fcm.googleapis.com:8443/x",
  "https://fcm.googleapis.com./x",
  "https://fcm.googleapis.com@127.0.0.1/x",
  "https://user@fcm.googleapis.com/x",
  "https://fcm.googleapis.com/x#y",
  "https://evil.example/fcm.googleapis.com",
  "https://fcm.googleapis.com.evil.example/x",
  "https://evilfcm.googleapis.com/x",
  "https://push.apple.com/x",
  "https://.push.apple.com/x",
  "https://evilpush.apple.com/x",
  "https://127.0.0.1/push/1",
  "https://127.0.0.2:8443/push/1",
  "https://[::1]/x",
  "https://[::ffff:127.0.0.1]:8443/x",
  "https://169.254.169.254/latest/meta-data/",
  "https://localhost:8443/x",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "fcm.googleapis.com/x",
  "",
  `https://fcm.googleapis.com/${"x".repeat(1024)}`,
])("nothing else may: %s", (endpoint) => expect(mayPushTo(endpoint, HOSTS)).toBe(false));

test("numbers in another spelling are the same address, and no suffix takes one", () => {
  expect(mayPushTo("https://2130706433:8443/x", HOSTS)).toBe(true);
  expect(mayPushTo("https://10.0.0.1/x", ["*.0.0.1"])).toBe(false);
  expect(mayPushTo("https://10.0.0.1:9/x", ["*.0.0.1:9"])).toBe(false);
  expect(mayPushTo("https://anything.example/x", [])).toBe(false);
});

test.each([
  [201, "sent"],
  [404, "gone"],
  [410, "gone"],
  [429, "later"],
  [503, "later"],
  [null, "later"],
  [301, "refused"],
  [302, "refused"],
  [307, "refused"],
  [400, "refused"],
  [403, "refused"],
  [413, "refused"],
] as const)("an answer of %s means %s", (status, outcome) => expect(decidePushOutcome(status)).toBe(outcome));

test("retries come ever later, not before the service asked, and end within a day", () => {
  expect([1, 2, 3].map((attempt) => pushRetryMs(attempt))).toEqual([30_000, 120_000, 480_000]);
  expect(pushRetryMs(1, 3_600_000)).toBe(3_600_000);
  expect(pushRetryMs(1, Number.MAX_SAFE_INTEGER)).toBe(6 * 3_600_000);
  const allMs = Array.from({ length: PUSH_ATTEMPTS_MAX - 1 }, (_, i) => pushRetryMs(i + 1)).reduce((sum, ms) => sum + ms, 0);
  expect(allMs).toBeLessThan(86_400_000);
});
