ALTER TABLE "upload"
  ADD COLUMN "storageWriteId" TEXT,
  ADD COLUMN "lockId" UUID,
  ADD COLUMN "lockedUntil" TIMESTAMP(3),
  ADD COLUMN "isReleaseRequested" BOOLEAN NOT NULL DEFAULT false;
