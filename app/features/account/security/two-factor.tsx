'use client'

import * as commonMessages from '@/lib/generated/messages/common'
import * as messages from '@/lib/generated/messages/account'
import { useState } from 'react'
import { keepPushOn } from '@/app/features/notifications/push-subscription'
import { toast } from '@/app/ui/toast'
import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import { authClient } from '../auth-client'
import { describeAuthError } from '../auth-error'
import { OneFieldForm } from '../one-field-form'
import { RecoveryCodes } from './recovery-codes'
import { TotpSetup } from './totp-setup'

type Dialog = 'set-up' | 'renew-codes' | 'turn-off'

const dialogs: Record<Dialog, { title: () => string; submitLabel: () => string }> = {
  'set-up': { title: messages.setUpTwoFactor, submitLabel: messages.continue },
  'renew-codes': { title: messages.newRecoveryCodes, submitLabel: messages.createNewCodes },
  'turn-off': { title: messages.turnOffTwoFactor, submitLabel: commonMessages.turnOff },
}

interface Setup {
  uri: string
  codes: string[]
}

/** Turns codes of an authenticator app on and off. Each change needs the password. */
export function TwoFactor({ isEnabled: initial, isRequired }: { isEnabled: boolean; isRequired: boolean }) {
  const [isEnabled, setEnabled] = useState(initial)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  const [setup, setSetup] = useState<Setup | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const open = (next: Dialog | null) => {
    setSetup(null)
    setDialog(next)
  }
  const actions: Record<Dialog, (password: string) => Promise<string | null>> = {
    async 'set-up'(password) {
      const { data, error } = await authClient.twoFactor.enable({ password })
      if (data && 'totpURI' in data) setSetup({ uri: data.totpURI, codes: data.backupCodes })
      return error && describeAuthError(error)
    },
    async 'renew-codes'(password) {
      const { data, error } = await authClient.twoFactor.generateBackupCodes({ password })
      if (error) return describeAuthError(error)
      setCodes(data.backupCodes)
      open(null)
      return null
    },
    async 'turn-off'(password) {
      const { error } = await keepPushOn(() => authClient.twoFactor.disable({ password }))
      if (error) return describeAuthError(error)
      setEnabled(false)
      setCodes(null)
      open(null)
      toast(messages.twoFactorOff())
      return null
    },
  }
  function finishSetup() {
    setEnabled(true)
    setCodes(setup!.codes)
    open(null)
    toast(messages.twoFactorOn())
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        {isEnabled ? (
          <>
            <span className="me-1 font-medium text-primary">{messages.on()}</span>
            <Button onClick={() => open('renew-codes')}>{messages.newRecoveryCodes()}</Button>
            {!isRequired && <Button onClick={() => open('turn-off')}>{commonMessages.turnOff()}</Button>}
          </>
        ) : (
          <Button variant="default" onClick={() => open('set-up')}>
            {messages.setUp()}
          </Button>
        )}
      </div>
      {codes && <RecoveryCodes codes={codes} />}
      {dialog && (
        <Modal title={dialogs[dialog].title()} isOpen onOpenChange={(isOpen) => !isOpen && open(null)}>
          {setup ? (
            <TotpSetup uri={setup.uri} onVerified={finishSetup} />
          ) : (
            <OneFieldForm
              label={commonMessages.password()}
              type="password"
              autoComplete="current-password"
              submitLabel={dialogs[dialog].submitLabel()}
              onSubmit={actions[dialog]}
            />
          )}
        </Modal>
      )}
    </div>
  )
}
