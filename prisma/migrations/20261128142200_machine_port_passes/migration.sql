-- CreateTable
CREATE TABLE "machine_port_pass" (
    "tokenHash" TEXT NOT NULL,
    "sessionId" TEXT NOT NULL,
    "machineId" UUID NOT NULL,
    "guestPort" INTEGER NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "machine_port_pass_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateIndex
CREATE INDEX "machine_port_pass_sessionId_idx" ON "machine_port_pass"("sessionId");

-- CreateIndex
CREATE INDEX "machine_port_pass_machineId_idx" ON "machine_port_pass"("machineId");

-- AddForeignKey
ALTER TABLE "machine_port_pass" ADD CONSTRAINT "machine_port_pass_sessionId_fkey" FOREIGN KEY ("sessionId") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_port_pass" ADD CONSTRAINT "machine_port_pass_machineId_fkey" FOREIGN KEY ("machineId") REFERENCES "machine"("id") ON DELETE CASCADE ON UPDATE CASCADE;
