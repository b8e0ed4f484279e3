/*
 * Loaded into a measured server by `--import`: answers every message of the bench with the processor time this process has used, and ends the process
 * when the bench is gone.
 */
process.on("message", () => process.send?.(process.cpuUsage()));
process.on("disconnect", () => process.exit(1));
process.channel?.unref();
