import { Copy } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { Input } from '@/app/ui/input'
import * as messages from '@/lib/generated/messages/shares'

interface Props {
  url: string | null
  isExpired: boolean
  onCopy(url: string): void
}

/** The URL of a link, to copy. */
export const LinkField = ({ url, isExpired, onCopy }: Props) => (
  <div className="flex gap-2">
    <Input
      readOnly
      aria-label={messages.link()}
      value={url ?? messages.linkUnavailable()}
      onFocus={(event) => event.currentTarget.select()}
      className="grow text-muted-foreground"
    />
    <Button variant="default" onClick={() => url && onCopy(url)} disabled={isExpired || !url}>
      <Copy className="size-4" aria-hidden /> {messages.copy()}
    </Button>
  </div>
)
