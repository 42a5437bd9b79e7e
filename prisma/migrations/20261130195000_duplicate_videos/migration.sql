-- AlterTable
ALTER TABLE "video" ADD COLUMN "duplicateOfId" UUID;

-- CreateIndex
CREATE INDEX "video_ownerId_sha256_idx" ON "video"("ownerId", "sha256");

-- CreateIndex
CREATE INDEX "video_duplicateOfId_idx" ON "video"("duplicateOfId");

-- AddForeignKey
ALTER TABLE "video" ADD CONSTRAINT "video_duplicateOfId_fkey" FOREIGN KEY ("duplicateOfId") REFERENCES "video"("id") ON DELETE SET NULL ON UPDATE CASCADE;
