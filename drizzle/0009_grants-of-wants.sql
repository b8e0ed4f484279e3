ALTER TABLE "grants" ADD COLUMN "wanted_kind" text;--> statement-breakpoint
ALTER TABLE "grants" ADD COLUMN "lane" text DEFAULT 'any' NOT NULL;--> statement-breakpoint
ALTER TABLE "refutations" ADD COLUMN "applied_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "refutations_due" ON "refutations" USING btree ("at") WHERE applied_at is null;