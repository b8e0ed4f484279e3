import { spawnSync } from "node:child_process";

/** The user that PostgreSQL runs as; null for the user of this process. */
export type ServerUser = { uid: number; gid: number } | null;

/** PostgreSQL refuses to run as root, and initdb refuses a user without a name: existing accounts, the least privileged first. */
const ACCOUNTS = ["postgres", "nobody", "daemon"];

/** The user for server processes: this one, or as root an unprivileged account that exists already. No account is added to the machine. */
export function findServerUser(): ServerUser {
  if (process.getuid?.() !== 0) return null;
  for (const account of ACCOUNTS) {
    const uid = idOf("-u", account);
    const gid = idOf("-g", account);
    if (uid !== null && gid !== null && uid !== 0 && mayBecome({ uid, gid })) return { uid, gid };
  }
  throw new Error(
    `PostgreSQL does not run as root, and this machine has none of the users ${ACCOUNTS.join(", ")} to run it as. Run this as a normal user, or name a database of your own with DATABASE_URL.`,
  );
}

function idOf(flag: "-u" | "-g", account: string): number | null {
  const { status, stdout } = spawnSync("id", [flag, account], { encoding: "utf8" });
  const id = Number.parseInt(stdout ?? "", 10);
  return status === 0 && Number.isInteger(id) ? id : null;
}

// Root inside some containers may take on only the users that were mapped into it.
function mayBecome(user: { uid: number; gid: number }): boolean {
  return spawnSync("/bin/sh", ["-c", ":"], user).status === 0;
}

/** What server programs see: nothing of the person's PG… variables, and messages in one language. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  // Next's types ask every environment for NODE_ENV.
  return { PATH: "/usr/bin:/bin", LC_ALL: "C", NODE_ENV: "production" };
}
