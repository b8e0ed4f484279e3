export const site = {
  name: "Shoal",
  tagline: "Open browser tabs, one verified computer",
  description: "Shoal turns open browser tabs into a verified, paid compute cluster.",
  skip: "Skip to content",
  nav: {
    label: "Main",
    lend: { name: "Lend this tab", short: "Lend" },
    jobs: { name: "Run a program", short: "Run" },
    docs: { name: "Docs", short: "Docs" },
    network: { name: "Network", short: "Network" },
  },
  footer: "Your tab computes only after you press Start, and stops when you press Stop or close it.",
  theme: { label: "Theme", system: "as your system", light: "light", dark: "dark" },
  loading: "Loading",
  retry: "Try again",
  offline: "The instance cannot be reached. What you see may be old.",
  unreachable: "The instance cannot be reached. Check your connection and try again.",

  home: {
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
  },

  notFound: {
    title: "There is nothing here",
    text: "The address is wrong, or it belongs to somebody else. Things of other people look the same as things that do not exist.",
    home: "Go to the start",
    jobs: "Go to your jobs",
  },
  broken: {
    title: "This page did not load",
    text: "Something went wrong on our side. Trying again may help. If it stays, tell the operator the reference.",
    reference: "Reference: {reference}",
  },
} as const;
