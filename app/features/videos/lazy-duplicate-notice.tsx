import { loadLater } from '@/app/ui/load-later'

/** `DuplicateNotice`, which few pages show. */
export const LazyDuplicateNotice = loadLater(async () => (await import('./duplicate-notice')).DuplicateNotice)
