ALTER TABLE "device_exchanges" ADD COLUMN "at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "device_exchanges" ADD COLUMN "since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "device_exchanges" ADD COLUMN "losses" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "grants" ADD COLUMN "expected_ms" integer;--> statement-breakpoint
ALTER TABLE "job_cursors" ADD COLUMN "tail_copies" integer DEFAULT 0 NOT NULL;