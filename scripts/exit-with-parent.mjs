/*
 * `node --import scripts/exit-with-parent.mjs …` ends a process when the process that started it is gone, even by kill -9, where no signal arrives.
 * SHOAL_PARENT_PID names the starter. The process, with its whole group if it leads one, gets SIGTERM first, so that it can stop cleanly, and is
 * ended for good after the grace.
 */
import { isMainThread } from "node:worker_threads";

const CHECK_MS = 500;
const GRACE_MS = 8_000;

const starter = Number(process.env.SHOAL_PARENT_PID);
if (isMainThread && Number.isInteger(starter) && starter > 0) {
  const parent = process.ppid;
  const isOrphan = () => process.ppid !== parent || !isAlive(starter);
  const timer = setInterval(() => {
    if (!isOrphan()) return;
    clearInterval(timer);
    setTimeout(() => signalGroupOrSelf("SIGKILL"), GRACE_MS).unref();
    signalGroupOrSelf("SIGTERM");
  }, CHECK_MS);
  timer.unref();
}

function signalGroupOrSelf(signal) {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // It leads no group: the others in its group are not its own to end.
    process.kill(process.pid, signal);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
