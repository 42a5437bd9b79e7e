-- CreateTable
CREATE TABLE "playlist" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "playlist_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "playlist_entry" (
    "playlistId" UUID NOT NULL,
    "videoId" UUID NOT NULL,
    "index" INTEGER NOT NULL,

    CONSTRAINT "playlist_entry_pkey" PRIMARY KEY ("playlistId","videoId")
);

-- CreateIndex
CREATE INDEX "playlist_ownerId_idx" ON "playlist"("ownerId");

-- CreateIndex
CREATE INDEX "playlist_entry_videoId_idx" ON "playlist_entry"("videoId");

-- AddForeignKey
ALTER TABLE "playlist" ADD CONSTRAINT "playlist_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "playlist_entry" ADD CONSTRAINT "playlist_entry_playlistId_fkey" FOREIGN KEY ("playlistId") REFERENCES "playlist"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "playlist_entry" ADD CONSTRAINT "playlist_entry_videoId_fkey" FOREIGN KEY ("videoId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
