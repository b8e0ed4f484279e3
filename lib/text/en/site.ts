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
    privacy: { name: "Privacy" },
    terms: { name: "Terms" },
  },
  footer: "Your tab computes only after you press Start, and stops when you press Stop or close it.",
  language: "Language",
  theme: { label: "Theme", system: "as your system", light: "light", dark: "dark" },
  loading: "Loading",
  retry: "Try again",
  offline: "The instance cannot be reached. What you see may be old.",
  unreachable: "The instance cannot be reached. Check your connection and try again.",
  noConnection: "You are offline. What you see may be old; it is refreshed as soon as the connection is back.",
  messages: "Messages",
  dismiss: "Dismiss",
} as const;

export const notFound = {
  title: "There is nothing here",
  text: "The address is wrong, or it belongs to somebody else. Things of other people look the same as things that do not exist.",
  home: "Go to the start",
  jobs: "Go to your jobs",
} as const;

export const broken = {
  title: "This page did not load",
  text: "Something went wrong on our side. Trying again may help. If it stays, tell the operator the reference.",
  reference: "Reference: {reference}",
} as const;
