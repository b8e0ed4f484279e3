"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { reviewsQuery } from "#lib/client/queries/operations.ts";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import type { OutputOf } from "#lib/protocol/endpoint.ts";
import type { listReviews } from "#lib/protocol/instance/policy.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Badge } from "#lib/ui/display/badge.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { Asked } from "./asked.tsx";
import { ReviewDetails } from "./review-details.tsx";

export type Review = OutputOf<typeof listReviews>["reviews"][number];

/** The jobs that wait for an operator, the oldest first. */
export function ReviewList() {
  const { text, format } = useWords();
  const { reviews: words } = text.admin;
  const query = useQuery(reviewsQuery);
  const count = query.data?.length ?? 0;
  return (
    <Card aria-labelledby="admin-reviews">
      <CardHead id="admin-reviews" title={words.title}>
        {count > 0 ? <Badge tone="warn">{format.number(count)}</Badge> : null}
      </CardHead>
      <Asked query={query}>
        {(reviews) =>
          reviews.length === 0 ? (
            <p className="text-quiet text-sm">{words.none}</p>
          ) : (
            <ul className="divide-y divide-line text-sm">
              {reviews.map((review) => (
                <ReviewRow key={review.jobId} review={review} />
              ))}
            </ul>
          )
        }
      </Asked>
    </Card>
  );
}

function ReviewRow({ review }: { review: Review }) {
  const { text, format } = useWords();
  const { reviews: words } = text.admin;
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = `review-${review.jobId}`;
  return (
    <li className="py-4 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">
          <p className="font-medium">
            <bdi>{review.name}</bdi>
          </p>
          <p className="text-quiet text-xs">
            {`${words.by} ${shortAccountName(review.owner)} · ${review.runtime} · ${format.bytes(review.programBytes)} · ${format.count(review.shardCount, words.shards)} · `}
            <Moment at={review.requestedAt} />
          </p>
          {review.description ? <p className="mt-1 line-clamp-4 text-quiet">{review.description}</p> : null}
        </div>
        <Button
          size="small"
          aria-expanded={isOpen}
          aria-controls={detailsId}
          aria-label={`${isOpen ? words.hide : words.look}: ${review.name}`}
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? words.hide : words.look}
        </Button>
      </div>
      <div id={detailsId}>{isOpen ? <ReviewDetails review={review} /> : null}</div>
    </li>
  );
}
