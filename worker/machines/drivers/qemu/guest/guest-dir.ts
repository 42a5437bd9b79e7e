import { projectPath } from '@/lib/process/project-path'

/** Folder of the files that are installed in guests. */
export const GUEST_DIR = projectPath('worker/machines/drivers/qemu/guest')
