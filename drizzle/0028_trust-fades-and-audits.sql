CREATE TABLE "audited_clusters" (
	"by_device" uuid NOT NULL,
	"cluster_id" uuid NOT NULL,
	"confirmed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "audited_clusters_by_device_cluster_id_pk" PRIMARY KEY("by_device","cluster_id")
);
--> statement-breakpoint
ALTER TABLE "device_trust" ALTER COLUMN "age" SET DATA TYPE double precision;--> statement-breakpoint
ALTER TABLE "device_trust" ALTER COLUMN "agreed" SET DATA TYPE double precision;--> statement-breakpoint
CREATE INDEX "audited_clusters_at" ON "audited_clusters" USING btree ("confirmed_at");