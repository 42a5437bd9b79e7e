-- CreateEnum
CREATE TYPE "ShareVisibility" AS ENUM ('unlisted', 'public');

-- CreateTable
CREATE TABLE "share" (
    "id" UUID NOT NULL,
    "videoId" UUID NOT NULL,
    "tokenHash" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "visibility" "ShareVisibility" NOT NULL DEFAULT 'unlisted',
    "passwordHash" TEXT,
    "expiresAt" TIMESTAMP(3),
    "isDownloadAllowed" BOOLEAN NOT NULL DEFAULT false,
    "viewCount" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "share_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "share_tokenHash_key" ON "share"("tokenHash");

-- CreateIndex
CREATE INDEX "share_videoId_idx" ON "share"("videoId");

-- AddForeignKey
ALTER TABLE "share" ADD CONSTRAINT "share_videoId_fkey" FOREIGN KEY ("videoId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
