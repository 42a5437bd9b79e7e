-- AlterTable
ALTER TABLE "video" ADD COLUMN "wholeOfId" UUID, ADD COLUMN "trimStartSeconds" DOUBLE PRECISION, ADD COLUMN "trimEndSeconds" DOUBLE PRECISION;

-- CreateIndex
CREATE UNIQUE INDEX "video_wholeOfId_key" ON "video"("wholeOfId");

-- AddForeignKey
ALTER TABLE "video" ADD CONSTRAINT "video_wholeOfId_fkey" FOREIGN KEY ("wholeOfId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
