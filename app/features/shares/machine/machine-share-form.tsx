import { Link2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Select } from '@/app/ui/select'
import type { MachineShareInput } from '@/lib/shares/schema'
import { PasswordSetting } from '../password-setting'
import { createShareRequest } from '../share-requests'

const durations = [
  ['60', 'In 1 hour'],
  ['480', 'In 8 hours'],
  ['1440', 'In 1 day'],
  ['10080', 'In 7 days'],
] as const
type Minutes = (typeof durations)[number][0]

interface Props {
  /** Whether the console takes input at all. */
  takesInput: boolean
  /** Where a link is created. */
  sharesUrl: string
  onCreate(settings: MachineShareInput): Promise<void>
}

/** The settings of a new link to a console. */
export function MachineShareForm({ takesInput, sharesUrl, onCreate }: Props) {
  const [isTypingAllowed, setTypingAllowed] = useState(false)
  const [minutes, setMinutes] = useState<Minutes>('60')
  const [needsPassword, setNeedsPassword] = useState(false)
  const [password, setPassword] = useState('')
  const [isCreating, setCreating] = useState(false)
  const settings = {
    isTypingAllowed,
    expiresInMinutes: Number(minutes),
    ...(needsPassword ? { password } : {}),
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    setCreating(true)
    await onCreate(settings)
    setCreating(false)
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-4">
        <span className="font-medium">Expires</span>
        <Select<Minutes> label="Expires" value={minutes} options={durations} onChange={setMinutes} />
      </div>
      {takesInput && (
        <CheckboxField
          label="Allow typing"
          hint="Viewers can do everything in the machine that you can do on its console."
          isChecked={isTypingAllowed}
          onChange={setTypingAllowed}
        />
      )}
      <PasswordSetting
        hint="Viewers enter it before they see anything of the machine."
        fieldHint="At least 8 characters."
        isNeeded={needsPassword}
        isRequired
        password={password}
        onNeededChange={setNeedsPassword}
        onPasswordChange={setPassword}
      />
      <div className="flex items-center gap-2">
        <Button type="submit" variant="default" disabled={isCreating}>
          <Link2 className="size-4" aria-hidden /> Create link and copy it
        </Button>
        <CopyAsCurl
          size="icon"
          actions={[{ label: 'Create link', request: createShareRequest(sharesUrl, settings) }]}
        />
      </div>
    </form>
  )
}
