-- AlterTable
ALTER TABLE "video" ADD COLUMN "filesId" UUID, ADD COLUMN "replacesId" UUID;

-- AlterTable
ALTER TABLE "upload" ADD COLUMN "replacesId" UUID;

-- CreateIndex
CREATE UNIQUE INDEX "video_replacesId_key" ON "video"("replacesId");
CREATE INDEX "upload_replacesId_idx" ON "upload"("replacesId");

-- AddForeignKey
ALTER TABLE "video" ADD CONSTRAINT "video_replacesId_fkey" FOREIGN KEY ("replacesId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "upload" ADD CONSTRAINT "upload_replacesId_fkey" FOREIGN KEY ("replacesId") REFERENCES "video"("id") ON DELETE SET NULL ON UPDATE CASCADE;
