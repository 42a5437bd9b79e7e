import { type FormEvent, useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { formatDate } from '@/app/ui/format'
import { Select } from '@/app/ui/select'
import type { ShareDto, ShareSettings } from '@/lib/shares/schema'
import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/shares'
import { type Expiry, readExpiry } from './expiry'
import { PasswordSetting } from './password-setting'

interface Props {
  share: ShareDto
  onCancel(): void
  onSave(settings: ShareSettings): Promise<void>
}

const durations = [
  ['1', messages.inOneDay],
  ['7', messages.inSevenDays],
  ['30', messages.inThirtyDays],
  ['365', messages.inOneYear],
] as const satisfies [Expiry, () => string][]

/** The settings of a link. Only what was changed is sent. */
export function ShareSettingsForm({ share, onCancel, onSave }: Props) {
  const [isPublic, setPublic] = useState(share.visibility === 'public')
  const [isDownloadAllowed, setDownloadAllowed] = useState(share.isDownloadAllowed)
  const [needsPassword, setNeedsPassword] = useState(share.hasPassword)
  const [password, setPassword] = useState('')
  const [expiry, setExpiry] = useState<Expiry>(share.expiresAt ? 'unchanged' : 'never')
  const [isSaving, setSaving] = useState(false)
  const mustSetPassword = needsPassword && !share.hasPassword
  async function submit(event: FormEvent) {
    event.preventDefault()
    setSaving(true)
    await onSave({
      visibility: isPublic ? 'public' : 'unlisted',
      isDownloadAllowed,
      ...(needsPassword ? password && { password } : { password: null }),
      ...readExpiry(expiry),
    })
    setSaving(false)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4 border-t pt-3.5">
      <div className="flex items-center justify-between gap-4">
        <span className="font-medium">{messages.expiry()}</span>
        <Select<Expiry>
          label={messages.expiry()}
          value={expiry}
          options={[
            ['never', messages.never()],
            ...(share.expiresAt ? [['unchanged', formatDate(share.expiresAt)] as const] : []),
            ...durations.map(([value, label]) => [value, label()] as const),
          ]}
          onChange={setExpiry}
        />
      </div>
      <PasswordSetting
        hint={messages.passwordHint()}
        fieldHint={messages.changedPasswordHint()}
        isNeeded={needsPassword}
        isRequired={mustSetPassword}
        placeholder={share.hasPassword ? messages.unchanged() : undefined}
        password={password}
        onNeededChange={setNeedsPassword}
        onPasswordChange={setPassword}
      />
      <CheckboxField
        label={messages.allowDownloads()}
        hint={messages.allowDownloadsHint()}
        isChecked={isDownloadAllowed}
        onChange={setDownloadAllowed}
      />
      <CheckboxField
        label={messages.publicPage()}
        hint={messages.publicPageHint()}
        isChecked={isPublic}
        onChange={setPublic}
      />
      <DialogActions confirmLabel={commonMessages.save()} isDisabled={isSaving} onCancel={onCancel} />
    </form>
  )
}
