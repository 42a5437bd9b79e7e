'use client'

import { Link2 } from 'lucide-react'
import { useId, useState } from 'react'
import { TimecodeInput } from '@/app/features/captions/editor/timecode-input'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { copyText } from '@/app/ui/copy-text'
import { Modal } from '@/app/ui/modal'
import { embedCode } from '@/lib/shares/embed-code'
import type { ShareDto, ShareSettings } from '@/lib/shares/schema'
import * as messages from '@/lib/generated/messages/shares'
import * as actionMessages from '@/lib/generated/messages/actions'
import { createShareRequest } from './share-requests'
import { ShareRow } from './share-row'
import { useShares } from './use-shares'

interface Props {
  /** Lists and creates links. */
  sharesUrl: string
  subject: 'video' | 'playlist'
  /** Where the player is, if links may start there. */
  positionSeconds?: number
  onClose(): void
}

/** The links to a video or a playlist: copy, change and revoke them, or create another. */
export function ShareDialog({ sharesUrl, subject, positionSeconds, onClose }: Props) {
  const { shares, create, update, revoke } = useShares<ShareDto, ShareSettings>({
    url: sharesUrl,
    linkUrl: '/api/v1/shares',
  })
  const [startSeconds, setStartSeconds] = useState(Math.floor(positionSeconds ?? 0))
  const [hasStart, setHasStart] = useState(false)
  const startId = useId()
  const withStart = (url: string) => (hasStart && startSeconds > 0 ? `${url}?t=${startSeconds}` : url)
  const copyLink = (url: string) => void copyText(withStart(url), 'link')
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={actionMessages.share()}
      description={shares?.length === 0 ? messages.onlyYou({ subject }) : messages.noAccountNeeded()}
    >
      {!shares && <p role="status">{messages.loadingLinks()}</p>}
      {shares && shares.length > 0 && (
        <>
          <ul aria-label={messages.links()} className="divide-y rounded-xl border">
            {shares.map((share) => (
              <ShareRow
                key={share.id}
                share={share}
                onCopy={copyLink}
                onCopyEmbed={(url) => void copyText(embedCode({ url: withStart(url) }), 'link')}
                onUpdate={(settings) => update(share.id, settings)}
                onRevoke={() => void revoke(share.id)}
              />
            ))}
          </ul>
          {positionSeconds !== undefined && (
            <div className="flex min-h-9 items-center gap-2.5">
              <input
                id={startId}
                type="checkbox"
                checked={hasStart}
                onChange={(event) => setHasStart(event.target.checked)}
                className="size-4 shrink-0 accent-primary"
              />
              <label htmlFor={startId}>{messages.startAt()}</label>
              <TimecodeInput
                label={messages.startTime()}
                seconds={startSeconds}
                onChange={(seconds) => {
                  setStartSeconds(Math.max(0, seconds))
                  setHasStart(true)
                }}
              />
            </div>
          )}
        </>
      )}
      {shares && (
        <div className="flex items-center gap-2">
          <Button
            variant={shares.length === 0 ? 'default' : 'outline'}
            onClick={() => void create({}, ({ url }) => copyLink(url!))}
          >
            <Link2 className="size-4" aria-hidden />
            {shares.length === 0 ? messages.createAndCopy() : messages.createAnother()}
          </Button>
          <CopyAsCurl
            size="icon"
            actions={[{ label: messages.createLink(), request: createShareRequest(sharesUrl, {}) }]}
          />
        </div>
      )}
    </Modal>
  )
}
