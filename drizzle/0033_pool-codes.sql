ALTER TABLE "pool_devices" ADD COLUMN "code_hash" text;--> statement-breakpoint
ALTER TABLE "pool_members" ADD COLUMN "code_hash" text;