-- CreateTable
CREATE TABLE "folder" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "folder_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "folder_ownerId_name_key" ON "folder"("ownerId", "name");

-- AddForeignKey
ALTER TABLE "folder" ADD CONSTRAINT "folder_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "video" ADD COLUMN "description" TEXT,
ADD COLUMN "folderId" UUID,
ADD COLUMN "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateIndex
CREATE INDEX "video_folderId_idx" ON "video"("folderId");

-- CreateIndex
CREATE INDEX "video_tags_idx" ON "video" USING GIN ("tags");

-- AddForeignKey
ALTER TABLE "video" ADD CONSTRAINT "video_folderId_fkey" FOREIGN KEY ("folderId") REFERENCES "folder"("id") ON DELETE SET NULL ON UPDATE CASCADE;
