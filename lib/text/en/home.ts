export const home = {
  title: "Many open tabs. One computer you can trust.",
  lead: "People lend a browser tab. Shoal gives each tab a small piece of a real computation, has every piece done on independent devices, and keeps only results that agree to the byte.",
  lend: {
    title: "Lend this tab",
    text: "Press Start and your browser computes shards of a job that somebody needs. No account, no install. You choose how many cores.",
    action: "Lend this tab",
  },
  run: {
    title: "Run a program",
    text: "Bring a WebAssembly program and its input. Shoal cuts the input into shards, runs them on volunteers' devices and gives you back one verified file.",
    action: "Run a program",
  },
  now: {
    title: "On this instance",
    more: "See the network",
    computing: "Devices computing",
    jobs: "Jobs running",
    lastHour: "Shards verified in the last hour",
    total: "Shards verified so far",
  },
  how: {
    title: "How a result becomes trusted",
    steps: [
      { title: "Cut", text: "Your input is cut into numbered shards: records, lines or ranges." },
      { title: "Run twice", text: "Each shard runs on independent devices, in a sandbox with a fixed clock and no network." },
      { title: "Compare", text: "Outputs are compared by their SHA-256. Only equal bytes count; a disagreement brings in more devices." },
      { title: "Join", text: "Agreed outputs are joined in order into one file, and only agreeing replicas are paid." },
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
