-- AlterTable
ALTER TABLE "share" ADD COLUMN     "playlistId" UUID;

-- CreateIndex
CREATE INDEX "share_playlistId_idx" ON "share"("playlistId");

-- AddForeignKey
ALTER TABLE "share" ADD CONSTRAINT "share_playlistId_fkey" FOREIGN KEY ("playlistId") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A link is to one thing.
ALTER TABLE "share" DROP CONSTRAINT "share_target_check";
ALTER TABLE "share" ADD CONSTRAINT "share_target_check" CHECK (num_nonnulls("videoId", "playlistId", "machineId") = 1);
