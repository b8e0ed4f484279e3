-- What there is belongs to the purse of the instance's first chain, whatever its number is: a constant default, so that no row is written anew.
ALTER TABLE "account_postings" ADD COLUMN "purse" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "jobs" ADD COLUMN "purse" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "pools" ADD COLUMN "purse" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "posting_sums" ADD COLUMN "purse" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "posting_sums" DROP CONSTRAINT "posting_sums_holder_id_side_pk";--> statement-breakpoint
ALTER TABLE "posting_sums" ADD CONSTRAINT "posting_sums_holder_id_purse_side_pk" PRIMARY KEY("holder_id","purse","side");--> statement-breakpoint
DROP INDEX "account_postings_written";--> statement-breakpoint
CREATE INDEX "account_postings_written" ON "account_postings" USING btree ("account_id","purse","written");--> statement-breakpoint
ALTER TABLE "pools" ADD CONSTRAINT "pools_purse_unique" UNIQUE("purse");
