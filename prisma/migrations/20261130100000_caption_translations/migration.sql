-- AlterEnum
ALTER TYPE "CaptionSource" ADD VALUE 'translation';
