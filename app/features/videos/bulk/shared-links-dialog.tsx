import { Copy } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { copyText } from '@/app/ui/copy-text'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import type { ShareDto } from '@/lib/shares/schema'
import { countVideos } from './count-videos'

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
      title={`Shared ${countVideos(links.length)}`}
      description="Viewers with a link need no account. Passwords, expiry and revocation are on the page of each video."
    >
      <ul aria-label="Links" className="flex flex-col gap-3">
        {links.map(({ title, share }) => (
          <li key={share.id}>
            <label className="flex flex-col gap-1">
              <span className="truncate font-medium">{title}</span>
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
        {links.length === 1 ? 'Copy link' : 'Copy all links'}
      </Button>
    </Modal>
  )
}
