import { useState } from 'react'
import { Button } from '@/app/ui/button'
import { copyText } from '@/app/ui/copy-text'
import { formatDate } from '@/app/ui/format'
import { Modal } from '@/app/ui/modal'
import type { MachineShareDto, MachineShareInput } from '@/lib/shares/schema'
import * as messages from '@/lib/generated/messages/shares'
import { LinkField } from '../link-field'
import { RevokeButton } from '../revoke-button'
import { machineSharesUrl } from '../share-requests'
import { useShares } from '../use-shares'
import { MachineShareForm } from './machine-share-form'

interface Props {
  machineId: string
  /** Whether the console takes input at all. */
  takesInput: boolean
  onClose(): void
}

const copyLink = (url: string) => void copyText(url, 'link')

/** The links to the console of a machine: copy and revoke them, or create another. */
export function MachineShareDialog({ machineId, takesInput, onClose }: Props) {
  const { shares, create, revoke } = useShares<MachineShareDto, MachineShareInput>({
    url: machineSharesUrl(machineId),
  })
  const [isCreating, setCreating] = useState(false)
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={messages.shareConsole()}
      description={messages.shareConsoleHint()}
    >
      {!shares && <p role="status">{messages.loadingLinks()}</p>}
      {shares && shares.length > 0 && (
        <ul aria-label={messages.links()} className="divide-y rounded-xl border">
          {shares.map((share) => (
            <li key={share.id} className="flex flex-col gap-2.5 p-3.5">
              <LinkField url={share.url} isExpired={share.isExpired} onCopy={copyLink} />
              <div className="flex flex-wrap items-center justify-between gap-2">
                <p className="text-sm text-muted-foreground tabular-nums">{listFacts(share).join(' · ')}</p>
                <div className="-mx-2.5">
                  <RevokeButton onRevoke={() => void revoke(share.id)} />
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
      {shares && (isCreating || shares.length === 0) && (
        <MachineShareForm
          takesInput={takesInput}
          sharesUrl={machineSharesUrl(machineId)}
          onCreate={async (settings) => {
            await create(settings, ({ url }) => {
              setCreating(false)
              copyLink(url!)
            })
          }}
        />
      )}
      {shares && shares.length > 0 && !isCreating && (
        <Button className="self-start" onClick={() => setCreating(true)}>
          {messages.createAnother()}
        </Button>
      )}
    </Modal>
  )
}

const listFacts = ({ isTypingAllowed, hasPassword, isExpired, expiresAt }: MachineShareDto) => [
  isTypingAllowed ? messages.watchAndType() : messages.watchOnly(),
  ...(hasPassword ? [messages.password()] : []),
  messages.expires({ isExpired: String(isExpired), date: formatDate(expiresAt) }),
]
