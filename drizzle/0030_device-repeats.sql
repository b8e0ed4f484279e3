ALTER TABLE "device_exchanges" ADD COLUMN "repeated_seq" bigint;--> statement-breakpoint
ALTER TABLE "device_exchanges" ADD COLUMN "repeated_at" timestamp with time zone;