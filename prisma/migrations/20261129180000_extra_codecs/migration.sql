-- AlterTable
ALTER TABLE "rendition" ADD COLUMN     "extraCodec" TEXT;
