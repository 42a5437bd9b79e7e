import { readFreeDiskBytes } from '@/lib/storage/free-disk'

/** As `readFreeDiskBytes`, in whole MiB. */
export const readFreeDiskMiB = async (dir: string) => Math.floor((await readFreeDiskBytes(dir)) / 1024 ** 2)

/** True for ENOSPC in this process and for a child process that reports a full disk. */
export const isDiskFullError = (error: unknown) => /ENOSPC|no space left on device/i.test(String(error))
