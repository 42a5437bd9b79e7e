-- AlterTable
ALTER TABLE "video" ADD COLUMN "hasCover" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "chapter" (
    "videoId" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "startSeconds" DOUBLE PRECISION NOT NULL,
    "endSeconds" DOUBLE PRECISION NOT NULL,
    "title" TEXT NOT NULL,

    CONSTRAINT "chapter_pkey" PRIMARY KEY ("videoId","index")
);

-- AddForeignKey
ALTER TABLE "chapter" ADD CONSTRAINT "chapter_videoId_fkey" FOREIGN KEY ("videoId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
