-- AlterTable
ALTER TABLE "upload" ADD COLUMN "isArchive" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "isStored" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "archive" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "taskId" UUID,
    "videoIds" UUID[],
    "titles" TEXT[],
    "hasOriginals" BOOLEAN NOT NULL,
    "hasRenditions" BOOLEAN NOT NULL,
    "hasCaptions" BOOLEAN NOT NULL,
    "passphrase" TEXT,
    "recipients" TEXT[],
    "sizeBytes" BIGINT NOT NULL,
    "isComplete" BOOLEAN NOT NULL DEFAULT false,
    "expiresAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "archive_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "archive_import" (
    "id" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "uploadId" TEXT,
    "taskId" UUID,
    "secret" TEXT,
    "videoCount" INTEGER,

    CONSTRAINT "archive_import_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "archive_taskId_key" ON "archive"("taskId");

-- CreateIndex
CREATE INDEX "archive_ownerId_idx" ON "archive"("ownerId");

-- CreateIndex
CREATE UNIQUE INDEX "archive_import_uploadId_key" ON "archive_import"("uploadId");

-- CreateIndex
CREATE UNIQUE INDEX "archive_import_taskId_key" ON "archive_import"("taskId");

-- CreateIndex
CREATE INDEX "archive_import_ownerId_idx" ON "archive_import"("ownerId");

-- AddForeignKey
ALTER TABLE "archive" ADD CONSTRAINT "archive_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "archive" ADD CONSTRAINT "archive_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "task"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "archive_import" ADD CONSTRAINT "archive_import_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "archive_import" ADD CONSTRAINT "archive_import_uploadId_fkey" FOREIGN KEY ("uploadId") REFERENCES "upload"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "archive_import" ADD CONSTRAINT "archive_import_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "task"("id") ON DELETE SET NULL ON UPDATE CASCADE;
