ALTER TABLE "jobs" ADD COLUMN "results_end_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "results_gone_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "jobs_results_untold" ON "jobs" USING btree ("closed_at") WHERE closed_at is not null and results_end_at is null;--> statement-breakpoint
CREATE INDEX "jobs_results_kept" ON "jobs" USING btree ("results_end_at") WHERE results_end_at is not null and results_gone_at is null;