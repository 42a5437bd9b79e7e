-- CreateTable
CREATE TABLE "machine_port" (
    "id" UUID NOT NULL,
    "machineId" UUID NOT NULL,
    "hostId" TEXT NOT NULL,
    "guestPort" INTEGER NOT NULL,
    "hostPort" INTEGER,
    "problem" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "machine_port_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "machine_port_machineId_guestPort_key" ON "machine_port"("machineId", "guestPort");

-- CreateIndex
CREATE UNIQUE INDEX "machine_port_hostId_hostPort_key" ON "machine_port"("hostId", "hostPort");

-- AddForeignKey
ALTER TABLE "machine_port" ADD CONSTRAINT "machine_port_machineId_fkey" FOREIGN KEY ("machineId") REFERENCES "machine"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "machine_port" ADD CONSTRAINT "machine_port_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "machine_host"("id") ON DELETE CASCADE ON UPDATE CASCADE;
