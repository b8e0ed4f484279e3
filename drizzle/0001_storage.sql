-- Settlement updates every result once and the cursor row at every grant: room on the page keeps those updates off the indexes (HOT).
ALTER TABLE "results" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE "grants" SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
--> statement-breakpoint
ALTER TABLE "job_cursors" SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 500);
--> statement-breakpoint
ALTER TABLE "job_counters" SET (fillfactor = 20, autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 500);
--> statement-breakpoint
ALTER TABLE "wanted" SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000);
--> statement-breakpoint
ALTER TABLE "device_exchanges" SET (fillfactor = 50);
