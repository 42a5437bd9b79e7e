'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { type FormEvent, useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import { Select } from '@/app/ui/select'
import { type ApiScope, apiScopes } from '@/lib/accounts/scopes'
import { scopeLabels } from './scope-labels'

export interface CreateKeyInput {
  name: string
  scopes: ApiScope[]
  expiresInDays: number | null
}

interface Props {
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  /** @returns whether the key was created */
  onCreate(input: CreateKeyInput): Promise<boolean>
}

const NEVER = 'never'
const expiryOptions = () =>
  [
    ['7', messages.expiryDays({ count: 7 })],
    ['30', messages.expiryDays({ count: 30 })],
    ['90', messages.expiryDays({ count: 90 })],
    ['365', messages.expiryYear()],
    [NEVER, messages.expiryNever()],
  ] satisfies [string, string][]
const limitedScopes = apiScopes.filter((scope) => scope !== 'all')

/** A form for the name, scopes, and expiry of a new API key. */
export function CreateKeyDialog({ isOpen, onOpenChange, onCreate }: Props) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<ApiScope[]>(['read'])
  const [expiry, setExpiry] = useState('90')
  const [isSubmitting, setSubmitting] = useState(false)
  const hasFullAccess = scopes.includes('all')
  const toggle = (scope: ApiScope, isChecked: boolean) =>
    setScopes((before) => (isChecked ? [...before, scope] : before.filter((other) => other !== scope)))
  async function submit(event: FormEvent) {
    event.preventDefault()
    setSubmitting(true)
    const expiresInDays = expiry === NEVER ? null : Number(expiry)
    const isCreated = await onCreate({ name, scopes: hasFullAccess ? ['all'] : scopes, expiresInDays })
    setSubmitting(false)
    if (isCreated) setName('')
  }
  return (
    <Modal
      title={messages.createKeyTitle()}
      description={messages.createKeyHint()}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field id="key-name" label={commonMessages.name()}>
          <Input
            id="key-name"
            required
            maxLength={32}
            placeholder={messages.keyNameExample()}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-1.5 font-medium">{messages.access()}</legend>
          {!hasFullAccess &&
            limitedScopes.map((scope) => (
              <CheckboxField
                key={scope}
                label={scopeLabels[scope].name()}
                hint={scopeLabels[scope].description()}
                isChecked={scopes.includes(scope)}
                onChange={(isChecked) => toggle(scope, isChecked)}
              />
            ))}
          <CheckboxField
            label={scopeLabels.all.name()}
            hint={scopeLabels.all.description()}
            isChecked={hasFullAccess}
            onChange={(isChecked) => toggle('all', isChecked)}
          />
        </fieldset>
        <div className="flex items-center justify-between gap-4">
          <span className="font-medium">{messages.expires()}</span>
          <Select label={messages.expires()} value={expiry} options={expiryOptions()} onChange={setExpiry} />
        </div>
        <DialogActions
          confirmLabel={messages.createKey()}
          isDisabled={isSubmitting || scopes.length === 0}
          onCancel={() => onOpenChange(false)}
        />
      </form>
    </Modal>
  )
}
