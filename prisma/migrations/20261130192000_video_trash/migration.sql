-- AlterTable
ALTER TABLE "video" ADD COLUMN "deletedAt" TIMESTAMP(3),
ADD COLUMN "purgeAt" TIMESTAMP(3);

-- CreateIndex
CREATE INDEX "video_purgeAt_idx" ON "video"("purgeAt");
