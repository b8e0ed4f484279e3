import type { Metadata } from "next";
import { readWords } from "../../../../read-words.ts";
import { readOwner } from "../../read-owner.ts";
import { JoinPool } from "./join-pool.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.pools.join.title, referrer: "no-referrer" };
}

export default async function JoinPage() {
  const { ctx } = await readOwner();
  return <JoinPool chainId={ctx.config.chain.id} isDemo={ctx.config.demo} />;
}
