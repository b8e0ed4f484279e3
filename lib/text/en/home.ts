export const home = {
  title: "Many open tabs. One computer you can trust.",
  lead: "People lend a browser tab. Shoal gives each tab a small piece of a real computation, has every piece done on independent devices, and keeps only results that agree to the byte.",
  doors: "Where to go",
  lend: {
    title: "Lend this tab",
    text: "Press Start and your browser computes shards of a job that somebody needs.",
    points: ["No account, no install", "You choose how many cores", "Stop hands everything back within a second"],
    action: "Lend this tab",
  },
  run: {
    title: "Run a program",
    text: "Bring a WebAssembly program and its input, and get back one verified file.",
    points: ["Any program that runs under WASI", "The input is cut into shards for you", "You pay for results that agree, and for nothing else"],
    action: "Run a program",
  },
  shoal: {
    title: "What is being computed",
    titleEnded: "What was computed last",
    caption: "Each mark is one shard of {jobs}. It moves when its state changes, and only then.",
    ended: "Each mark is one shard of {jobs}, the job that ended last.",
    more: "See the network",
    label: "{all, number} shards of {jobs}: {counts}.",
    states: {
      waiting: "waiting",
      granted: "being computed",
      reported: "reported by one device",
      accepted: "verified",
      failed: "without a result",
      wrong: "verified against a device that disagreed",
    },
  },
  now: {
    title: "On this instance",
    computing: "Devices computing",
    jobs: "Jobs running",
    lastHour: "Shards verified in the last hour",
    total: "Shards verified so far",
  },
  how: {
    title: "How a result becomes trusted, and paid",
    steps: [
      { title: "Cut", text: "Your input is cut into numbered shards: records, lines or ranges." },
      { title: "Run twice", text: "Each shard runs on independent devices, in a sandbox with a fixed clock and no network." },
      { title: "Compare", text: "Only equal bytes count. Where outputs differ, further devices are asked until enough agree." },
      { title: "Pay and join", text: "Agreeing devices are paid from what the owner set aside. Verified outputs become one file, in order." },
    ],
  },
  never: {
    title: "What it will never do",
    items: [
      "Start by itself. Nothing runs before you press Start, and Stop means stop.",
      "Mine coins or run anything hidden. You see what runs, for whom and on how many cores.",
      "Read your files, your other tabs or your network. A program sees its shard and nothing else.",
      "Track you. No page loads anything from a third party.",
    ],
  },
} as const;
