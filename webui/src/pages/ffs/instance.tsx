// One instance: a page with tabs, each answering one question of its owner.
import { useEffect } from 'preact/hooks'
import { at as moment } from '../../api/http'
import { at, type Instance } from '../../api/ffs'
import { isNew, useAlerts, type FoundAlerts } from '../../live/alerts'
import { useRecord } from '../../live/record'
import { Crumbs } from '../../parts/answer'
import { showCurrent } from '../../parts/strip'
import { Trouble, Waiting } from '../../parts/trouble'
import { go, link, route } from '../../routes'
import { count } from '../../words/amounts'
import { AlertsTab } from './alerts'
import { CidPage } from './cid'
import { CidsTab } from './cids'
import { JobPage } from './job'
import { JobsTab } from './jobs'
import { NearLimit } from './limits'
import { NoPast } from './nopast'
import { PushPage } from './push'
import { RecordsTab } from './records'
import { SettingsTab } from './settings'
import { TokensTab } from './tokens'
import { WalletsTab } from './wallets'
import { WebhooksTab } from './webhooks'

const tabs: [path: string, name: string][] = [
  ['', 'CIDs'],
  ['jobs', 'Jobs'],
  ['wallets', 'Wallets'],
  ['records', 'Deals and retrievals'],
  ['tokens', 'Tokens'],
  ['webhooks', 'Webhooks'],
  ['alerts', 'Alerts'],
  ['settings', 'Settings'],
]

function Tabs({ id, here, fresh }: { id: string; here: string; fresh: number }) {
  useEffect(() => showCurrent('.tabs'), [here, fresh > 0])
  return (
    <nav class="tabs" aria-label="Of this instance">
      {tabs.map(([path, name]) => (
        <a key={path} href={path ? link('ffs', id, path) : link('ffs', id)} aria-current={path === here ? 'page' : undefined}>{name}{path === 'alerts' && fresh > 0 && <> <span class="badge" title={`${fresh} not seen yet`}>{count(fresh)}</span></>}</a>
      ))}
    </nav>
  )
}

function Tab({ of, tab, rest, alerts }: { of: Instance; tab: string; rest: string[]; alerts: FoundAlerts }) {
  switch (tab) {
    case 'jobs': return <JobsTab of={of} />
    case 'wallets': return <WalletsTab of={of} />
    case 'records': return <RecordsTab of={of} kind={rest[0] ?? 'deals'} />
    case 'tokens': return <TokensTab of={of} />
    case 'alerts': return <AlertsTab of={of} {...alerts} />
    case 'webhooks': return <WebhooksTab of={of} />
    case 'settings': return <SettingsTab of={of} />
    default: return <CidsTab of={of} />
  }
}

function Tabbed({ of, tab, rest }: { of: Instance; tab: string; rest: string[] }) {
  const alerts = useAlerts(of.id)
  return (
    <>
      <Tabs id={of.id} here={tab === 'cids' ? '' : tab} fresh={(alerts.found ?? []).filter(isNew).length} />
      <Tab of={of} tab={tab} rest={rest} alerts={alerts} />
    </>
  )
}

/// What is about one thing of the instance has no tabs, but the way back to them.
function Inside({ of, tab, rest }: { of: Instance; tab: string; rest: string[] }) {
  const trail: [string, string][] = [['FFS', link('ffs')], [of.name, link('ffs', of.id)]]
  if (tab === 'cids' && rest[0]) return <CidPage key={rest[0]} of={of} cid={rest[0]} trail={trail} />
  if (tab === 'jobs' && rest[0]) return <JobPage key={rest[0]} of={of} job={rest[0]} trail={[...trail, ['Jobs', link('ffs', of.id, 'jobs')]]} />
  if (tab === 'push') return <PushPage key={rest[0]} of={of} cid={rest[0] ?? ''} trail={trail} />
  return (
    <>
      <div class="over-tabs">
        <Crumbs trail={trail.slice(0, 1)} here={of.name} />
        {tab !== 'settings' && <NearLimit of={of} />}
      </div>
      <Tabbed of={of} tab={tab} rest={rest} />
    </>
  )
}

export function InstancePage({ id, tab, rest }: { id: string; tab: string; rest: string[] }) {
  const { value, error, reload } = useRecord<Instance>({ path: at(id), concerns: (c) => c.table === 'ffs-instances' && c.key === id })
  // "me" is the instance of the token: its own address can be linked to.
  useEffect(() => {
    if (value && id === 'me') go(route.peek().text.replace(/^\/ffs(\/me)?/, `/ffs/${value.id}`), true)
  }, [value?.id, id])
  if (moment.value !== null) return <NoPast />
  if (!value) return error ? <Trouble error={error} command="weir ffs ls" retry={reload} /> : <Waiting />
  if (error?.status === 404) return <Trouble error={error} command="weir ffs ls" />
  return <Inside of={value} tab={tab} rest={rest} />
}
