-- AlterTable
ALTER TABLE "rendition" ADD COLUMN     "channels" INTEGER;
