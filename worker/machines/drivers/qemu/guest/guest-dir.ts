/** Folder of the files that are installed in guests. */
export const GUEST_DIR = import.meta.dirname
