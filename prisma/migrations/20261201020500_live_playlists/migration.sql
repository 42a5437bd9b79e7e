-- AlterTable
ALTER TABLE "playlist" ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- Commands that change its videos update the row of the playlist too.
CREATE TRIGGER playlist_version BEFORE UPDATE ON "playlist" FOR EACH ROW EXECUTE FUNCTION raise_version();
CREATE TRIGGER playlist_change AFTER INSERT OR UPDATE OR DELETE ON "playlist" FOR EACH ROW EXECUTE FUNCTION tell_change();
