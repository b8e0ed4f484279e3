ALTER TABLE "jobs" ADD COLUMN "files_gone_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "jobs_open" ON "jobs" USING btree ("account_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "jobs_files_kept" ON "jobs" USING btree ("closed_at") WHERE closed_at is not null and files_gone_at is null;