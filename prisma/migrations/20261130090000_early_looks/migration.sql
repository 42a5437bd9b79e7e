-- AlterTable
ALTER TABLE "upload" ADD COLUMN     "earlyVideoId" UUID;

-- AlterTable
ALTER TABLE "video" ADD COLUMN     "earlyInfo" JSONB,
ALTER COLUMN "sha256" DROP NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "upload_earlyVideoId_key" ON "upload"("earlyVideoId");

-- AddForeignKey
ALTER TABLE "upload" ADD CONSTRAINT "upload_earlyVideoId_fkey" FOREIGN KEY ("earlyVideoId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
