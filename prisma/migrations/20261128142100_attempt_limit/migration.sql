-- CreateTable
CREATE TABLE "attempt_limit" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "blockedUntil" TIMESTAMP(6) NOT NULL,
    "expiresAt" TIMESTAMP(6) NOT NULL,

    CONSTRAINT "attempt_limit_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "attempt_limit_expiresAt_idx" ON "attempt_limit"("expiresAt");
