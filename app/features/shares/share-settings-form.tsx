import { type FormEvent, useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { formatDate } from '@/app/ui/format'
import { Select } from '@/app/ui/select'
import type { ShareDto, ShareSettings } from '@/lib/shares/schema'
import { type Expiry, readExpiry } from './expiry'
import { PasswordSetting } from './password-setting'

interface Props {
  share: ShareDto
  onCancel(): void
  onSave(settings: ShareSettings): Promise<void>
}

const durations = [
  ['1', 'In 1 day'],
  ['7', 'In 7 days'],
  ['30', 'In 30 days'],
  ['365', 'In 1 year'],
] as const satisfies [Expiry, string][]

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
        <span className="font-medium">Expires</span>
        <Select<Expiry>
          label="Expires"
          value={expiry}
          options={[
            ['never', 'Never'],
            ...(share.expiresAt ? [['unchanged', formatDate(share.expiresAt)] as const] : []),
            ...durations,
          ]}
          onChange={setExpiry}
        />
      </div>
      <PasswordSetting
        hint="Viewers enter it before they see anything."
        fieldHint="At least 8 characters. Viewers who are watching lose access."
        isNeeded={needsPassword}
        isRequired={mustSetPassword}
        placeholder={share.hasPassword ? 'Unchanged' : undefined}
        password={password}
        onNeededChange={setNeedsPassword}
        onPasswordChange={setPassword}
      />
      <CheckboxField
        label="Allow downloads"
        hint="Viewers can download the original and the finished renditions."
        isChecked={isDownloadAllowed}
        onChange={setDownloadAllowed}
      />
      <CheckboxField
        label="Public page"
        hint="Search engines may list the page. Otherwise, only viewers with the link find it."
        isChecked={isPublic}
        onChange={setPublic}
      />
      <DialogActions confirmLabel="Save" isDisabled={isSaving} onCancel={onCancel} />
    </form>
  )
}
