ALTER TABLE "devices" ADD COLUMN "checks_for" uuid;--> statement-breakpoint
ALTER TABLE "enrolments" ADD COLUMN "checks_for" uuid;--> statement-breakpoint
ALTER TABLE "errands" ADD COLUMN "is_asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "is_asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "refutations" ADD COLUMN "is_asked" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "devices" ADD CONSTRAINT "devices_checks_for_accounts_id_fk" FOREIGN KEY ("checks_for") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_checks_for_accounts_id_fk" FOREIGN KEY ("checks_for") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "devices_checks_for" ON "devices" USING btree ("checks_for") WHERE checks_for is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "errands_check" ON "errands" USING btree ("group_id","shard_no","round") WHERE kind = 'check';