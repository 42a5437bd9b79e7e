import { Link } from '@/app/ui/link'
import { formatBytes } from '@/lib/text/format-bytes'
import * as messages from '@/lib/generated/messages/library'

/** How much of the storage quota the user’s videos and unfinished uploads use. */
export function StorageUsage({ usedBytes, limitBytes }: { usedBytes: number; limitBytes: number }) {
  return (
    <p className="text-sm text-muted-foreground tabular-nums">
      <Link href="/account#storage" className="hover:underline">
        {messages.storageUsed({ used: formatBytes(usedBytes), limit: formatBytes(limitBytes) })}
      </Link>
    </p>
  )
}
