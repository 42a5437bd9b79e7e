-- AlterTable
ALTER TABLE "video" ADD COLUMN "isCut" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "caption" ADD COLUMN "wholeTrackId" UUID;

-- CreateIndex
CREATE INDEX "caption_wholeTrackId_idx" ON "caption"("wholeTrackId");

-- AddForeignKey
ALTER TABLE "caption" ADD CONSTRAINT "caption_wholeTrackId_fkey" FOREIGN KEY ("wholeTrackId") REFERENCES "caption"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Files that were trimmed before.
UPDATE "video" SET "isCut" = true FROM "task"
WHERE "task"."kind" = 'video.trim' AND "task"."state" = 'done' AND "task"."payload"->>'trimmedId' = "video"."filesId"::text;

-- Copies of tracks have the time of their creation.
UPDATE "caption" SET "wholeTrackId" = "original"."id"
FROM "caption" AS "original" JOIN "video" AS "whole" ON "whole"."id" = "original"."videoId"
WHERE "whole"."wholeOfId" = "caption"."videoId" AND "original"."createdAt" = "caption"."createdAt"
  AND "original"."source" = "caption"."source" AND "original"."language" = "caption"."language"
  AND "original"."isTranslation" = "caption"."isTranslation";
