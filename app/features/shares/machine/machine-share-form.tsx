import { Link2 } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/ui/button'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Select } from '@/app/ui/select'
import type { MachineShareInput } from '@/lib/shares/schema'
import * as messages from '@/lib/generated/messages/shares'
import { PasswordSetting } from '../password-setting'
import { createShareRequest } from '../share-requests'

const durations = [
  ['60', messages.inOneHour],
  ['480', messages.inHours],
  ['1440', messages.inOneDay],
  ['10080', messages.inSevenDays],
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
        <span className="font-medium">{messages.expiry()}</span>
        <Select<Minutes>
          label={messages.expiry()}
          value={minutes}
          options={durations.map(([value, label]) => [value, label()] as const)}
          onChange={setMinutes}
        />
      </div>
      {takesInput && (
        <CheckboxField
          label={messages.allowTyping()}
          hint={messages.allowTypingHint()}
          isChecked={isTypingAllowed}
          onChange={setTypingAllowed}
        />
      )}
      <PasswordSetting
        hint={messages.machinePasswordHint()}
        fieldHint={messages.passwordLength()}
        isNeeded={needsPassword}
        isRequired
        password={password}
        onNeededChange={setNeedsPassword}
        onPasswordChange={setPassword}
      />
      <div className="flex items-center gap-2">
        <Button type="submit" variant="default" disabled={isCreating}>
          <Link2 className="size-4" aria-hidden /> {messages.createAndCopy()}
        </Button>
        <CopyAsCurl
          size="icon"
          actions={[{ label: messages.createLink(), request: createShareRequest(sharesUrl, settings) }]}
        />
      </div>
    </form>
  )
}
