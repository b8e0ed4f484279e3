CREATE TABLE "consents" (
	"who" uuid NOT NULL,
	"document" text NOT NULL,
	"version" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "consents_who_document_version_pk" PRIMARY KEY("who","document","version")
);
--> statement-breakpoint
ALTER TABLE "network_samples" ADD COLUMN "cores" integer;