import type { Finding } from "./search-index.ts";

const INDEX_URL = "/docs/search.json";

export type DocSearch = (query: string) => Finding[];
let loading: Promise<DocSearch> | null = null;

/** The search of the documentation: its index and the code that reads it are loaded by the first call, and again by the next where that failed. */
export async function loadDocSearch(): Promise<DocSearch> {
  loading ??= load();
  try {
    return await loading;
  } catch (error) {
    loading = null;
    throw error;
  }
}

async function load(): Promise<DocSearch> {
  const [{ openSearchIndex }, response] = await Promise.all([import("./search-index.ts"), fetch(INDEX_URL)]);
  if (!response.ok) throw new Error(`The index answered ${response.status}.`);
  return openSearchIndex(await response.text());
}
