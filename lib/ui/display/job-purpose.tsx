import type { ReactNode } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";

type JobPurposeProps = { name: string; topic: string; owner: string; description: string; children?: ReactNode };

/** What a job is for and whose it is, in its owner's words, as plain text. */
export function JobPurpose({ name, topic, owner, description, children }: JobPurposeProps) {
  const {
    text: {
      network: { jobs: text },
    },
    fill,
  } = useWords();
  return (
    <div className="min-w-0 text-sm [overflow-wrap:anywhere]">
      <p className="font-medium">
        <bdi>{name}</bdi>
        <span className="font-normal text-quiet">
          {topic ? (
            <>
              {" · "}
              <bdi>{topic}</bdi>
            </>
          ) : null}
          {` · ${fill(text.owner, { owner })}`}
        </span>
      </p>
      {description ? <p className="mt-0.5 line-clamp-4 text-quiet">{description}</p> : null}
      {children}
    </div>
  );
}
