-- AlterTable
ALTER TABLE "caption_cue" ADD COLUMN     "speaker" TEXT;
