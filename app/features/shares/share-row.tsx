import { Code, Settings2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { formatDate } from '@/app/ui/format'
import type { ShareDto, ShareSettings } from '@/lib/shares/schema'
import * as messages from '@/lib/generated/messages/shares'
import { LinkField } from './link-field'
import { RevokeButton } from './revoke-button'
import { ShareSettingsForm } from './share-settings-form'

interface Props {
  share: ShareDto
  onCopy(url: string): void
  onCopyEmbed(embedUrl: string): void
  /** @returns whether it succeeded */
  onUpdate(settings: ShareSettings): Promise<boolean>
  onRevoke(): void
}

/** One link to a video with its settings. */
export function ShareRow({ share, onCopy, onCopyEmbed, onUpdate, onRevoke }: Props) {
  const [isEditing, setEditing] = useState(false)
  return (
    <li className="flex flex-col gap-2.5 p-3.5">
      <LinkField url={share.url} isExpired={share.isExpired} onCopy={onCopy} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted-foreground tabular-nums">{listFacts(share).join(' · ')}</p>
        <div className="-mx-2.5 flex flex-wrap gap-1">
          {share.embedUrl && !share.isExpired && (
            <Button
              variant="ghost"
              size="sm"
              aria-label={messages.copyEmbedCode()}
              onClick={() => onCopyEmbed(share.embedUrl!)}
            >
              <Code className="size-4" aria-hidden /> {messages.embed()}
            </Button>
          )}
          <Button
            variant="ghost"
            size="sm"
            aria-expanded={isEditing}
            data-row={share.id}
            onClick={() => setEditing((before) => !before)}
          >
            <Settings2 className="size-4" aria-hidden /> {messages.settings()}
          </Button>
          <RevokeButton onRevoke={onRevoke} />
        </div>
      </div>
      {isEditing && (
        <ShareSettingsForm
          share={share}
          onCancel={() => setEditing(false)}
          onSave={async (settings) => {
            if (await onUpdate(settings)) setEditing(false)
          }}
        />
      )}
    </li>
  )
}

const listFacts = (share: ShareDto) => [
  share.visibility === 'public' ? messages.public() : messages.unlisted(),
  ...(share.hasPassword ? [messages.password()] : []),
  ...(share.isDownloadAllowed ? [messages.downloads()] : []),
  ...(share.expiresAt
    ? [messages.expires({ isExpired: String(share.isExpired), date: formatDate(share.expiresAt) })]
    : []),
  messages.views({ count: share.viewCount }),
]
