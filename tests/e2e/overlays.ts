import { generateMedia } from '@/tests/support/generate-media'
import type { Page } from '@playwright/test'
import type { App } from '@/tests/support/app'
import { addAuthenticator } from './add-authenticator'
import { expireConfirmations } from './expire-confirmations'

/** The name of a button or menu item, which is pressed, or what else leads to the overlay. */
type Step = string | RegExp | ((page: Page, app: App) => Promise<unknown>)

interface Opening {
  /** With names of `createOneOfEverything`. */
  at: string
  steps: Step[]
}

const open = (at: string, ...steps: Step[]): Opening => ({ at, steps })
const select = (title: string) => (page: Page) => page.getByLabel(`Select ${title}`).check()
const importSubtitles = (name: string, bytes: string) => (page: Page) =>
  page
    .getByTestId('subtitle-input')
    .setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(bytes, 'latin1') })

const VIDEO = '/videos/:video'
const MACHINE = '/machines/:machine'

/** How every dialog, menu and popover is opened, by the file of its component in `app`; several for one with several. */
export const OVERLAYS: Record<string, Opening[]> = {
  'features/account/keys/api-keys.tsx': [open('/account', /^Revoke CI/)],
  'features/account/keys/create-key-dialog.tsx': [open('/account', 'Create key')],
  'features/account/security/passkey-list.tsx': [open('/account/security', addPasskey, 'Remove Passkey 1')],
  'features/account/security/two-factor.tsx': [open('/account/security', 'Set up')],
  'features/account/your-data/delete-account-dialog.tsx': [open('/account', 'Delete account')],
  'features/admin/users/invite-user.tsx': [open('/admin/users', 'Invite user')],
  'features/admin/users/user-actions.tsx': [open('/admin/users/:user', 'Disable account')],
  'features/api-reference/try-it.tsx': [open('/docs/api/post-machines', 'Send')],
  'features/archives/export-dialog.tsx': [open(VIDEO, 'Export')],
  'features/archives/open-archive-dialog.tsx': [open('/archives', 'Import backup.age')],
  'features/captions/editor/versions-dialog.tsx': [open(`${VIDEO}/captions/:caption`, 'Versions')],
  'features/captions/transcript/import-report.tsx': [
    open(VIDEO, importSubtitles('bad.fr.srt', '1\n00:00:04,000 --> 00:00:03,000\nArrière')),
    open(VIDEO, importSubtitles('old.srt', '1\n00:00:01,000 --> 00:00:02,000\n\xc4\xe0.\n')),
  ],
  'features/captions/transcript/rename-dialog.tsx': [open(VIDEO, 'Caption options', 'Name and language')],
  'features/captions/transcript/request-captions-dialog.tsx': [
    open(VIDEO, 'Caption options', 'Generate captions in another language'),
  ],
  'features/captions/transcript/speaker-dialog.tsx': [open(VIDEO, 'Ada')],
  'features/captions/transcript/track-menu-content.tsx': [open(VIDEO, 'Caption options')],
  'features/captions/transcript/translate-dialog.tsx': [
    open(VIDEO, 'Caption options', 'Translate to another language'),
  ],
  'features/machines/machine-actions.tsx': [open(MACHINE, 'More actions')],
  'features/machines/machine-page.tsx': [open(MACHINE, 'Terminate')],
  'features/machines/snapshot-list.tsx': [open('/machines', 'Delete Before')],
  'features/notifications/notification-panel.tsx': [open('/videos', /^Notifications/)],
  'features/playlists/add-to-playlist-dialog.tsx': [open(VIDEO, 'Playlist')],
  'features/playlists/playlist-header.tsx': [open('/playlists/:playlist', 'Rename')],
  'features/shares/machine/machine-share-dialog.tsx': [open(MACHINE, 'Share')],
  'features/shares/revoke-button.tsx': [open(VIDEO, 'Share', 'Revoke')],
  'features/shares/share-dialog.tsx': [
    open(VIDEO, 'Share'),
    open(VIDEO, 'Share', 'Create another link'),
    open('/playlists/:playlist', 'Share'),
  ],
  'features/uploads/import-dialog.tsx': [open('/', 'Import from a link')],
  'features/uploads/shared-files-dialog.tsx': [open('/', shareFile)],
  // Not opened yet: the confirmation of a final deletion.
  'features/videos/bulk/bulk-toolbar.tsx': [],
  'features/videos/bulk/move-dialog.tsx': [open('/videos', select('first'), 'Move')],
  'features/videos/bulk/shared-links-dialog.tsx': [open('/videos', select('first'), 'Share')],
  'features/videos/bulk/tag-dialog.tsx': [open('/videos', select('first'), 'Tag')],
  'features/videos/chapters/chapter-editor.tsx': [open(VIDEO, 'Add chapters')],
  'features/videos/details/edit-details-dialog.tsx': [open(VIDEO, 'Add description')],
  'features/videos/editing/edit-menu-content.tsx': [open(VIDEO, 'Edit')],
  'features/videos/editing/replace-file-dialog.tsx': [open(VIDEO, 'Edit', 'Replace file')],
  'features/videos/folders/delete-folder-dialog.tsx': [open('/videos?folder=:folder', 'Delete folder')],
  'features/videos/folders/folder-name-dialog.tsx': [open('/videos?folder=:folder', 'Rename folder')],
  'features/videos/poster/poster-dialog.tsx': [open(VIDEO, 'Edit', 'Thumbnail')],
  'features/videos/trim/trim-dialog.tsx': [open(VIDEO, 'Edit', 'Trim')],
  'features/videos/trim/trim-notice.tsx': [open('/videos/:trimmed', 'Discard what was cut')],
  'features/webhooks/delete-webhook-dialog.tsx': [open('/account/webhooks/:webhook', 'Delete')],
  'shell/command-menu.tsx': [open('/', 'Search or run a command')],
  'shell/shortcut-sheet.tsx': [open(VIDEO, (page) => page.keyboard.press('?'))],
  'shell/user-menu-content.tsx': [open('/', 'Account menu')],
  'ui/curl-menu.tsx': [open(VIDEO, 'Copy as curl')],
  // Last, as what follows it would have to be confirmed.
  'features/account/security/identity-dialog.tsx': [
    open('/account', 'Create key', async (page, app) => {
      await expireConfirmations(app)
      await page.getByRole('dialog').getByLabel('Name').fill('CD')
      await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).press('Enter')
      await page.getByRole('dialog', { name: 'Confirm that it’s you' }).waitFor()
    }),
  ],
}

async function addPasskey(page: Page) {
  await addAuthenticator(page)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
}

/** Sends what the share sheet of a phone sends to the installed app. */
async function shareFile(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/share-target' })
    form.innerHTML = '<input name="files" type="file"><button>Share</button>'
    document.body.replaceChildren(form)
  })
  await page.locator('form input').setInputFiles([await generateMedia('silent.mp4')])
  await page.getByRole('button', { name: 'Share' }).click()
}
