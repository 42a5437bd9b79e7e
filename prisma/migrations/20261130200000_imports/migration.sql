-- CreateTable
CREATE TABLE "video_import" (
    "videoId" UUID NOT NULL,
    "ownerId" TEXT NOT NULL,
    "url" TEXT,
    "credentials" TEXT,
    "path" TEXT,
    "isNamed" BOOLEAN NOT NULL DEFAULT false,
    "validator" TEXT,
    "totalBytes" BIGINT,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "idempotencyKey" TEXT,
    "requestHash" TEXT,
    "taskId" UUID NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "video_import_pkey" PRIMARY KEY ("videoId")
);

-- CreateTable
CREATE TABLE "watched_file" (
    "path" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "modifiedMs" BIGINT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "watched_file_pkey" PRIMARY KEY ("path","sizeBytes","modifiedMs")
);

-- CreateIndex
CREATE UNIQUE INDEX "video_import_ownerId_idempotencyKey_key" ON "video_import"("ownerId", "idempotencyKey");

-- AddForeignKey
ALTER TABLE "video_import" ADD CONSTRAINT "video_import_ownerId_fkey" FOREIGN KEY ("ownerId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "video_import" ADD CONSTRAINT "video_import_videoId_fkey" FOREIGN KEY ("videoId") REFERENCES "video"("id") ON DELETE CASCADE ON UPDATE CASCADE;
