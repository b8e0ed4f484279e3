import type { ReactNode } from "react";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";

type JobPurposeProps = { name: string; topic: string; owner: string; description: string; children?: ReactNode };

/** What a job is for and whose it is, in its owner's words, as plain text. */
export function JobPurpose({ name, topic, owner, description, children }: JobPurposeProps) {
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
          {` · ${fill(en.network.jobs.owner, { owner })}`}
        </span>
      </p>
      {description ? <p className="mt-0.5 line-clamp-4 text-quiet">{description}</p> : null}
      {children}
    </div>
  );
}
