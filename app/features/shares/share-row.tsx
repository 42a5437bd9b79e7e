import { Code, Copy, Settings2, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { formatDate } from '@/app/ui/format'
import { Input } from '@/app/ui/input'
import type { ShareDto, ShareSettings } from '@/lib/shares/schema'
import { ShareSettingsForm } from './share-settings-form'

interface Props {
  share: ShareDto
  onCopy(): void
  onCopyEmbed(embedUrl: string): void
  /** @returns whether it succeeded */
  onUpdate(settings: ShareSettings): Promise<boolean>
  onRevoke(): void
}

/** One link to a video with its settings. */
export function ShareRow({ share, onCopy, onCopyEmbed, onUpdate, onRevoke }: Props) {
  const [isEditing, setEditing] = useState(false)
  const [isRevoking, setRevoking] = useState(false)
  return (
    <li className="flex flex-col gap-2.5 p-3.5">
      <div className="flex gap-2">
        <Input
          readOnly
          aria-label="Link"
          value={share.url ?? 'Not available: the secret of the server has changed'}
          onFocus={(event) => event.currentTarget.select()}
          className="grow text-muted-foreground"
        />
        <Button variant="default" onClick={onCopy} disabled={share.isExpired || !share.url}>
          <Copy className="size-4" aria-hidden /> Copy
        </Button>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm text-muted-foreground tabular-nums">{listFacts(share).join(' · ')}</p>
        <div className="-mx-2.5 flex flex-wrap gap-1">
          {share.embedUrl && !share.isExpired && (
            <Button
              variant="ghost"
              size="sm"
              aria-label="Copy embed code"
              onClick={() => onCopyEmbed(share.embedUrl!)}
            >
              <Code className="size-4" aria-hidden /> Embed
            </Button>
          )}
          <Button
            variant="ghost"
            size="sm"
            aria-expanded={isEditing}
            onClick={() => setEditing((before) => !before)}
          >
            <Settings2 className="size-4" aria-hidden /> Settings
          </Button>
          <Button variant="ghost" size="sm" onClick={() => setRevoking(true)}>
            <Trash2 className="size-4" aria-hidden /> Revoke
          </Button>
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
      <ConfirmDialog
        title="Revoke this link?"
        description="Its viewers lose access at once. This can’t be undone; you can create another link."
        confirmLabel="Revoke link"
        isOpen={isRevoking}
        onOpenChange={setRevoking}
        onConfirm={onRevoke}
      />
    </li>
  )
}

const listFacts = (share: ShareDto) => [
  share.visibility === 'public' ? 'Public' : 'Unlisted',
  ...(share.hasPassword ? ['Password'] : []),
  ...(share.isDownloadAllowed ? ['Downloads'] : []),
  ...(share.expiresAt ? [`${share.isExpired ? 'Expired' : 'Expires'} ${formatDate(share.expiresAt)}`] : []),
  share.viewCount === 1 ? '1 view' : `${share.viewCount} views`,
]
