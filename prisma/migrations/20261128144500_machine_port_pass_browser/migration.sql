-- AlterTable
ALTER TABLE "machine_port_pass" ADD COLUMN     "browserHash" TEXT;
