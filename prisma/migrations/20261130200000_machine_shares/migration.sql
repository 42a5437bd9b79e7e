-- AlterTable
ALTER TABLE "share" ADD COLUMN     "isTypingAllowed" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "machineId" UUID,
ALTER COLUMN "videoId" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "share_machineId_idx" ON "share"("machineId");

-- AddForeignKey
ALTER TABLE "share" ADD CONSTRAINT "share_machineId_fkey" FOREIGN KEY ("machineId") REFERENCES "machine"("id") ON DELETE CASCADE ON UPDATE CASCADE;
