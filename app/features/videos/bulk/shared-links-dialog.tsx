import { Copy } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { copyText } from '@/app/ui/copy-text'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import type { ShareDto } from '@/lib/shares/schema'
import * as messages from '@/lib/generated/messages/video-bulk'

interface Props {
  links: { title: string; share: ShareDto }[]
  onClose(): void
}

/** The links to several videos. */
export function SharedLinksDialog({ links, onClose }: Props) {
  const listed = links.map(({ title, share }) => `${title}\n${share.url}`).join('\n\n')
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={messages.sharedTitle({ count: links.length })}
      description={messages.sharedHint()}
    >
      <ul aria-label={messages.links()} className="flex flex-col gap-3">
        {links.map(({ title, share }) => (
          <li key={share.id}>
            <label className="flex flex-col gap-1">
              <span dir="auto" className="truncate font-medium">
                {title}
              </span>
              <Input
                readOnly
                value={share.url ?? ''}
                onFocus={(event) => event.currentTarget.select()}
                className="text-muted-foreground"
              />
            </label>
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        className="self-start"
        onClick={() => void copyText(links.length === 1 ? links[0]!.share.url! : listed, 'links')}
      >
        <Copy className="size-4" aria-hidden />
        {links.length === 1 ? messages.copyLink() : messages.copyLinks()}
      </Button>
    </Modal>
  )
}
