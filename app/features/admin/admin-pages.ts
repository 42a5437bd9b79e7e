import { Activity, Layers, Mail, MailX, ScrollText, ShieldAlert, Users } from 'lucide-react'

/** The pages for administrators. The command menu also finds them by their keywords. */
export const adminPages = [
  { href: '/admin', name: 'Server', Icon: ShieldAlert },
  { href: '/admin/users', name: 'Users', Icon: Users, keywords: ['invite', 'accounts', 'quotas', 'disable'] },
  { href: '/admin/queues', name: 'Queues', Icon: Layers, keywords: ['pause', 'resume', 'schedules'] },
  { href: '/admin/dead-letters', name: 'Dead letters', Icon: MailX },
  { href: '/admin/tasks', name: 'All tasks', Icon: Activity },
  { href: '/admin/mail', name: 'Mail', Icon: Mail, keywords: ['sent', 'failed', 'templates'] },
  {
    href: '/admin/audit',
    name: 'Audit log',
    Icon: ScrollText,
    keywords: ['security', 'sign-ins', 'history'],
  },
]
